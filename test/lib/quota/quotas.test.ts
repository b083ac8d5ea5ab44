import { afterEach, describe, expect, test } from '@jest/globals';
import type { Endpoint, EndpointOptions } from '../../endpoint.ts';
import * as containers from './containers.ts';
import { action, attribute, category, compute, cores, type Limits, shown, size, storage, usage } from './containers.ts';

let endpoint: Endpoint;
const begin = async (perTenant: Limits, options: EndpointOptions = {}) => {
  endpoint = await containers.withLimits(perTenant, options);
};
afterEach(() => endpoint.stop());

const send = (method: string, path: string, body?: string, headers = {}) =>
  containers.send(endpoint, method, path, body, headers);
const make = (body: string, headers = {}) => containers.make(endpoint, body, headers);
const made = (body: string) => containers.made(endpoint, body);
const list = (path: string) => containers.list(endpoint, path);
const used = async (name: string) => (await usage(endpoint))[name].used;

const REFUSED = [403, expect.stringMatching(/^The quota of your tenant allows /)];

describe('A quota', () => {
  test('names itself, what is used and what the request needs', async () => {
    await begin({ cores: 10 });
    await made(cores(8));
    expect(shown(await make(cores(4)))).toEqual([
      403,
      'The quota of your tenant allows 10 cores: 8 are used and the request needs 4.',
    ]);
    await made(cores(2));
  });

  test.each([
    ['computes', { compute: 1 }, compute(), '1 compute: 1 is used and the request needs 1.'],
    [
      'memory, also that of a size',
      { memory: 5 },
      compute(size('large')),
      '5 GiB of memory: 4 are used and the request needs 4.',
    ],
    [
      'cores that the cloud gives without being asked',
      { cores: 1 },
      compute(),
      '1 core: 1 is used and the request needs 1.',
    ],
    ['storage', { storage: 15 }, storage(10), '15 GiB of storage: 10 are used and the request needs 10.'],
    [
      'addresses',
      { addresses: 1 },
      category('ipreservation'),
      '1 reserved address: 1 is used and the request needs 1.',
    ],
  ])('limits %s', async (_, limits, body, message) => {
    await begin(limits);
    await made(body);
    expect(shown(await make(body))).toEqual([403, `The quota of your tenant allows ${message}`]);
  });

  test('of zero lets nothing be made, and a kind without a quota is not limited', async () => {
    await begin({ compute: 0 });
    expect(shown(await make(compute()))).toEqual(REFUSED);
    await made(storage(1000));
    await made(category('network'));
  });

  test('is used to the last by sizes that binary fractions cannot hold', async () => {
    await begin({ storage: 0.3 });
    for (const _ of [1, 2, 3]) await made(storage(0.1));
    expect(shown(await make(storage(0.1)))).toEqual(REFUSED);
  });

  test('is free again at once after a delete, of one or of all', async () => {
    await begin({ compute: 2 });
    for (let round = 0; round < 3; round++) {
      const first = await made(compute());
      await made(compute());
      expect(shown(await make(compute()))).toEqual(REFUSED);
      expect((await send('DELETE', first)).status).toBe(200);
      await made(compute());
      expect(shown(await make(compute()))).toEqual(REFUSED);
      expect((await send('DELETE', '/compute/?all=true')).status).toBe(200);
    }
  });

  test('counts what was there before there were limits', async () => {
    await begin({});
    const { table } = endpoint;
    await made(cores(3));
    await endpoint.stop();
    await begin({ cores: 4 }, { table });
    expect(shown(await make(cores(2)))).toEqual([
      403,
      'The quota of your tenant allows 4 cores: 3 are used and the request needs 2.',
    ]);
  });

  test('limits several entities of one request together: all of them or none', async () => {
    await begin({ storage: 10 });
    const several = (...sizes: number[]) => ({
      resources: sizes.map((gib) => ({
        kind: 'http://schemas.ogf.org/occi/infrastructure#storage',
        attributes: { 'occi.storage.size': gib },
      })),
    });
    const post = (body: object) =>
      send('POST', '/storage/', JSON.stringify(body), { 'Content-Type': 'application/occi+json' });
    expect(shown(await post(several(4, 4, 4)))[0]).toBe(403);
    expect(await list('/storage/')).toEqual([]);
    expect((await post(several(4, 4, 2))).status).toBe(201);
    expect(await used('storage')).toBe(10);
  });

  test('limits a PUT at a path of the client, which stays free', async () => {
    await begin({ compute: 1 });
    expect((await send('PUT', '/compute/one', compute())).status).toBe(201);
    expect(shown(await send('PUT', '/compute/two', compute()))).toEqual(REFUSED);
    await send('DELETE', '/compute/one');
    expect((await send('PUT', '/compute/two', compute())).status).toBe(201);
  });

  test('gives back what a create reserved that the cloud refuses', async () => {
    await begin({ cores: 4 }, { cloud: { fail: { 'compute.create': { failure: 'conflict', times: 2 } } } });
    for (const _ of [1, 2]) expect((await make(cores(4))).status).toBe(409);
    await made(cores(4));
  });

  test('gives back what was rolled back of several entities', async () => {
    const fail = { 'storage.create': { failure: 'conflict', after: 1, times: 1 } };
    await begin({ storage: 10, createsPerHour: 2 }, { cloud: { fail } });
    const kind = 'http://schemas.ogf.org/occi/infrastructure#storage';
    const resources = [5, 5].map((gib) => ({ kind, attributes: { 'occi.storage.size': gib } }));
    const json = { 'Content-Type': 'application/occi+json' };
    expect((await send('POST', '/storage/', JSON.stringify({ resources }), json)).status).toBe(409);
    expect(await list('/storage/')).toEqual([]);
    expect((await send('POST', '/storage/', JSON.stringify({ resources }), json)).status).toBe(201);
  });
});

