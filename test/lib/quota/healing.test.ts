/** What crashes, lost answers and changes outside leave behind in the counts, and how it disappears. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as dummy from '../../../adapters/dummy/index.ts';
import type { ChosenAdapter } from '../../../functions/settings.ts';
import type { Adapter, KindAdapter } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Endpoint } from '../../endpoint.ts';
import { another, compute, cores, type Limits, made, make, send, shown, usage, withLimits } from './containers.ts';

const { now } = Date;
let later = 0;
beforeEach(() => {
  later = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + later);
});

const endpoints: Endpoint[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.stop()));
});

type Compute = KindAdapter<'compute'>;

/** The embedded cloud with other computes. */
const cloudWith = (change: (compute: Compute) => Compute): ChosenAdapter => {
  const connect = (environment: dummy.DummyEnvironment) => {
    const inner = dummy.connect(environment);
    return (context: Parameters<typeof inner>[0]): Adapter => {
      const adapter = inner(context);
      return { ...adapter, kinds: { ...adapter.kinds, compute: change(adapter.kinds.compute!) } };
    };
  };
  return { module: { ...dummy, connect } as ChosenAdapter['module'], settings: {} };
};

const begin = async (
  perTenant: Limits,
  change: (compute: Compute) => Compute = (one) => one,
  table = memoryTable(),
) => {
  const endpoint = await withLimits(perTenant, { adapter: settled(cloudWith(change)), table });
  endpoints.push(endpoint);
  return endpoint;
};

/** The settings of the embedded cloud with its defaults. */
const settled = ({ module }: ChosenAdapter): ChosenAdapter => ({ module, settings: dummy.settings.parse({}) });

const REFUSED = [403, expect.stringMatching(/^The quota of your tenant allows /)];

/** Numbers of listings of computes. */
const countingLists = () => {
  const counts = { list: 0 };
  const change = (one: Compute): Compute => ({
    ...one,
    list: async (query) => {
      counts.list++;
      return one.list(query);
    },
  });
  return { counts, change };
};

/** A native create that ends without an answer; `makes` says whether it makes the machine. */
const losing = (makes: boolean) => {
  const cloud = { loses: true };
  const change = (one: Compute): Compute => ({
    ...one,
    async create(draft, token) {
      if (!cloud.loses) return one.create!(draft, token);
      if (makes) await one.create!(draft, token);
      throw new OcciError('timedOut', 'The cloud did not answer in time.', { unknownOutcome: true });
    },
  });
  return { cloud, change };
};

describe('After a create without an answer', () => {
  test('that made nothing, its reservation ends after a minute', async () => {
    const { cloud, change } = losing(false);
    const endpoint = await begin({ cores: 4 }, change);
    expect((await make(endpoint, cores(3))).status).toBe(504);
    cloud.loses = false;
    expect(shown(await make(endpoint, cores(3)))).toEqual(REFUSED);
    await made(endpoint, cores(1));
    later = 61_000;
    await made(endpoint, cores(3));
    expect((await usage(endpoint)).cores.used).toBe(4);
  });

  test('that made a machine, the machine counts, once', async () => {
    const { cloud, change } = losing(true);
    const endpoint = await begin({ cores: 6 }, change);
    expect((await make(endpoint, cores(3))).status).toBe(504);
    cloud.loses = false;
    for (const after of [0, 61_000, 700_000]) {
      later = after;
      expect(shown(await make(endpoint, cores(4)))).toEqual(REFUSED);
    }
    await made(endpoint, cores(3));
    expect((await usage(endpoint)).cores.used).toBe(6);
  });

  test('a retry with its Idempotency-Key takes over what it made, within a quota that it has used up itself', async () => {
    const { cloud, change } = losing(true);
    const endpoint = await begin({ cores: 3, createsPerHour: 1 }, change);
    const key = { 'Idempotency-Key': 'k' };
    expect((await make(endpoint, cores(3), key)).status).toBe(504);
    cloud.loses = false;
    later = 61_000;
    expect((await usage(endpoint)).cores.used).toBe(3);
    expect((await make(endpoint, cores(3), key)).status).toBe(201);
    expect((await make(endpoint, cores(3), key)).status).toBe(201);
    expect(await usage(endpoint)).toMatchObject({ cores: { used: 3 }, createsPerHour: { used: 1 } });
  });

  test('a retry of one that made nothing needs its room once, and a replay none', async () => {
    const { cloud, change } = losing(false);
    const endpoint = await begin({ cores: 3, createsPerHour: 1 }, change);
    const key = { 'Idempotency-Key': 'k' };
    expect((await make(endpoint, cores(3), key)).status).toBe(504);
    cloud.loses = false;
    for (const _ of [1, 2, 3]) expect((await make(endpoint, cores(3), key)).status).toBe(201);
    expect(await usage(endpoint)).toMatchObject({ cores: { used: 3 }, createsPerHour: { used: 1 } });
  });
});

test('A process that dies between reservation and create leaves nothing for longer than a minute', async () => {
  const table = memoryTable();
  let die = () => {};
  let bury = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const dying = await begin(
    { compute: 1 },
    (one) => ({
      ...one,
      create: () => {
        die();
        return new Promise((_, reject) => {
          bury = () => reject(new OcciError('timedOut', 'It is dead.', { unknownOutcome: true }));
        });
      },
    }),
    another(table),
  );
  const dead = make(dying, compute());
  await died;
  const endpoint = await begin({ compute: 1 }, undefined, another(table));
  expect(shown(await make(endpoint, compute()))).toEqual(REFUSED);
  later = 61_000;
  await made(endpoint, compute());
  bury();
  expect((await dead).status).toBe(504);
});

