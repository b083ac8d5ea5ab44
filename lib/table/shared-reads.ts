import type { Table } from './table.ts';

interface Lane {
  readonly running: Promise<unknown>;
  /** The one read that begins when `running` has ended, for all who asked meanwhile. */
  next?: Promise<unknown>;
}

/**
 * Lets readers who ask for the same at the same time share reads. Nobody joins a read that began before they asked, so
 * none sees anything older than that moment: while one read is under way, all who come wait for a single next one. Of
 * each read at most one runs and one waits; nothing is remembered when none is under way. An error goes to all who
 * shared the read. A Lambda serves one request at a time and gains nothing; a server with many connections does.
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
