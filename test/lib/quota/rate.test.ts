import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { RequestRate } from '../../../lib/quota/rate.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { partitionsOf } from '../../../lib/table/partition-keys.ts';
import type { Table } from '../../../lib/table/table.ts';
import { counted, type Endpoint } from '../../endpoint.ts';
import { yieldingTable } from '../mapping/yielding-table.ts';
import { another, withLimits } from './containers.ts';

const pk = partitionsOf('dummy', 'test').rate('alice');
const rateOver = (table: Table, limit: number) => new RequestRate(table, pk, limit);

/** The middle of a minute. */
const NOW = 1_800_000_030_000;
const MINUTE_MS = 60_000;

/** How many of so many requests are admitted. */
async function admitted(rates: readonly RequestRate[], requests: number, now = NOW): Promise<number> {
  const all = Array.from({ length: requests }, (_, at) => rates[at % rates.length]!.admit(now));
  const outcomes = await Promise.allSettled(all);
  for (const one of outcomes) {
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ failure: 'tooManyRequests' });
  }
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

describe('Requests per minute', () => {
  test.each([1, 2, 7, 19, 100, 1000])('are exactly %i in one container', async (limit) => {
    const rate = rateOver(memoryTable(), limit);
    expect(await admitted([rate], limit + 50)).toBe(limit);
    expect(await admitted([rate], 10)).toBe(0);
    expect(await admitted([rate], limit + 50, NOW + MINUTE_MS)).toBe(limit);
  });

  test.each([
    [5, 4],
    [19, 20],
    [60, 7],
    [300, 12],
  ])('are never more than %i in %i containers that race', async (limit, containers) => {
    const table = memoryTable();
    const rates = Array.from({ length: containers }, () => rateOver(yieldingTable(table), limit));
    const all = await admitted(rates, 2 * limit);
    expect(all).toBeLessThanOrEqual(limit);
    // Every container goes on until nothing is left, so that only what it has taken itself may be unused.
    const rest = await admitted(rates, containers * limit);
    expect(all + rest).toBe(limit);
  });

  test('serve many containers with few requests each, though each takes a share', async () => {
    const table = memoryTable();
    const rates = Array.from({ length: 60 }, () => rateOver(another(table), 600));
    expect(await admitted(rates, 60)).toBe(60);
    expect(await admitted(rates, 60)).toBe(60);
  });

  test('cost no call of the store in the usual case, and none once they are used up', async () => {
    const { table, calls } = counted(memoryTable());
    const rate = rateOver(table, 1000);
    await admitted([rate], 1000);
    const { get = 0, put = 0 } = calls;
    // Shares of 10, 20, 40, 80 and then a tenth of the rest.
    expect(put).toBeLessThanOrEqual(62);
    expect(get).toBeLessThanOrEqual(62);
    await admitted([rate], 1);
    const before = { ...calls };
    expect(await admitted([rate], 1000)).toBe(0);
    expect(calls).toEqual(before);
  });

  test('say when the minute ends', async () => {
    const rate = rateOver(memoryTable(), 1);
    await rate.admit(NOW);
    await expect(rate.admit(NOW + 5001)).rejects.toMatchObject({
      status: 429,
      headers: { 'Retry-After': '25' },
      message: 'The requests of your tenant for this minute, 1, are used up: try again in 25 seconds.',
    });
    await expect(rate.admit(NOW + 29_999)).rejects.toMatchObject({ headers: { 'Retry-After': '1' } });
    await rate.admit(NOW + 30_000);
  });

  test('follow the clock that is ahead, so that no minute is counted twice', async () => {
    const table = memoryTable();
    const [ahead, behind] = [rateOver(another(table), 3), rateOver(another(table), 3)];
    await ahead.admit(NOW + MINUTE_MS);
    expect(await admitted([behind], 5, NOW)).toBe(2);
    expect(await admitted([behind, ahead], 5, NOW + MINUTE_MS)).toBe(0);
  });

  test('are not admitted uncounted when the store fails, and go on when it works again', async () => {
    const table = memoryTable();
    let isDown = true;
    const down = new Error('down');
    const failing: Table = {
      ...another(table),
      put: async (row, condition) => {
        if (isDown) throw down;
        return table.put(row, condition);
      },
    };
    const rate = rateOver(failing, 5);
    await expect(rate.admit(NOW)).rejects.toBe(down);
    isDown = false;
    expect(await admitted([rate], 10)).toBe(5);
  });
});

describe('An endpoint with requests per minute', () => {
  let endpoint: Endpoint;
  afterEach(async () => {
    jest.restoreAllMocks();
    await endpoint.stop();
  });

  test('refuses with 429 and Retry-After, whatever the request is', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
    endpoint = await withLimits({ requestsPerMinute: 3 });
    for (const path of ['/compute/', '/-/', '/nothing-here']) await endpoint.send('GET', path);
    for (const [method, path] of [
      ['GET', '/compute/'],
      ['POST', '/compute/'],
      ['OPTIONS', '/'],
      ['GET', '/.well-known/quota'],
    ] as const) {
      const { status, headers } = await endpoint.send(method, path);
      expect([path, status, headers['retry-after']]).toEqual([path, 429, '30']);
    }
    expect((await endpoint.send('GET', '/.well-known/health')).status).toBe(200);
  });

  test('makes no store call more for a listing and a get', async () => {
    const plain = await withLimits({});
    endpoint = await withLimits({ requestsPerMinute: 6000 });
    await endpoint.send('GET', '/compute/');
    for (const path of ['/compute/', '/compute/nothing-here', '/-/']) {
      await Promise.all([plain.send('GET', path), endpoint.send('GET', path)]);
      plain.reset();
      endpoint.reset();
      await Promise.all([plain.send('GET', path), endpoint.send('GET', path)]);
      expect([path, endpoint.calls]).toEqual([path, plain.calls]);
    }
    await plain.stop();
  });
});
