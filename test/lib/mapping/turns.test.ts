import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lib/log.ts';
import { Turns } from '../../../lib/mapping/turns.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { partitionsOf } from '../../../lib/table/partition-keys.ts';
import type { Table } from '../../../lib/table/table.ts';

const pk = partitionsOf('dummy', 'test').tenant('u1');
const turnsOver = (table: Table) => new Turns(table, pk);
const soon = () => Date.now() + 10_000;

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('Turns at an entity', () => {
  test('are taken by one at a time, and by the next as soon as they end', async () => {
    const table = memoryTable();
    const turns = turnsOver(table);
    const first = await turns.take('a', soon());
    expect(first).toBeDefined();
    expect(await turnsOver(table).take('a', soon())).toBeUndefined();
    expect(await turns.take('b', soon())).toBeDefined();
    await turns.end(first!);
    expect(await turns.take('a', soon())).toBeDefined();
  });

  test('of a process that died are over with the time of its request, and not before', async () => {
    jest.useFakeTimers({ now: 1_000_000_000_000, doNotFake: ['setImmediate', 'nextTick'] });
    const turns = turnsOver(memoryTable());
    await turns.take('a', Date.now() + 10_000);
    jest.setSystemTime(Date.now() + 10_500);
    expect(await turns.take('a', soon())).toBeUndefined();
    jest.setSystemTime(Date.now() + 1500);
    expect(await turns.take('a', soon())).toBeDefined();
  });

  test('are not ended by a holder that comes too late', async () => {
    jest.useFakeTimers({ now: 1_000_000_000_000, doNotFake: ['setImmediate', 'nextTick'] });
    const turns = turnsOver(memoryTable());
    const late = await turns.take('a', Date.now() + 1000);
    jest.setSystemTime(Date.now() + 5000);
    expect(await turns.take('a', soon())).toBeDefined();
    await turns.end(late!);
    expect(await turns.take('a', soon())).toBeUndefined();
  });

  test('that cannot be ended end by themselves: the change was made, and is answered', async () => {
    const warned = jest.spyOn(logger, 'warn').mockImplementation(() => {});
    const table = memoryTable();
    const turn = await turnsOver(table).take('a', soon());
    const away: Table = { ...table, put: () => Promise.reject(new Error('the table is away')) };
    await turnsOver(away).end(turn!);
    expect(warned).toHaveBeenCalledTimes(1);
  });
});
