import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Adapter, KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import type { Endpoint } from '../../endpoint.ts';
import { entity, list, make, pathOf, plain, read } from './payloads.ts';
import { serve } from './served.ts';

describe('A cloud that still lists what was deleted (ADR-4)', () => {
  let endpoint: Endpoint;
  const ghosts = new Map<string, Awaited<ReturnType<KindAdapter<'compute'>['get']>>>();

  /** Computes that were removed linger on in listings and reads, as terminated instances do. */
  const lingering = (compute: KindAdapter<'compute'>): KindAdapter<'compute'> => ({
    ...compute,
    lingers: 86_400,
    ids: async (query) => ({ items: [...(await compute.ids(query)).items, ...ghosts.keys()] }),
    list: async (query) => ({ items: [...(await compute.list(query)).items, ...ghosts.values()] }),
    get: async (id) => ghosts.get(id) ?? compute.get(id),
    async remove(id) {
      if (ghosts.has(id)) return;
      const native = await compute.get(id);
      await compute.remove!(id);
      ghosts.set(id, native);
    },
  });

  beforeEach(async () => {
    ghosts.clear();
    endpoint = await serve((service) => ({
      ...service,
      backendFor: async (...of) => {
        const backend = await service.backendFor(...of);
        const { kinds } = backend.adapter;
        return { ...backend, adapter: { ...backend.adapter, kinds: { ...kinds, compute: lingering(kinds.compute!) } } };
      },
    }));
  });
  afterEach(() => endpoint.stop());

  test('it is gone from every listing and at every path', async () => {
    const reply = await endpoint.send('PUT', '/compute/web', entity('text/plain', { kind: 'compute' }));
    const uuid = (await read(endpoint, '/compute/web')).id.slice(9);
    expect((await endpoint.send('DELETE', pathOf(reply.headers.location!))).status).toBe(200);
    expect(ghosts.size).toBe(1);
    for (const path of ['/compute/web', `/compute/${uuid}`]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const call = method === 'POST' ? entity('text/plain', { kind: 'compute' }) : {};
        expect((await endpoint.send(method, path, call)).status).toBe(404);
      }
    }
    for (const path of ['/compute/', '/', '/mixin/os_tpl/'])
      expect((await list(endpoint, path)).join()).not.toContain('/compute/');
    const { resources } = JSON.parse(
      (await endpoint.send('GET', '/compute/', { headers: { Accept: 'application/json' } })).body,
    );
    expect(resources).toEqual([]);
    expect((await endpoint.send('DELETE', '/compute/?all=true')).status).toBe(200);
    expect((await endpoint.send('PUT', '/compute/web', entity('text/plain', { kind: 'compute' }))).status).toBe(201);
    expect(await list(endpoint, '/compute/')).toEqual(['/compute/web']);
  });

  test('it cannot be the end of a link or a member any more', async () => {
    const path = await make(endpoint, { kind: 'compute' });
    const { id } = await read(endpoint, path);
    const [network] = await list(endpoint, '/network/');
    await endpoint.send('DELETE', path);
    for (const source of [path, id]) {
      const attributes = { 'occi.core.source': source, 'occi.core.target': network! };
      const reply = await endpoint.send(
        'POST',
        '/networkinterface/',
        entity('text/plain', { kind: 'networkinterface', attributes }),
      );
      expect(reply.status).toBe(400);
    }
    expect((await endpoint.send('DELETE', '/compute/', plain(`X-OCCI-Location: ${path}`))).status).toBe(400);
  });
});

describe('A machine that still has a link which was deleted, as one that is being detached (ADR-4)', () => {
  let endpoint: Endpoint;
  const ghosts: Native[] = [];

  const withGhosts = (native: Native<'compute'>): Native<'compute'> => ({
    ...native,
    links: [...(native.links ?? []), ...ghosts.filter(({ source }) => source!.id === native.id)],
  });
  const detaching = ({ kinds, ...rest }: Adapter): Adapter => {
    const compute = kinds.compute!;
    const links = kinds.networkinterface!;
    return {
      ...rest,
      kinds: {
        ...kinds,
        compute: {
          ...compute,
          get: async (id) => withGhosts(await compute.get(id)),
          list: async (query) => {
            const page = await compute.list(query);
            return { ...page, items: page.items.map(withGhosts) };
          },
        },
        networkinterface: {
          ...links,
          lingers: 60,
          async remove(id) {
            const native = await links.get(id);
            await links.remove!(id);
            ghosts.push(native);
          },
        },
      },
    };
  };

  beforeEach(async () => {
    ghosts.length = 0;
    endpoint = await serve((service) => ({
      ...service,
      backendFor: async (...of) => {
        const backend = await service.backendFor(...of);
        return { ...backend, adapter: detaching(backend.adapter) };
      },
    }));
  });
  afterEach(() => endpoint.stop());

  test('shows it no more, alone and in listings, and shows its others', async () => {
    const [network] = await list(endpoint, '/network/');
    const path = await make(endpoint, { kind: 'compute' });
    const attach = async () => {
      const attributes = { 'occi.core.source': path, 'occi.core.target': network! };
      return await make(endpoint, { kind: 'networkinterface', attributes });
    };
    const gone = await read(endpoint, await attach());
    const kept = await read(endpoint, await attach());
    expect((await endpoint.send('DELETE', `/networkinterface/${gone.id.slice(9)}`)).status).toBe(200);
    expect(ghosts).toHaveLength(1);
    const { body } = await endpoint.send('GET', '/compute/', { headers: { Accept: 'application/occi+json' } });
    const { resources } = JSON.parse(body) as { resources: { links: { id: string }[] }[] };
    for (const { links } of [(await read(endpoint, path)) as (typeof resources)[number], ...resources])
      expect(links.map(({ id }) => id)).toEqual([kept.id]);
  });
});