describe('A change that makes something larger', () => {
  test('of a compute needs the difference, in a partial and in a full update', async () => {
    await begin({ cores: 4, memory: 8 });
    const path = await made(cores(2));
    expect(shown(await send('POST', path, attribute('occi.compute.cores=5')))).toEqual([
      403,
      'The quota of your tenant allows 4 cores: 2 are used and the request needs 3.',
    ]);
    expect((await send('POST', path, attribute('occi.compute.cores=4'))).status).toBe(200);
    expect(shown(await make(compute()))).toEqual(REFUSED);
    expect(shown(await send('PUT', path, cores(6)))).toEqual(REFUSED);
    expect((await send('PUT', path, cores(3))).status).toBe(200);
    expect(await used('cores')).toBe(3);
    await made(compute());
  });

  test('by another size, and by the collection of a size, is limited too', async () => {
    await begin({ cores: 3 });
    const path = await made(compute(size('small')));
    expect(shown(await send('POST', path, size('large')))).toEqual(REFUSED);
    const location = `X-OCCI-Location: ${endpoint.url}${path}`;
    const reply = await send('POST', '/mixin/resource_tpl/large/', location);
    expect([reply.status, reply.body]).toEqual([409, expect.stringContaining('allows 3 cores')]);
    expect((await send('POST', '/mixin/resource_tpl/medium/', location)).status).toBe(200);
    expect(await used('cores')).toBe(2);
  });

  test('of a storage is limited, as update and as action', async () => {
    await begin({ storage: 10 });
    const path = await made(storage(4));
    const resize = (gib: number) =>
      send('POST', `${path}?action=resize`, action('resize', 'storage', attribute(`size=${gib}`)));
    expect(shown(await resize(11))).toEqual([
      403,
      'The quota of your tenant allows 10 GiB of storage: 4 are used and the request needs 7.',
    ]);
    expect((await resize(6)).status).toBe(200);
    expect(shown(await send('POST', path, attribute('occi.storage.size=11')))).toEqual(REFUSED);
    expect((await send('POST', path, attribute('occi.storage.size=8'))).status).toBe(200);
    expect(await used('storage')).toBe(8);
    expect(shown(await make(storage(3)))).toEqual(REFUSED);
  });

  test('by a copy needs room for the copy', async () => {
    await begin({ storage: 10 });
    const path = await made(storage(4));
    const backup = () => send('POST', `${path}?action=backup`, action('backup', 'storage'));
    expect((await backup()).status).toBe(200);
    expect(shown(await backup())).toEqual([
      403,
      'The quota of your tenant allows 10 GiB of storage: 8 are used and the request needs 4.',
    ]);
    expect(await used('storage')).toBe(8);
  });

  test('that fails gives back what it needed', async () => {
    await begin({ cores: 4 }, { cloud: { fail: { 'compute.update': { failure: 'conflict', times: 1 } } } });
    const path = await made(cores(1));
    expect((await send('POST', path, attribute('occi.compute.cores=4'))).status).toBe(409);
    await made(cores(3));
  });

  test('of something else costs nothing', async () => {
    await begin({ cores: 4, storage: 4 });
    const path = await made(cores(4));
    endpoint.reset();
    await send('POST', path, attribute('occi.core.title="web"'));
    const { calls } = endpoint;
    const counted = { ...calls };
    const plain = await containers.withLimits({});
    const other = await containers.made(plain, cores(4));
    plain.reset();
    await containers.send(plain, 'POST', other, attribute('occi.core.title="web"'));
    expect(counted).toEqual(plain.calls);
    await plain.stop();
  });
});

describe('Limits of single tenants', () => {
  test('replace those of all tenants, value by value', async () => {
    const tenants = { anonymous: { cores: 2, compute: 'none' } };
    await begin({}, { settings: { limits: { perTenant: { cores: 8, compute: 1, memory: 3 }, tenants } } });
    await made(compute());
    await made(compute());
    expect(shown(await make(compute()))).toEqual([403, expect.stringContaining('allows 2 cores')]);
    expect(await usage(endpoint)).toMatchObject({
      compute: { limit: null, used: null, left: null },
      cores: { limit: 2, used: 2, left: 0 },
      memory: { limit: 3, used: 2, left: 1 },
    });
  });

  test('may lift all of them', async () => {
    await begin(
      {},
      { settings: { limits: { perTenant: { compute: 0 }, tenants: { anonymous: { compute: 'none' } } } } },
    );
    await made(compute());
    expect(await usage(endpoint)).toMatchObject({ tenant: 'anonymous', compute: { limit: null } });
  });
});