test('A count while a create is under way includes its machine once when it has ended, and refuses nothing for it', async () => {
  const table = memoryTable();
  let goOn = () => {};
  let reach = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const slow = await begin(
    { compute: 3 },
    (one) => ({
      ...one,
      async create(draft, token) {
        const native = await one.create!(draft, token);
        reach();
        await held;
        return native;
      },
    }),
    another(table),
  );
  const endpoint = await begin({ compute: 3 }, undefined, another(table));
  const first = await made(endpoint, compute());
  const slowly = make(slow, compute());
  await reached;
  // The delete has the next create list the cloud, which has the slow machine already.
  await send(endpoint, 'DELETE', first);
  await made(endpoint, compute());
  expect(shown(await make(endpoint, compute()))).toEqual([
    503,
    'Other creates of your tenant are under way, and the quota compute may not suffice for this one too: try again.',
  ]);
  goOn();
  expect((await slowly).status).toBe(201);
  await made(endpoint, compute());
  expect(shown(await make(endpoint, compute()))).toEqual(REFUSED);
});

describe('Changes without this endpoint', () => {
  test('count when the count is half a minute old and a create would be refused', async () => {
    let outside: Compute | undefined;
    const endpoint = await begin({ compute: 1 }, (one) => {
      outside = one;
      return one;
    });
    await made(endpoint, compute());
    expect(shown(await make(endpoint, compute()))).toEqual(REFUSED);
    for (const id of (await outside!.ids({})).items) await outside!.remove!(id);
    expect(shown(await make(endpoint, compute()))).toEqual(REFUSED);
    later = 31_000;
    await made(endpoint, compute());
  });

  test('that add something count after ten minutes', async () => {
    let outside: Compute | undefined;
    const endpoint = await begin({ compute: 2 }, (one) => {
      outside = one;
      return one;
    });
    await made(endpoint, compute());
    await outside!.create!({ kind: 'compute', attributes: {}, mixins: [], links: [] }, 'outside');
    later = 601_000;
    expect(shown(await make(endpoint, compute()))).toEqual(REFUSED);
    expect((await usage(endpoint)).compute.used).toBe(2);
  });
});

describe('The cloud is listed', () => {
  test('once before the first create, and not again for those after it', async () => {
    const { counts, change } = countingLists();
    const endpoint = await begin({ compute: 45 }, change);
    for (let index = 0; index < 40; index++) await made(endpoint, compute());
    expect(counts.list).toBe(1);
  });

  test('once for requests that need the same count at the same time', async () => {
    const { counts, change } = countingLists();
    const endpoint = await begin({ compute: 20 }, change);
    await Promise.all(Array.from({ length: 20 }, () => made(endpoint, compute())));
    expect(counts.list).toBe(1);
  });

  test('once for many refusals within half a minute', async () => {
    const { counts, change } = countingLists();
    const endpoint = await begin({ compute: 0 }, change);
    for (let times = 0; times < 10; times++) await make(endpoint, compute());
    later = 31_000;
    for (let times = 0; times < 10; times++) await make(endpoint, compute());
    expect(counts.list).toBe(2);
  });

  test('again after fifty creates, so that the row stays small', async () => {
    const { counts, change } = countingLists();
    const endpoint = await begin({ compute: 200 }, change);
    for (let index = 0; index < 110; index++) await made(endpoint, compute());
    expect(counts.list).toBe(3);
  });
});

describe('A cloud that shows new machines late and deleted ones for a while', () => {
  /** Listings lag behind by so many computes; a deleted one is listed until `forgets`. */
  const lagging = () => {
    const cloud = { hides: true, forgets: false };
    const fresh = new Set<string>();
    const ghosts = new Map<string, Awaited<ReturnType<Compute['get']>>>();
    const change = (one: Compute): Compute => ({
      ...one,
      lingers: 3600,
      appearsWithin: 300,
      async list(query) {
        const { items } = await one.list(query);
        const seen = items.filter(({ id }) => !(cloud.hides && fresh.has(id)));
        return { items: cloud.forgets ? seen : [...seen, ...ghosts.values()] };
      },
      async create(draft, token) {
        const native = await one.create!(draft, token);
        fresh.add(native.id);
        return native;
      },
      async remove(id) {
        ghosts.set(id, await one.get(id));
        await one.remove!(id);
      },
    });
    return { cloud, change };
  };

  test('is not asked for more than the quota allows', async () => {
    const { cloud, change } = lagging();
    const endpoint = await begin({ compute: 3 }, change);
    for (const _ of [1, 2, 3]) await made(endpoint, compute());
    for (const after of [0, 31_000, 62_000, 240_000]) {
      later = after;
      expect(shown(await make(endpoint, compute()))).toEqual(REFUSED);
    }
    cloud.hides = false;
    later = 400_000;
    expect(shown(await make(endpoint, compute()))).toEqual(REFUSED);
    expect((await usage(endpoint)).compute.used).toBe(3);
  });

  test('gives room again at once for what was deleted', async () => {
    const { change } = lagging();
    const endpoint = await begin({ compute: 1 }, change);
    for (const _ of [1, 2, 3]) {
      const path = await made(endpoint, compute());
      expect(shown(await make(endpoint, compute()))).toEqual(REFUSED);
      expect((await send(endpoint, 'DELETE', path)).status).toBe(200);
    }
    expect((await usage(endpoint)).compute.used).toBe(0);
  });

  test('is believed in the end when it does not show what it said it had made', async () => {
    const { change } = lagging();
    const endpoint = await begin({ compute: 1 }, change);
    await made(endpoint, compute());
    later = 301_000;
    await made(endpoint, compute());
  });
});
