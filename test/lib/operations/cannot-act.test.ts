/** Actions that a cloud can never carry out, of a kind or of one entity: nothing offers them, and they are 501. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as dummy from '../../../adapters/dummy/index.ts';
import type { Adapter, KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import type { AdapterModule } from '../../../lib/adapter/module.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { action, compute, made, send, storage } from '../quota/containers.ts';

const SENTENCE = 'Computes cannot be suspended here: stop the compute instead.';

/** The embedded cloud, in which no compute suspends and one that is called `odd` does not restart either. */
const odd = (native: Native): Native =>
  native.attributes['occi.core.title'] === 'odd' ? { ...native, cannotAct: ['restart'] } : native;

const changed = (adapter: Adapter): Adapter => {
  const own = adapter.kinds.compute as KindAdapter;
  const compute: KindAdapter = {
    ...own,
    cannotAct: { suspend: SENTENCE } as never,
    get: async (id) => odd(await own.get(id)),
    create: async (draft, token) => odd(await own.create!(draft, token)),
    list: async (query) => {
      const page = await own.list(query);
      return { ...page, items: page.items.map(odd) };
    },
  };
  return { ...adapter, kinds: { ...adapter.kinds, compute: compute as never } };
};

let endpoint: Endpoint;
let plain: string;
let strange: string;
let disk: string;
beforeAll(async () => {
  const module = {
    ...dummy,
    connect: (environment: never) => {
      const connect = dummy.connect(environment);
      return (context: never) => changed(connect(context));
    },
  } as unknown as AdapterModule<unknown>;
  endpoint = await startEndpoint({ adapter: { module, settings: dummy.settings.parse({}) } });
  plain = await made(endpoint, compute());
  strange = await made(endpoint, compute('X-OCCI-Attribute: occi.core.title="odd"'));
  disk = await made(endpoint, storage(1));
});
afterAll(() => endpoint.stop());

const act = (path: string, term: string, kind = 'compute') =>
  send(endpoint, 'POST', `${path}?action=${term}`, action(term, kind));

const offered = async (path: string): Promise<readonly string[]> => {
  const { body } = await endpoint.send('GET', path);
  return [...body.matchAll(/\?action=(\w+)/g)].map(([, term]) => term!);
};

describe('An action that the cloud can never carry out', () => {
  test.each([['text/plain'], ['application/occi+json']])('is not in discovery as %s', async (Accept) => {
    const { body } = await endpoint.send('GET', '/-/', { headers: { Accept } });
    expect(body).toContain('compute/action#restart');
    expect(body).toContain('storage/action#resize');
    // The state of the same name stays.
    expect(body).not.toMatch(/suspend\b/);
  });

  test('is offered with no entity, alone or in a listing', async () => {
    expect(await offered(plain)).toEqual(['stop', 'restart', 'save']);
    const listing = await endpoint.send('GET', '/compute/', { headers: { Accept: 'application/occi+json' } });
    expect(listing.body).toContain('compute/action#stop');
    expect(listing.body).not.toMatch(/suspend\b/);
  });

  test.each([
    ['an entity', () => plain],
    ['a collection', () => '/compute/'],
    ['all resources', () => '/resource/'],
    ['a collection of a mixin', () => '/mixin/os_tpl/'],
  ])('is 501 with its reason on %s', async (_, path) => {
    const { status, body } = await act(path(), 'suspend');
    expect([status, body.trim()]).toEqual([501, SENTENCE]);
  });

  test('leaves the others as they are', async () => {
    expect(await offered(disk)).toEqual(['offline', 'backup', 'snapshot', 'resize']);
    expect((await act(disk, 'offline', 'storage')).status).toBe(200);
    expect((await act(plain, 'suspended')).status).toBe(400);
  });
});

test('An action that one entity can never carry out is not offered with it, and is with others', async () => {
  expect(await offered(strange)).toEqual(['stop', 'save']);
  expect(await offered(plain)).toEqual(['stop', 'restart', 'save']);
});
