/**
 * Definitions, removals and memberships of mixins at the same time. Whatever comes between whatever: one mixin at a
 * location, one location for a mixin, no path that is both an entity's and a mixin's, and no category on an entity that
 * discovery lacks.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryTable } from '../../../lib/table/memory.ts';
import { sharedReads } from '../../../lib/table/shared-reads.ts';
import type { Table } from '../../../lib/table/table.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { dynaliteTable } from '../mapping/dynalite-table.ts';
import { exchangeable, inManyOrders, interleave, type Order } from '../mapping/stepped-table.ts';
import { category, entity, list, plain, read } from './payloads.ts';

const SCHEME = 'http://example.org/tags#';
const MINE = `${SCHEME}mine`;

const definition = (term: string, location: string) =>
  plain(`Category: ${category(SCHEME + term, 'mixin')}; location="${location}"`);

/** The mixins of the user, with their locations, as discovery has them. */
async function mixinsOf(endpoint: Endpoint): Promise<Record<string, string>> {
  const reply = await endpoint.send('GET', '/-/', { headers: { Accept: 'application/occi+json' } });
  const { mixins } = JSON.parse(reply.body) as { mixins: { scheme: string; term: string; location: string }[] };
  return Object.fromEntries(
    mixins.filter(({ scheme }) => scheme === SCHEME).map(({ term, location }) => [term, location]),
  );
}

/** Throws where what is shown contradicts itself. */
async function checkWhole(endpoint: Endpoint): Promise<void> {
  const mixins = await mixinsOf(endpoint);
  const locations = Object.values(mixins);
  expect(new Set(locations).size).toBe(locations.length);
  const { resources } = JSON.parse(
    (await endpoint.send('GET', '/compute/', { headers: { Accept: 'application/occi+json' } })).body,
  ) as { resources: { id: string; mixins?: string[] }[] };
  for (const path of await list(endpoint, '/compute/')) {
    expect(locations).not.toContain(`${path}/`);
    const one = await read(endpoint, path);
    const tags = ((one.mixins ?? []) as string[]).filter((id) => id.startsWith(SCHEME));
    expect(resources.find(({ id }) => id === one.id)!.mixins).toEqual(one.mixins);
    for (const id of tags) {
      expect(Object.keys(mixins)).toContain(id.slice(SCHEME.length));
      expect(await list(endpoint, mixins[id.slice(SCHEME.length)]!)).toContain(path);
    }
  }
}

type Request = (endpoint: Endpoint) => Promise<{ readonly status: number }>;

interface Race {
  /** What is there before. */
  readonly first: (endpoint: Endpoint) => Promise<unknown>;
  readonly requests: readonly Request[];
  /** What must be true of the statuses. */
  readonly outcome: (statuses: readonly number[], endpoint: Endpoint) => Promise<void>;
}

const define =
  (term: string, location: string): Request =>
  (to) =>
    to.send('POST', '/-/', definition(term, location));
const undefine =
  (term: string): Request =>
  (to) =>
    to.send('DELETE', '/-/', plain(`Category: ${category(SCHEME + term, 'mixin')}`));
const put =
  (path: string): Request =>
  (to) =>
    to.send('PUT', path, entity('text/plain', { kind: 'compute' }));
const count = (statuses: readonly number[], status: number) => statuses.filter((one) => one === status).length;

const tagged = async (endpoint: Endpoint): Promise<boolean> => {
  const { mixins = [] } = await read(endpoint, '/vm');
  return mixins.includes(MINE);
};

