import type { Table } from './table.ts';

interface Lane {
  readonly running: Promise<unknown>;
  /** The read that starts when `running` has ended, shared by all readers that came in the meantime. */
  next?: Promise<unknown>;
}

/**
 * Lets concurrent readers of the same rows share reads. A reader never joins a read that began before its own request,
 * so it never sees older data: while one read is running, all new readers wait for a single next one. At most one read
 * of a kind runs and one waits, and nothing is cached afterwards. An error goes to all readers that shared the read. A
 * Lambda serves one request at a time and gains nothing; a server with many connections does.
 */
export const sharedReads = (table: Table): Table => {
  const lanes = new Map<string, Lane>();

  const begin = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const running = (async () => read())();
    const lane: Lane = { running };
    lanes.set(key, lane);
    const leave = () => {
      if (lane.next === undefined) lanes.delete(key);
    };
    running.then(leave, leave);
    return running;
  };

  const shared = <T>(identity: readonly unknown[], read: () => Promise<T>): Promise<T> => {
    const key = JSON.stringify(identity);
    const lane = lanes.get(key);
    if (lane === undefined) return begin(key, read);
    const beginNext = () => begin(key, read);
    lane.next ??= lane.running.then(beginNext, beginNext);
    return lane.next as Promise<T>;
  };

  return {
    get: (key) => shared(['get', key.pk, key.sk], () => table.get(key)),
    getAll: (keys) => shared(['getAll', ...keys.flatMap(({ pk, sk }) => [pk, sk])], () => table.getAll(keys)),
    put: (row, condition) => table.put(row, condition),
    delete: (key) => table.delete(key),
    query: (pk, prefix, after) => shared(['query', pk, prefix, after], () => table.query(pk, prefix, after)),
    queryKeys: (pk, prefix, after) =>
      shared(['queryKeys', pk, prefix, after], () => table.queryKeys(pk, prefix, after)),
  };
};
