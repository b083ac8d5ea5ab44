/** Creates, deletes and growths at the same time, in several containers: never more than the quota, and all of it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Table } from '../../../lib/table/table.ts';
import type { Endpoint, Reply } from '../../endpoint.ts';
import { dynaliteTable } from '../mapping/dynalite-table.ts';
import { yieldingTable } from '../mapping/yielding-table.ts';
import {
  another,
  attribute,
  compute,
  cores,
  type Limits,
  list,
  made,
  make,
  send,
  storage,
  usage,
  withLimits,
} from './containers.ts';

const HOUR_MS = 3_600_000;
const { now } = Date;
/** No test is at the turn of an hour. */
const TO_MID_HOUR_MS = HOUR_MS / 2 - (now() % HOUR_MS);
beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(() => now() + TO_MID_HOUR_MS);
});

let endpoints: readonly Endpoint[] = [];
const begin = async (table: () => Table, perTenant: Limits, count = 4) => {
  endpoints = await Promise.all(Array.from({ length: count }, () => withLimits(perTenant, { table: table() })));
};
const end = async () => {
  await Promise.all(endpoints.map((endpoint) => endpoint.stop()));
  endpoints = [];
};
afterEach(end);
const at = (index: number): Endpoint => endpoints[index % endpoints.length]!;

/** How many of each status, and what those say that are not expected here. */
const statusesOf = (replies: readonly Reply[]) => {
  const counts: Record<string, number> = {};
  for (const { status, body } of replies) {
    const name = status < 500 ? String(status) : `${status} ${body}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

describe.each(['memory', 'dynalite'])('Over %s', (kind) => {
  let stop = async () => {};
  let shared: Table;
  beforeAll(async () => {
    if (kind === 'dynalite') ({ table: shared, stop } = await dynaliteTable());
  });
  afterAll(() => stop());
  const fresh = () => {
    const table = kind === 'dynalite' ? shared : memoryTable();
    return () => (kind === 'dynalite' ? another(table) : yieldingTable(table));
  };

  test('50 creates at the same time make as many as the quota allows', async () => {
    await begin(fresh(), { compute: 7, createsPerHour: 1000 });
    const replies = await Promise.all(Array.from({ length: 50 }, (_, index) => make(at(index), compute())));
    expect(statusesOf(replies)).toEqual({ 201: 7, 403: 43 });
    expect(await list(at(0), '/compute/')).toHaveLength(7);
    await send(at(0), 'DELETE', '/compute/?all=true');
    const again = await Promise.all(Array.from({ length: 20 }, (_, index) => make(at(index), compute())));
    expect(statusesOf(again)).toEqual({ 201: 7, 403: 13 });
    await send(at(0), 'DELETE', '/compute/?all=true');
  });

  test('40 creates at the same time make as many as those of an hour', async () => {
    const table = fresh();
    await begin(table, { createsPerHour: 1000 });
    const { used } = (await usage(at(0))).createsPerHour;
    await end();
    await begin(table, { createsPerHour: used + 9 });
    const replies = await Promise.all(Array.from({ length: 40 }, (_, index) => make(at(index), storage(1))));
    expect(statusesOf(replies)).toEqual({ 201: 9, 429: 31 });
  });
});

/** A create, repeated while whether the quota suffices depends on others that are under way, as 503 says. */
async function decided(endpoint: Endpoint): Promise<Reply> {
  const reply = await make(endpoint, compute());
  return reply.status === 503 && reply.body.includes('under way') ? await decided(endpoint) : reply;
}

test('More creates at the same time than the row has entries for are counted exactly', async () => {
  const table = memoryTable();
  await begin(() => yieldingTable(table), { cores: 120 }, 6);
  const all: Reply[] = [];
  for (let index = 0; index < 150; ) {
    const replies = await Promise.all(Array.from({ length: 30 }, () => decided(at(index++))));
    all.push(...replies);
  }
  expect(statusesOf(all)).toEqual({ 201: 120, 403: 30 });
  expect(await list(at(0), '/compute/')).toHaveLength(120);
  expect((await usage(at(0))).cores).toEqual({ limit: 120, used: 120, left: 0 });
});

test('Growths at the same time share what is left', async () => {
  const table = memoryTable();
  await begin(() => yieldingTable(table), { cores: 20 });
  const paths: string[] = [];
  for (let index = 0; index < 10; index++) paths.push(await made(at(index), cores(1)));
  const replies = await Promise.all(
    paths.map((path, index) => send(at(index), 'POST', path, attribute('occi.compute.cores=4'))),
  );
  expect(statusesOf(replies)).toEqual({ 200: 3, 403: 7 });
  expect((await usage(at(0))).cores.used).toBe(19);
});

test('Whatever comes together, there is never more than the quota, and in the end the count is what there is', async () => {
  const step = fc.oneof(
    fc.record({ is: fc.constant('make' as const), size: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ is: fc.constant('grow' as const), size: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ is: fc.constant('delete' as const), size: fc.constant(0) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }),
      async (rounds) => {
        const table = memoryTable();
        await begin(() => yieldingTable(table), { storage: 10 }, 3);
        for (const round of rounds) {
          const paths = (await list(at(0), '/storage/')).map((url) => new URL(url).pathname);
          await Promise.all(
            round.map(({ is, size }, index) => {
              const path = paths[index % Math.max(1, paths.length)];
              if (is === 'make' || path === undefined) return make(at(index), storage(Math.max(1, size)));
              if (is === 'delete') return send(at(index), 'DELETE', path);
              return send(at(index), 'POST', path, attribute(`occi.storage.size=${size}`));
            }),
          );
          const json = await at(0).send('GET', '/storage/', { headers: { Accept: 'application/occi+json' } });
          const { resources = [] } = JSON.parse(json.body) as { resources?: { attributes: Record<string, number> }[] };
          const present = resources.reduce((sum, one) => sum + one.attributes['occi.storage.size']!, 0);
          expect(present).toBeLessThanOrEqual(10);
          expect((await usage(at(1))).storage.used).toBe(present);
        }
        await end();
      },
    ),
    { numRuns: 25 },
  );
});