const RACES: Record<string, Race> = {
  'three mixins at one location: one is defined': {
    first: async () => {},
    requests: [define('a', '/x/'), define('b', '/x/'), define('c', '/x/')],
    outcome: async (statuses, endpoint) => {
      expect([count(statuses, 200), count(statuses, 409)]).toEqual([1, 2]);
      expect(Object.values(await mixinsOf(endpoint))).toEqual(['/x/']);
    },
  },
  'one mixin at two locations: it gets one': {
    first: async () => {},
    requests: [define('a', '/x/'), define('a', '/y/')],
    outcome: async (statuses, endpoint) => {
      expect([count(statuses, 200), count(statuses, 409)]).toEqual([1, 1]);
      const mixins = await mixinsOf(endpoint);
      expect([['/x/'], ['/y/']]).toContainEqual(Object.values(mixins));
      const free = mixins.a === '/x/' ? '/y/' : '/x/';
      expect((await define('b', free)(endpoint)).status).toBe(200);
    },
  },
  'the same mixin twice: it is there, and both know': {
    first: async () => {},
    requests: [define('a', '/x/'), define('a', '/x/')],
    outcome: async (statuses, endpoint) => {
      expect(statuses).toEqual([200, 200]);
      expect(await mixinsOf(endpoint)).toEqual({ a: '/x/' });
    },
  },
  'a mixin and an entity at one path: one of them': {
    first: async () => {},
    requests: [define('a', '/x/'), put('/x')],
    outcome: async (statuses, endpoint) => {
      expect(statuses.filter((status) => status < 300)).toHaveLength(1);
      expect(Object.keys(await mixinsOf(endpoint)).length + (await list(endpoint, '/compute/')).length).toBe(2);
    },
  },
  'a mixin removed while its location is given to another': {
    first: define('a', '/x/'),
    requests: [undefine('a'), define('b', '/x/')],
    outcome: async (statuses, endpoint) => {
      expect(statuses[0]).toBe(200);
      expect(await mixinsOf(endpoint)).toEqual(statuses[1] === 200 ? { b: '/x/' } : {});
      if (statuses[1] !== 200) expect((await define('b', '/x/')(endpoint)).status).toBe(200);
    },
  },
  'a mixin removed twice: one removes it': {
    first: define('a', '/x/'),
    requests: [undefine('a'), undefine('a')],
    outcome: async (statuses, endpoint) => {
      expect(statuses.toSorted()).toEqual([200, 404]);
      expect(await mixinsOf(endpoint)).toEqual({});
      expect((await define('b', '/x/')(endpoint)).status).toBe(200);
    },
  },
  'a mixin defined again while it is removed': {
    first: define('a', '/x/'),
    requests: [undefine('a'), define('a', '/x/')],
    outcome: async (statuses, endpoint) => {
      expect(statuses).toEqual([200, 200]);
      const left = Object.keys(await mixinsOf(endpoint)).length;
      // Whichever came last: the place is the mixin’s, or free.
      expect((await define('b', '/x/')(endpoint)).status).toBe(left === 1 ? 409 : 200);
    },
  },
  'a mixin removed and defined again while another wants its place': {
    first: define('a', '/x/'),
    requests: [undefine('a'), define('a', '/x/'), define('b', '/x/')],
    outcome: async (statuses, endpoint) => {
      expect(statuses[0]).toBe(200);
      const left = Object.keys(await mixinsOf(endpoint)).length;
      expect((await define('c', '/x/')(endpoint)).status).toBe(left === 1 ? 409 : 200);
      expect(Object.keys(await mixinsOf(endpoint))).toHaveLength(1);
    },
  },
  'a member added while the mixin is removed': {
    first: define('mine', '/mine/'),
    requests: [undefine('mine'), (to) => to.send('POST', '/mine/', plain('X-OCCI-Location: /vm'))],
    outcome: async (statuses, endpoint) => {
      expect(statuses[0]).toBe(200);
      expect(await tagged(endpoint)).toBe(false);
      // Any answer that showed the membership was sent before the mixin was removed; later answers do not show it.
      expect((await define('mine', '/mine/')(endpoint)).status).toBe(200);
      expect([await tagged(endpoint), await list(endpoint, '/mine/')]).toEqual([false, []]);
    },
  },
  'an update that adds the mixin while it is removed and defined again': {
    first: define('mine', '/mine/'),
    requests: [
      async (to) => {
        await undefine('mine')(to);
        return define('mine', '/mine/')(to);
      },
      (to) => to.send('POST', '/vm', entity('text/plain', { mixins: [MINE] })),
    ],
    outcome: async (statuses, endpoint) => {
      expect(statuses[0]).toBe(200);
      expect([200, 400]).toContain(statuses[1]);
      expect(await mixinsOf(endpoint)).toEqual({ mine: '/mine/' });
    },
  },
  'an entity made with the mixin while it is removed': {
    first: define('mine', '/mine/'),
    requests: [
      undefine('mine'),
      (to) => to.send('POST', '/compute/', entity('text/plain', { kind: 'compute', mixins: [MINE] })),
    ],
    outcome: async (statuses, endpoint) => {
      expect(statuses[0]).toBe(200);
      expect(await list(endpoint, '/compute/')).toHaveLength(statuses[1] === 201 ? 2 : 1);
    },
  },
};

/** Orders by chance in which each race is run, beside those with one task put before another. */
const BY_CHANCE = 15;

describe('In whatever order their calls of the table come', () => {
  /** One that looks on, and one for each request. */
  let processes: readonly { readonly endpoint: Endpoint; use(table: Table): void }[];
  beforeAll(async () => {
    processes = await Promise.all(
      [0, 1, 2, 3].map(async () => {
        const { table, use } = exchangeable();
        return { endpoint: await startEndpoint({ table }), use };
      }),
    );
  });
  afterAll(() => Promise.all(processes.map(({ endpoint }) => endpoint.stop())));

  /** Runs a race in an order, and looks whether all is well afterwards. */
  async function hold({ first, requests, outcome }: Race, order: Order): Promise<number[]> {
    const table = memoryTable();
    const [{ endpoint, use }, ...others] = processes as [(typeof processes)[0], ...typeof processes];
    use(table);
    await endpoint.send('GET', '/-/');
    await put('/vm')(endpoint);
    await first(endpoint);
    const statuses: number[] = [];
    const tasks = requests.map((request, index) => async (stepped: Table) => {
      others[index]!.use(stepped);
      statuses[index] = (await request(others[index]!.endpoint)).status;
    });
    const choices = await interleave(table, tasks, order);
    await checkWhole(endpoint);
    await outcome(statuses, endpoint);
    await checkWhole(endpoint);
    return choices;
  }

  test.each(Object.entries(RACES))(
    '%s',
    async (_, race) => {
      await inManyOrders((order) => hold(race, order), BY_CHANCE);
    },
    60_000,
  );
});

describe('Over DynamoDB, as it comes', () => {
  let running: Awaited<ReturnType<typeof dynaliteTable>>;
  beforeAll(async () => {
    running = await dynaliteTable();
  });
  afterAll(() => running.stop());

  test.each(Object.entries(RACES))('%s', async (name, race) => {
    // A site of its own for each race, since they share the table.
    const settings = { adapter: { name: 'dummy', site: name.replace(/[^a-z]/g, ''), settings: {} } };
    const processes = await Promise.all(
      [0, ...race.requests].map(() => startEndpoint({ table: sharedReads(running.table), settings })),
    );
    const [endpoint, ...others] = processes as [Endpoint, ...Endpoint[]];
    await put('/vm')(endpoint);
    await race.first(endpoint);
    const replies = await Promise.all(race.requests.map((request, index) => request(others[index]!)));
    await checkWhole(endpoint);
    await race.outcome(
      replies.map(({ status }) => status),
      endpoint,
    );
    await checkWhole(endpoint);
    await Promise.all(processes.map((one) => one.stop()));
  });
});
