import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KindAdapter, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Endpoint } from '../../endpoint.ts';
import { entity, make, plain, read } from './payloads.ts';
import { serve } from './served.ts';

const START = 'http://schemas.ogf.org/occi/infrastructure/compute/action#';

describe('A cloud that does not show new entities at once', () => {
  let endpoint: Endpoint;
  /** What the cloud denies. */
  const hidden = new Set<NativeId>();
  let appearsWithin: number | undefined;
  let unseen = true;

  const shy = (compute: KindAdapter<'compute'>): KindAdapter<'compute'> => {
    const seen = (id: NativeId) => {
      if (hidden.has(id)) throw new OcciError('notFound', 'There is no such compute.', { unseen });
    };
    return {
      ...compute,
      ...(appearsWithin !== undefined && { appearsWithin }),
      lingers: 60,
      ids: async (query) => ({ items: (await compute.ids(query)).items.filter((id) => !hidden.has(id)) }),
      async get(id) {
        seen(id);
        return compute.get(id);
      },
      async create(draft, token) {
        const made = await compute.create!(draft, token);
        hidden.add(made.id);
        return made;
      },
      async update(id, change) {
        seen(id);
        return compute.update!(id, change);
      },
      async act(id, action, attributes) {
        seen(id);
        return compute.act!(id, action, attributes);
      },
      async remove(id) {
        seen(id);
        return compute.remove!(id);
      },
    };
  };

  beforeEach(async () => {
    hidden.clear();
    appearsWithin = 60;
    unseen = true;
    endpoint = await serve((service) => ({
      ...service,
      backendFor: async (...of) => {
        const backend = await service.backendFor(...of);
        const { kinds } = backend.adapter;
        return { ...backend, adapter: { ...backend.adapter, kinds: { ...kinds, compute: shy(kinds.compute!) } } };
      },
    }));
  });
  afterEach(() => endpoint.stop());

  const stop = (path: string) =>
    endpoint.send('POST', `${path}?action=stop`, plain(`Category: stop; scheme="${START}"; class="action"`));

  test('has it shown as waiting, and neither lost nor changed before it is there', async () => {
    const path = await make(endpoint, { kind: 'compute' });
    const { attributes } = await read(endpoint, path);
    expect(attributes).toMatchObject({
      'occi.compute.state': 'waiting',
      'occi.compute.state.message': 'The cloud does not show it yet.',
    });
    const titled = entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
    for (const reply of [
      await endpoint.send('POST', path, titled),
      await stop(path),
      await endpoint.send('DELETE', path),
    ]) {
      expect(reply.status).toBe(503);
      expect(reply.headers['retry-after']).toBe('5');
      expect(reply.body).toContain('was made a moment ago');
    }
    hidden.clear();
    expect((await read(endpoint, path)).attributes['occi.compute.state']).toBe('active');
    expect((await stop(path)).status).toBe(200);
    expect((await endpoint.send('DELETE', path)).status).toBe(200);
    expect((await endpoint.send('GET', path)).status).toBe(404);
  });

  test('is believed when it denies what it should show by now', async () => {
    appearsWithin = 0;
    const path = await make(endpoint, { kind: 'compute' });
    expect((await endpoint.send('GET', path)).status).toBe(404);
    expect((await endpoint.send('DELETE', path)).status).toBe(404);
  });

  test('is believed when it knows that the entity is gone', async () => {
    const path = await make(endpoint, { kind: 'compute' });
    unseen = false;
    expect((await endpoint.send('GET', path)).status).toBe(404);
    expect((await endpoint.send('DELETE', path)).status).toBe(404);
  });

  test('is believed where it says nothing of such times', async () => {
    appearsWithin = undefined;
    const path = await make(endpoint, { kind: 'compute' });
    expect((await endpoint.send('GET', path)).status).toBe(404);
  });
});
