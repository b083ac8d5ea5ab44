import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KindAdapter } from '../../../lib/adapter/contract.ts';
import type { Endpoint } from '../../endpoint.ts';
import { entity, make, read } from './payloads.ts';
import { serve } from './served.ts';

describe('A cloud that cannot keep every title (ADR-5)', () => {
  let endpoint: Endpoint;
  /** Every title that the cloud was given. */
  const given: unknown[] = [];

  const plainTitles = (compute: KindAdapter<'compute'>): KindAdapter<'compute'> => ({
    ...compute,
    cannotHoldValue: (name, value) => name === 'occi.core.title' && /[^ -~]/.test(String(value)),
    create(draft, token) {
      given.push(draft.attributes['occi.core.title']);
      return compute.create!(draft, token);
    },
    update(id, change) {
      given.push(change.set['occi.core.title']);
      return compute.update!(id, change);
    },
  });

  beforeEach(async () => {
    given.length = 0;
    endpoint = await serve((service) => ({
      ...service,
      backendFor: async (...of) => {
        const backend = await service.backendFor(...of);
        const { kinds } = backend.adapter;
        const compute = plainTitles(kinds.compute!);
        return { ...backend, adapter: { ...backend.adapter, kinds: { ...kinds, compute } } };
      },
    }));
  });
  afterEach(() => endpoint.stop());

  const titled = (title: string) => ({ kind: 'compute', attributes: { 'occi.core.title': title } }) as const;

  test('has those that it cannot keep in the store', async () => {
    const path = await make(endpoint, titled('rocket 🚀'));
    expect((await read(endpoint, path)).title).toBe('rocket 🚀');
    expect(given).toEqual([undefined]);
  });

  test('shows the last title, wherever the one before was', async () => {
    const path = await make(endpoint, titled('one'));
    for (const title of ['two 🚀', 'three 🚀', 'four', 'five 🚀', 'six']) {
      expect((await endpoint.send('POST', path, entity('text/plain', titled(title)))).status).toBe(200);
      expect((await read(endpoint, path)).title).toBe(title);
    }
    expect(given).toEqual(['one', undefined, undefined, 'four', undefined, 'six']);
  });
});
