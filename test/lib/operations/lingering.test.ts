import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KindAdapter } from '../../../lib/adapter/contract.ts';
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
