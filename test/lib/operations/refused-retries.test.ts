/** A retry that the cloud refuses says nothing of the attempt before it, whose answer was lost: the next retry still finds what that one made. */
import { afterEach, expect, test } from '@jest/globals';
import type { KindAdapter } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Endpoint } from '../../endpoint.ts';
import { entity, list } from './payloads.ts';
import { serve } from './served.ts';

let endpoint: Endpoint;
afterEach(() => endpoint.stop());

test.each([
  ['POST', '/storage/', 1],
  ['PUT', '/disks/first', 0],
] as const)('%s %s', async (method, path, keys) => {
  let day: 'lost' | 'refused' | 'good' = 'lost';

  const bad = (storage: KindAdapter<'storage'>): KindAdapter<'storage'> => ({
    ...storage,
    async create(draft, token) {
      const made = await storage.create!(draft, token);
      if (day === 'lost')
        throw new OcciError('timedOut', 'The cloud did not answer in time.', { unknownOutcome: true });
      return made;
    },
    async findByToken(token) {
      if (day === 'refused') throw new OcciError('unauthenticated', 'The token has ended.');
      return await storage.findByToken!(token);
    },
  });

  endpoint = await serve((service) => ({
    ...service,
    backendFor: async (...of) => {
      const backend = await service.backendFor(...of);
      const { kinds } = backend.adapter;
      return { ...backend, adapter: { ...backend.adapter, kinds: { ...kinds, storage: bad(kinds.storage!) } } };
    },
  }));
  const call = entity('text/plain', { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
  const key: Record<string, string> = keys > 0 ? { 'Idempotency-Key': 'one' } : {};
  const send = async () =>
    (await endpoint.send(method, path, { ...call, headers: { ...call.headers, ...key } })).status;
  expect(await send()).toBe(504);
  day = 'refused';
  expect(await send()).toBe(401);
  day = 'good';
  expect(await send()).toBe(201);
  expect(await list(endpoint, '/storage/')).toHaveLength(1);
});
