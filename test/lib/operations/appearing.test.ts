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
  /** How often the cloud denies what is hidden before it shows it. */
  let denials = Number.POSITIVE_INFINITY;
  /** Time of a request, in milliseconds. */
  let requestMs = 2200;
  let appearsWithin: number | undefined;
  let unseen = true;

  const isHidden = (id: NativeId): boolean => {
    if (hidden.has(id) && denials-- <= 0) hidden.delete(id);
    return hidden.has(id);
  };

  /** Links to computes, as a cloud makes them that does not find one. */
  const shyLinks = (storagelink: KindAdapter<'storagelink'>): KindAdapter<'storagelink'> => ({
    ...storagelink,
    async create(draft, token) {
      if (isHidden(draft.source!.id)) throw new OcciError('invalid', 'There is no such compute.', { unseen });
      return storagelink.create!(draft, token);
    },
  });

  const shy = (compute: KindAdapter<'compute'>): KindAdapter<'compute'> => {
    const seen = (id: NativeId) => {
      if (isHidden(id)) throw new OcciError('notFound', 'There is no such compute.', { unseen });
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
    denials = Number.POSITIVE_INFINITY;
    requestMs = 2200;
    endpoint = await serve((service) => ({
      ...service,
      backendFor: async (...of) => {
        const backend = await service.backendFor(...of);
        const { kinds } = backend.adapter;
        const hiding = { ...kinds, compute: shy(kinds.compute!), storagelink: shyLinks(kinds.storagelink!) };
        return { ...backend, deadline: Date.now() + requestMs, adapter: { ...backend.adapter, kinds: hiding } };
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

  const link = async (source: string) => {
    const target = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    const ends = { 'occi.core.source': source, 'occi.core.target': target };
    return endpoint.send('POST', '/storagelink/', entity('text/plain', { kind: 'storagelink', attributes: ends }));
  };

  test('is waited for when the entity is changed, acted on, linked to or deleted', async () => {
    requestMs = 20_000;
    const titled = entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
    for (const work of [
      (path: string) => endpoint.send('POST', path, titled),
      stop,
      link,
      (path: string) => endpoint.send('DELETE', path),
    ]) {
      denials = 2;
      const { status, body } = await work(await make(endpoint, { kind: 'compute' }));
      expect([200, 201]).toContain(status);
      expect(body).not.toContain('a moment ago');
    }
  });

  test('has an end that it does not show in time tried again later, and one that it should show refused', async () => {
    const path = await make(endpoint, { kind: 'compute' });
    const reply = await link(path);
    expect([reply.status, reply.headers['retry-after'], reply.body]).toEqual([
      503,
      '5',
      expect.stringContaining('The compute was made a moment ago'),
    ]);
    appearsWithin = 0;
    unseen = false;
    expect((await link(path)).status).toBe(400);
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
