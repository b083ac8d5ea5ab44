/**
 * A table that one process keeps: all rows are in memory, where they are read, and a journal has them on disk. A write
 * is seen by readers once the journal has it. Writes that arrive while the journal is busy are written together.
 */
import { OcciError } from '../errors.ts';
import { isExpired, nowInSeconds } from './expiry.ts';
import { MemoryRows } from './memory-rows.ts';
import { asRead, holds, type Stored, stored } from './stored.ts';
import type { PutCondition, Row, RowKey, Table } from './table.ts';

/** What happens to one row. */
export interface Change {
  /** The row's name in the journal. */
  readonly name: string;
  /** Undefined: there was none, or only an expired one. */
  readonly before: Row | undefined;
  /** Undefined: the row is removed. */
  readonly after: Row | undefined;
}

export interface Journal {
  /**
   * Writes all of the changes or none of them, and resolves once they are on disk. If it rejects, none of them counts
   * and the reason has been logged. It is called again only after it has settled.
   */
  write(changes: readonly Change[]): Promise<void>;
}

interface EmbeddedTable {
  readonly table: Table;
  /** Removes expired rows from the journal; readers do not see them anyway. Throws `unavailable`. */
  sweep(): Promise<void>;
}

/** A write that has not been acknowledged. */
interface Waiting {
  readonly key: RowKey;
  /** Absent: the row is removed. */
  readonly put?: Stored;
  /** `expired`: only if readers see no row. */
  readonly condition: PutCondition | 'expired' | undefined;
  done(hasHeld: boolean): void;
  failed(error: OcciError): void;
}

/** Different keys have different names, also where one is not well-formed: `JSON.stringify` escapes lone surrogates. */
const nameOf = ({ pk, sk }: RowKey): string => JSON.stringify([pk, sk]);

/**
 * The table of the rows that a journal has.
 * @param rows all that the journal has, as they were written
 */
export const embeddedTable = (rows: Iterable<Row>, journal: Journal): EmbeddedTable => {
  const memory = new MemoryRows();
  /** When rows expire in seconds, by name: memory forgets them by itself, the journal does not. */
  const expiring = new Map<string, { readonly key: RowKey; readonly expires: number }>();
  const waiting: Waiting[] = [];
  let isWriting = false;

  const keep = ({ row, bytes }: Stored): void => {
    memory.put(row, bytes);
    if (row.expires === undefined) return;
    expiring.set(nameOf(row), { key: { pk: row.pk, sk: row.sk }, expires: row.expires });
  };

  for (const row of rows) keep(asRead(row));

  const writeWaiting = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      const together = waiting.splice(0);
      const { changes, results } = planned(together, memory);
      try {
        if (changes.size > 0) await journal.write([...changes.values()]);
      } catch (cause) {
        const error = notWritable(cause);
        for (const { failed } of together) failed(error);
        continue;
      }
      for (const { name, key, put } of changes.values()) {
        expiring.delete(name);
        if (put === undefined) memory.delete(key);
        else keep(put);
      }
      together.forEach(({ done }, place) => void done(results[place]!));
    }
    isWriting = false;
  };

  const write = (one: Omit<Waiting, 'done' | 'failed'>): Promise<boolean> =>
    new Promise((done, failed) => {
      waiting.push({ ...one, done, failed });
      if (!isWriting) void writeWaiting();
    });

  return {
    table: {
      get: async (key) => memory.get(key),
      getAll: async (keys) => memory.getAll(keys),
      async put(given, condition) {
        const put = stored(given);
        return await write({ key: put.row, put, condition });
      },
      async delete({ pk, sk }) {
        await write({ key: { pk, sk }, condition: undefined });
      },
      query: async (pk, prefix, after) => memory.page(pk, prefix, after),
      queryKeys: async (pk, prefix, after) => memory.keys(pk, prefix, after),
    },
    async sweep() {
      const now = nowInSeconds();
      const due = [...expiring.values()].filter((one) => isExpired(one, now));
      await Promise.all(due.map(({ key }) => write({ key, condition: 'expired' })));
    },
  };
};

interface Planned extends Change {
  readonly key: RowKey;
  readonly put: Stored | undefined;
}

/** The changes that writes make one after the other, by name, and whether the condition of each holds. */
const planned = (writes: readonly Waiting[], memory: MemoryRows) => {
  const changes = new Map<string, Planned>();
  const now = nowInSeconds();
  const results = writes.map(({ key, put: given, condition }) => {
    const name = nameOf(key);
    const earlier = changes.get(name);
    const before = earlier === undefined ? memory.get(key) : earlier.before;
    const present = earlier === undefined ? before : earlier.after;
    if (!mayHappen(condition, present)) return false;
    // A conditional delete is a put with an expiry in the past.
    const put = given === undefined || isExpired(given.row, now) ? undefined : given;
    const changesNothing = present === undefined && put === undefined && condition !== 'expired';
    if (!changesNothing) changes.set(name, { name, key, before, after: put?.row, put });
    return true;
  });
  return { changes, results };
};

const mayHappen = (condition: Waiting['condition'], present: Row | undefined): boolean => {
  if (condition === undefined) return true;
  return condition === 'expired' ? present === undefined : holds(condition, present);
};

/** A full disk may have room again in a second. */
const RETRY_AFTER = { 'Retry-After': '1' };

const notWritable = (cause: unknown): OcciError =>
  new OcciError('unavailable', 'The store of this service cannot be written at present; reading goes on.', {
    cause,
    headers: RETRY_AFTER,
    logged: true,
  });
