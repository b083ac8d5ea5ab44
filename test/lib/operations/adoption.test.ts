import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Adapter } from '../../../lib/adapter/contract.ts';
import { principal } from '../../../lib/auth/principal.ts';
import type { AuthScheme } from '../../../lib/auth/scheme.ts';
import { Identities } from '../../../lib/mapping/identity.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { partitionsOf } from '../../../lib/table/partition-keys.ts';
import type { Table } from '../../../lib/table/table.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { category, entity, list, make, plain, read } from './payloads.ts';
import { serve } from './served.ts';

const TAG = 'http://example.org/tags#mine';
const TENANT = 'anonymous';
const ELSEWHERE = partitionsOf('dummy', 'elsewhere');

/** All rows of a tenant but those under the prefixes, as another tenant’s: of them the process has no memory. */
async function movedTo(tenant: string, table: Table, ...without: string[]): Promise<Table> {
  const moved = memoryTable();
  const partitions = partitionsOf('dummy', 'test');
  for (const what of ['tenant', 'cloud'] as const) {
    const { items } = await table.query(partitions[what](TENANT), '');
    for (const row of items) {
      if (what === 'cloud' || !without.some((prefix) => row.sk.startsWith(prefix)))
        await moved.put({ ...row, pk: partitions[what](tenant) });
    }
  }
  return moved;
}

/** Calls of the adapter since the last reset. */
let calls: string[];
function watched(adapter: Adapter): Adapter {
  const kinds = Object.fromEntries(
    Object.entries(adapter.kinds).map(([kind, methods]) => [
      kind,
      Object.fromEntries(
        Object.entries(methods).map(([name, method]) => [
          name,
          typeof method === 'function'
            ? (...values: never[]) => {
                calls.push(`${kind}.${name}`);
                return (method as (...values: never[]) => unknown)(...values);
              }
            : method,
        ]),
      ),
    ]),
  );
  return { ...adapter, kinds };
}

