import { afterEach, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isFailure } from '../../../lib/errors.ts';
import { type Change, embeddedTable } from '../../../lib/table/embedded.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Row } from '../../../lib/table/table.ts';
import { tableContract } from '../../contract/table.ts';

/** A journal in memory, which writes when it is told to, or at once. */
const journal = (isHeld = false) => {
  const rows = new Map<string, Row>();
  const batches: (readonly Change[])[] = [];
  let release = () => {};
  let failure: Error | undefined;
  return {
    rows,
    batches,
    /** Lets the batch that is waiting end. */
    async end(how?: Error) {
      failure = how;
      release();
      await new Promise((resolve) => setImmediate(resolve));
    },
    async write(changes: readonly Change[]) {
      batches.push(changes);
      if (isHeld) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      if (failure) throw failure;
      for (const { name, after } of changes) {
        if (after) rows.set(name, JSON.parse(JSON.stringify(after)));
        else rows.delete(name);
      }
    },
  };
};

tableContract({
  name: 'embedded, over a journal in memory',
  start: async () => ({ table: embeddedTable([], journal()).table, stop: async () => {} }),
});

afterEach(() => void jest.restoreAllMocks());

const KEY = { pk: 'p', sk: 'a' };
const namesIn = (changes: readonly Change[] | undefined) => changes?.map(({ name }) => name);

describe('An embedded table', () => {
  test('shows a row once it is written, and promises nothing before', async () => {
    const held = journal(true);
    const { table } = embeddedTable([], held);
    let done: boolean | undefined;
    const put = table.put({ ...KEY, by: 'me' }).then((result) => {
      done = result;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBeUndefined();
    expect(await table.get(KEY)).toBeUndefined();
    expect((await table.query('p', '')).items).toEqual([]);
    await held.end();
    await put;
    expect(done).toBe(true);
    expect(await table.get(KEY)).toEqual({ ...KEY, by: 'me' });
  });

  test('writes together what comes while the journal is busy', async () => {
    const held = journal(true);
    const { table } = embeddedTable([], held);
    const puts = ['a', 'b', 'c', 'd'].map((sk) => table.put({ pk: 'p', sk }));
    await held.end();
    await held.end();
    await Promise.all(puts);
    expect(held.batches.map(namesIn)).toEqual([['["p","a"]'], ['["p","b"]', '["p","c"]', '["p","d"]']]);
  });

  test('judges a condition by the writes before it in the same batch', async () => {
    const held = journal(true);
    const { table } = embeddedTable([], held);
    const first = table.put({ pk: 'p', sk: 'other' });
    const results = [
      table.put({ ...KEY, version: 1 }, 'absent'),
      table.put({ ...KEY, version: 1, by: 'late' }, 'absent'),
      table.put({ ...KEY, version: 2 }, { version: 1 }),
      table.put({ ...KEY, version: 3, expires: 1 }, { version: 2 }),
      table.put({ ...KEY, version: 7 }, { version: 3 }),
      table.put({ ...KEY, version: 8 }, 'absent'),
    ];
    await held.end();
    await held.end();
    await first;
    expect(await Promise.all(results)).toEqual([true, false, true, true, false, true]);
    expect(held.batches[1]).toEqual([expect.objectContaining({ before: undefined, after: { ...KEY, version: 8 } })]);
    expect(await table.get(KEY)).toEqual({ ...KEY, version: 8 });
  });

  test('refuses all writes of a batch that fails, and keeps what was there', async () => {
    const held = journal(true);
    const { table } = embeddedTable([{ ...KEY, version: 1 }], held);
    const writes = [
      table.put({ ...KEY, version: 2 }, { version: 1 }),
      table.put({ pk: 'p', sk: 'b' }),
      table.put({ pk: 'p', sk: 'b' }, 'absent'),
      table.delete(KEY),
    ].map((write) => write.catch((error: unknown) => error));
    await held.end(new Error('disk full'));
    await held.end(new Error('disk full'));
    for (const failure of await Promise.all(writes)) {
      expect(isFailure(failure, 'unavailable')).toBe(true);
      expect(failure).toMatchObject({ logged: true, headers: { 'Retry-After': '1' }, cause: { message: 'disk full' } });
    }
    expect((await table.query('p', '')).items).toEqual([{ ...KEY, version: 1 }]);
  });

  test('removes what has expired from the journal, but not what has taken its place', async () => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(0);
    const kept = journal();
    const { table, sweep } = embeddedTable([{ pk: 'p', sk: 'old', expires: 5 }], kept);
    kept.rows.set('["p","old"]', { pk: 'p', sk: 'old' });
    await table.put({ pk: 'p', sk: 'a', expires: 10 });
    await table.put({ pk: 'p', sk: 'b', expires: 10 });
    await table.put({ pk: 'p', sk: 'c', expires: 30 });
    clock.mockReturnValue(20_000);
    await table.put({ pk: 'p', sk: 'b', by: 'another' });
    await sweep();
    expect([...kept.rows.keys()].sort()).toEqual(['["p","b"]', '["p","c"]']);
    const { length } = kept.batches;
    await sweep();
    expect(kept.batches).toHaveLength(length);
  });

  test('answers like the table in memory, and its journal has what it shows, whatever is written at once', async () => {
    const write = fc.record({
      sk: fc.constantFrom('a', 'b', '\uD800', '\uDC00'),
      what: fc.constantFrom('put', 'absent', 'version', 'expired', 'delete'),
      version: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 30 }), async (writes) => {
        const kept = journal();
        const tables = [memoryTable(), embeddedTable([], kept).table];
        const [memory, embedded] = await Promise.all(
          tables.map((table) =>
            Promise.all(
              writes.map(({ sk, what, version }) => {
                if (what === 'delete') return table.delete({ pk: 'p', sk });
                const row = { pk: 'p', sk, version, ...(what === 'expired' && { expires: 1 }) };
                return table.put(row, what === 'absent' ? what : what === 'put' ? undefined : { version });
              }),
            ),
          ),
        );
        expect(embedded).toEqual(memory);
        const [expected, shown] = await Promise.all(tables.map(async (table) => (await table.query('p', '')).items));
        expect(shown).toEqual(expected);
        const again = embeddedTable(kept.rows.values(), journal()).table;
        expect((await again.query('p', '')).items).toEqual(expected);
      }),
    );
  });
});
