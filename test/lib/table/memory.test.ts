import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Row } from '../../../lib/table/table.ts';
import { tableContract } from '../../contract/table.ts';
import { processorTime } from '../../processor-time.ts';

tableContract({ name: 'memory', start: async () => ({ table: memoryTable(), stop: async () => {} }) });

describe('memory', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('returns rows that cannot be changed', async () => {
    const table = memoryTable();
    await table.put({ pk: 'p', sk: 'a', map: { list: [{ n: 1 }] } });
    const row = (await table.get({ pk: 'p', sk: 'a' })) as Row & { map: { list: { n: number }[] } };
    expect(() => row.map.list.push({ n: 2 })).toThrow(TypeError);
    expect(() => {
      row.map.list[0]!.n = 2;
    }).toThrow(TypeError);
    const { items } = await table.query('p', '');
    expect(() => (items as Row[]).pop()).toThrow(TypeError);
  });

  test('gives the same page until the partition changes', async () => {
    const table = memoryTable();
    await table.put({ pk: 'p', sk: 'a' });
    const before = await table.queryKeys('p', '');
    await table.put({ pk: 'q', sk: 'a' });
    expect((await table.queryKeys('p', '')).items).toBe(before.items);
    await table.put({ pk: 'p', sk: 'b' });
    expect((await table.queryKeys('p', '')).items).toEqual(['a', 'b']);
    expect(before.items).toEqual(['a']);
  });

  test('a row leaves pages that were read before when its second comes', async () => {
    const table = memoryTable();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(999_999);
    await table.put({ pk: 'p', sk: 'a', expires: 1000 });
    await table.put({ pk: 'p', sk: 'b', expires: 2000 });
    await table.put({ pk: 'p', sk: 'c' });
    expect((await table.queryKeys('p', '')).items).toEqual(['a', 'b', 'c']);
    clock.mockReturnValue(1_000_000);
    expect((await table.queryKeys('p', '')).items).toEqual(['b', 'c']);
    expect(await table.get({ pk: 'p', sk: 'a' })).toBeUndefined();
    clock.mockReturnValue(2_000_500);
    expect(await table.put({ pk: 'p', sk: 'b', by: 'me' }, 'absent')).toBe(true);
    expect((await table.query('p', '')).items).toEqual([
      { pk: 'p', sk: 'b', by: 'me' },
      { pk: 'p', sk: 'c' },
    ]);
  });

  test('a new expiry replaces the old one', async () => {
    const table = memoryTable();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(0);
    await table.put({ pk: 'p', sk: 'a', expires: 10 });
    await table.put({ pk: 'p', sk: 'a', expires: 20 });
    clock.mockReturnValue(15_000);
    expect(await table.get({ pk: 'p', sk: 'a' })).toBeDefined();
    clock.mockReturnValue(20_000);
    expect(await table.get({ pk: 'p', sk: 'a' })).toBeUndefined();
  });

  test('a row that is written when its time is over takes the place of the one that was there, if it may', async () => {
    const table = memoryTable();
    await table.put({ pk: 'p', sk: 'a', version: 1 });
    expect(await table.put({ pk: 'p', sk: 'a', version: 8, expires: 1 }, { version: 7 })).toBe(false);
    expect(await table.get({ pk: 'p', sk: 'a' })).toBeDefined();
    expect(await table.put({ pk: 'p', sk: 'a', version: 2, expires: 1 }, { version: 1 })).toBe(true);
    expect(await table.get({ pk: 'p', sk: 'a' })).toBeUndefined();
    expect((await table.query('p', '')).items).toEqual([]);
  });

  test('a row that is written when its time is over costs no look at all others', async () => {
    const table = memoryTable();
    const writing = processorTime();
    for (let n = 0; n < 20_000; n++) await table.put({ pk: 'p', sk: `row ${n}`, version: 1 });
    const written = writing();
    const ending = processorTime();
    for (let n = 0; n < 2000; n++) {
      await table.put({ pk: 'p', sk: `row ${n}`, version: 2, expires: 1 }, { version: 1 });
      await table.get({ pk: 'p', sk: `row ${n}` });
    }
    // A tenth of the rows takes about a tenth of the time; with a look at all others it is some hundred times as much.
    expect(ending() / written).toBeLessThan(5);
    expect(await table.get({ pk: 'p', sk: 'row 1999' })).toBeUndefined();
    expect(await table.get({ pk: 'p', sk: 'row 2000' })).toBeDefined();
  });

  test('tables know nothing of one another', async () => {
    const table = memoryTable();
    await table.put({ pk: 'p', sk: 'a' });
    expect(await memoryTable().get({ pk: 'p', sk: 'a' })).toBeUndefined();
  });
});