describe('An entity that the store does not know is found by its id (ADR-4)', () => {
  let first: Endpoint;
  let endpoint: Endpoint;
  let table: Table;
  beforeEach(async () => {
    table = memoryTable();
    first = await startEndpoint({ table });
    calls = [];
    endpoint = await serve(
      (service) => ({
        ...service,
        backendFor: async (...of) => {
          const backend = await service.backendFor(...of);
          return { ...backend, adapter: watched(backend.adapter) };
        },
      }),
      { table, settings: { adapter: { name: 'dummy', site: 'elsewhere' } } },
    );
  });
  afterEach(async () => {
    await first.stop();
    await endpoint.stop();
  });
  /** A compute that is in the cloud, but of which neither the store nor the memory of the process knows. */
  async function native(): Promise<{ id: string; path: string; uuid: string }> {
    const id = `c-${randomUUID()}`;
    const row = { pk: ELSEWHERE.cloud(TENANT), sk: id, version: 1, token: 'x', mixins: [] };
    await table.put({ ...row, attributes: { 'occi.compute.state': 'active', 'occi.core.title': 'old' } });
    const { path, uuid } = new Identities('dummy', 'elsewhere').of('compute', id);
    return { id, path, uuid };
  }

  test('a listing shows it and writes nothing', async () => {
    const { path } = await native();
    endpoint.reset();
    for (const mediaType of ['text/uri-list', 'application/occi+json']) {
      await endpoint.send('GET', '/compute/', { headers: { Accept: mediaType } });
    }
    expect(await list(endpoint, '/compute/')).toEqual([path]);
    expect(endpoint.calls).toEqual({ query: expect.any(Number), queryKeys: expect.any(Number) });
  });

  test('a GET by its path finds it by listing once, and remembers it', async () => {
    const { id, path, uuid } = await native();
    calls = [];
    expect((await read(endpoint, path)).title).toBe('old');
    expect(calls).toEqual(['compute.ids', 'compute.get']);
    expect(await table.get({ pk: ELSEWHERE.tenant(TENANT), sk: `entity#${uuid}` })).toMatchObject({
      kind: 'compute',
      native: id,
    });
    calls = [];
    await read(endpoint, path);
    expect(calls).toEqual(['compute.get']);
  });

  test.each(['POST', 'PUT', 'DELETE', 'action'])('a %s reaches it as well', async (method) => {
    const { path } = await native();
    const stop = `Category: ${category('http://schemas.ogf.org/occi/infrastructure/compute/action#stop', 'action')}`;
    const reply =
      method === 'action'
        ? await endpoint.send('POST', `${path}?action=stop`, plain(stop))
        : await endpoint.send(method, path, method === 'DELETE' ? {} : entity('text/plain', { kind: 'compute' }));
    expect(reply.status).toBe(200);
    expect((await endpoint.send('GET', path)).status).toBe(method === 'DELETE' ? 404 : 200);
  });

  test('a link may lead from it, by URN', async () => {
    const { uuid } = await native();
    const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    const attributes = { 'occi.core.source': `urn:uuid:${uuid}`, 'occi.core.target': disk };
    const reply = await endpoint.send(
      'POST',
      '/storagelink/',
      entity('text/plain', { kind: 'storagelink', attributes }),
    );
    expect(reply.status).toBe(201);
  });

  test('an id below another kind is not it', async () => {
    const { path } = await native();
    expect((await endpoint.send('GET', path.replace('/compute/', '/storage/'))).status).toBe(404);
  });

  test('asked for below another kind first, it is found below its own all the same', async () => {
    const { path, uuid } = await native();
    expect((await endpoint.send('GET', `/storage/${uuid}`)).status).toBe(404);
    expect((await endpoint.send('GET', path)).status).toBe(200);
  });

  test('a miss is 404, and is remembered so that it costs the cloud no second listing', async () => {
    const nowhere = `/compute/${new Identities('dummy', 'elsewhere').of('compute', `none-${Math.random()}`).uuid}`;
    calls = [];
    for (let n = 0; n < 5; n++) expect((await endpoint.send('GET', nowhere)).status).toBe(404);
    expect(calls).toEqual(['compute.ids']);
  });

  test('many names of what is not there cost no listing each', async () => {
    const names = Array.from(
      { length: 1000 },
      (_, n) => `X-OCCI-Location: /compute/${new Identities('x', 'y').of('compute', `${n}`).uuid}`,
    );
    const own = await make(endpoint, { kind: 'compute' });
    calls = [];
    expect((await endpoint.send('DELETE', '/compute/', plain(...names))).status).toBe(400);
    expect(calls.length).toBeLessThan(100);
    expect((await endpoint.send('GET', own)).status).toBe(200);
  });
});

describe('When rows of the store are lost', () => {
  let endpoint: Endpoint;
  let other: Endpoint | undefined;
  beforeEach(async () => {
    endpoint = await startEndpoint();
    await endpoint.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`));
  });
  afterEach(async () => {
    await endpoint.stop();
    await other?.stop();
  });
  const without = async (...prefixes: string[]) => {
    await other?.stop();
    const table = await movedTo('bob', endpoint.table, ...prefixes);
    const bob: AuthScheme = { name: 'users', authenticate: () => principal('users', 'bob') };
    other = await serve((service) => ({ ...service, schemes: [bob] }), { table });
    return other;
  };

  test.each(['UUID', 'chosen path'])(
    'an entity is found by its %s without its mapping, with tags and extras',
    async (by) => {
      const attributes = { 'occi.core.title': 'web', 'occi.core.summary': 'front' };
      await endpoint.send('PUT', '/compute/web', entity('text/plain', { kind: 'compute', mixins: [TAG], attributes }));
      const before = await read(endpoint, '/compute/web');
      const after = await without('entity#');
      expect(await read(after, by === 'UUID' ? `/compute/${before.id.slice(9)}` : '/compute/web')).toEqual(before);
      expect(await list(after, '/compute/')).toEqual(['/compute/web']);
      expect(await list(after, '/mine/')).toEqual(['/compute/web']);
    },
  );

  test('entities and links keep their ids without any of them', async () => {
    const [network] = await list(endpoint, '/network/');
    await make(endpoint, { kind: 'compute', links: [{ kind: 'networkinterface', target: network! }] });
    const all = await list(endpoint, '/');
    const after = await without('');
    expect(await list(after, '/')).toEqual(all);
    for (const path of all) expect((await after.send('GET', path)).status).toBe(200);
  });
});
