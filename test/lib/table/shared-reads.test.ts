import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { memoryTable } from '../../../lib/table/memory.ts';
import { sharedReads } from '../../../lib/table/shared-reads.ts';
import type { Row, Table } from '../../../lib/table/table.ts';
import { tableContract } from '../../contract/table.ts';

tableContract({
  name: 'shared reads (memory)',
  start: async () => ({ table: sharedReads(memoryTable()), stop: async () => {} }),
});

/** One read that reached the table. It saw the table as it was at its beginning, the worst that a table may do. */
interface PendingRead {
  readonly name: string;
  answer(): void;
  fail(error: Error): void;
}

/** A table whose reads end when the test says so. */
const scriptedTable = () => {
  const memory = memoryTable();
  const pending: PendingRead[] = [];
  let reads = 0;
  const read = <T>(name: string, look: () => Promise<T>): Promise<T> => {
    reads++;
    const seen = look();
    return new Promise((resolve, reject) => {
      const leave = () => pending.splice(pending.indexOf(entry), 1);
      const entry = {
        name,
        answer: () => {
          leave();
          resolve(seen);
        },
        fail: (error: Error) => {
          leave();
          reject(error);
        },
      };
      pending.push(entry);
    });
  };
  const table: Table = {
    ...memory,
    get: (key) => read(`get ${key.sk}`, () => memory.get(key)),
    getAll: (keys) => read(`getAll ${keys.length}`, () => memory.getAll(keys)),
    query: (pk, prefix, after) => read(`query ${prefix} ${after}`, () => memory.query(pk, prefix, after)),
    queryKeys: (pk, prefix, after) => read(`queryKeys ${prefix} ${after}`, () => memory.queryKeys(pk, prefix, after)),
  };
  return { table, pending, memory, reads: () => reads };
};

/** Lets everything happen that needs no further event. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const KEY = { pk: 'p', sk: 'a' };

describe('shared reads', () => {
  test('a reader never sees less than was written before it asked; one read runs and one waits at most', async () => {
    const step = fc.oneof(fc.constant('write'), fc.constant('ask'), fc.constant('end'), fc.constant('fail'));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { table, pending, memory, reads } = scriptedTable();
        const shared = sharedReads(table);
        let version = 0;
        let asked = 0;
        const outcomes: Promise<{ since: number; seen: number | 'failed' }>[] = [];
        await memory.put({ ...KEY, version });

        for (const next of steps) {
          if (next === 'write') await shared.put({ ...KEY, version: ++version });
          if (next === 'ask') {
            const since = version;
            asked++;
            outcomes.push(
              shared.get(KEY).then(
                (row) => ({ since, seen: row?.version as number }),
                () => ({ since, seen: 'failed' as const }),
              ),
            );
          }
          if (next === 'end') pending[0]?.answer();
          if (next === 'fail') pending[0]?.fail(new Error('away'));
          await settle();
          expect(pending.length).toBeLessThanOrEqual(1);
        }
        const endings = steps.filter((one) => one === 'end' || one === 'fail').length;
        while (pending.length > 0) {
          pending[0]?.answer();
          await settle();
        }
        for (const { since, seen } of await Promise.all(outcomes)) {
          if (seen !== 'failed') expect(seen).toBeGreaterThanOrEqual(since);
        }
        expect(reads()).toBeLessThanOrEqual(Math.min(asked, endings + 2));
      }),
      { numRuns: 200 },
    );
  });

  test('a read begins after its reader asked, never before', async () => {
    const { table, pending } = scriptedTable();
    let begun = 0;
    const shared = sharedReads({
      ...table,
      get: async (key) => {
        const version = ++begun;
        await table.get(key);
        return { ...key, version };
      },
    });
    const first = shared.get(KEY);
    const second = shared.get(KEY);
    const third = shared.get(KEY);
    expect(begun).toBe(1);
    pending[0]?.answer();
    await settle();
    const fourth = shared.get(KEY);
    pending[0]?.answer();
    await settle();
    pending[0]?.answer();
    const versions = (await Promise.all([first, second, third, fourth])).map((row) => row?.version);
    expect(versions).toEqual([1, 2, 2, 3]);
  });

  test('a reader who asks as soon as a write is done sees it, though reads are under way', async () => {
    const { table, pending, memory } = scriptedTable();
    const shared = sharedReads(table);
    await memory.put({ ...KEY, version: 1 });
    const early = shared.get(KEY);
    await shared.put({ ...KEY, version: 2 });
    const late = shared.get(KEY);
    pending[0]?.answer();
    await early;
    await settle();
    pending[0]?.answer();
    expect(await late).toEqual({ ...KEY, version: 2 });
  });

  test('a reader who asks in the moment a read ends joins those who wait', async () => {
    const { table, pending, reads } = scriptedTable();
    const shared = sharedReads(table);
    const chained = shared.get(KEY).then(() => shared.get(KEY));
    const waiting = shared.get(KEY);
    pending[0]?.answer();
    await settle();
    expect(pending).toHaveLength(1);
    pending[0]?.answer();
    await Promise.all([chained, waiting]);
    expect(reads()).toBe(2);
  });

  test('of 100 readers at once the table sees two reads', async () => {
    const { table, pending, memory, reads } = scriptedTable();
    const shared = sharedReads(table);
    await memory.put(KEY);
    const rows = Promise.all(Array.from({ length: 100 }, () => shared.queryKeys('p', '')));
    while (pending.length > 0) {
      pending[0]?.answer();
      await settle();
    }
    expect((await rows).every(({ items }) => items[0] === 'a')).toBe(true);
    expect(reads()).toBe(2);
  });

  test('an error goes to all readers that shared the read, and to no other', async () => {
    const { table, pending } = scriptedTable();
    const shared = sharedReads(table);
    const outcome = (read: Promise<Row | undefined>) =>
      read.then(
        () => 'row',
        (error: Error) => error.message,
      );
    const readers = [shared.get(KEY), shared.get(KEY), shared.get(KEY)].map(outcome);
    pending[0]?.fail(new Error('first'));
    await settle();
    const later = outcome(shared.get(KEY));
    pending[0]?.fail(new Error('second'));
    await settle();
    pending[0]?.answer();
    expect(await Promise.all([...readers, later])).toEqual(['first', 'second', 'second', 'row']);
  });

  test('a table that throws at once does not block other readers', async () => {
    let broken = true;
    const memory = memoryTable();
    const shared = sharedReads({
      ...memory,
      get: (key) => {
        if (broken) throw new Error('broken');
        return memory.get(key);
      },
    });
    await expect(shared.get(KEY)).rejects.toThrow('broken');
    broken = false;
    expect(await shared.get(KEY)).toBeUndefined();
  });

  test('different reads do not wait for one another', async () => {
    const { table, pending } = scriptedTable();
    const shared = sharedReads(table);
    const reads = [
      shared.get(KEY),
      shared.get({ pk: 'p', sk: 'b' }),
      shared.get({ pk: 'pa', sk: '' }),
      shared.getAll([KEY]),
      shared.getAll([KEY, { pk: 'p', sk: 'b' }]),
      shared.query('p', 'a'),
      shared.query('p', 'a', 'a1'),
      shared.query('p', 'aa'),
      shared.queryKeys('p', 'a'),
    ];
    expect(pending).toHaveLength(reads.length);
    for (const { answer } of [...pending]) answer();
    await Promise.all(reads);
  });
});
