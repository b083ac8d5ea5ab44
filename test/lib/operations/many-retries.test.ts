/** A retry of a request that makes many entities, on a cloud that takes its time to say what an attempt has made. */
import { afterEach, expect, test } from '@jest/globals';
import type { KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Endpoint } from '../../endpoint.ts';
import { collection, INFRASTRUCTURE, list } from './payloads.ts';
import { serve } from './served.ts';

const COUNT = 12;
const AT_ONCE = 8;

let endpoint: Endpoint;
afterEach(() => endpoint.stop());

test('looks for them side by side, and makes those that are missing', async () => {
  let isLost = true;
  let running = 0;
  let most = 0;
  let letGo = () => {};
  const full = new Promise<void>((resolve) => {
    letGo = resolve;
  });

  /** Answers no search before as many run as may: searches one after the other would never end. */
  const slow = (storage: KindAdapter<'storage'>): KindAdapter<'storage'> => ({
    ...storage,
    async create(draft, token) {
      const made = await storage.create!(draft, token);
      if (isLost && token.endsWith(`-${COUNT - 2}`)) {
        throw new OcciError('timedOut', 'The cloud did not answer in time.', { unknownOutcome: true });
      }
      return made;
    },
    async remove(id) {
      if (isLost) throw new OcciError('unavailable', 'The cloud is away.');
      return storage.remove!(id);
    },
    async findByToken(token): Promise<Native<'storage'> | undefined> {
      running++;
      most = Math.max(most, running);
      if (running === AT_ONCE) letGo();
      await full;
      running--;
      return storage.findByToken!(token);
    },
  });

  endpoint = await serve((service) => ({
    ...service,
    backendFor: async (...of) => {
      const backend = await service.backendFor(...of);
      const { kinds } = backend.adapter;
      return { ...backend, adapter: { ...backend.adapter, kinds: { ...kinds, storage: slow(kinds.storage!) } } };
    },
  }));
  const disk = { kind: `${INFRASTRUCTURE}storage`, attributes: { 'occi.storage.size': 1 } };
  const call = collection({ resources: Array.from({ length: COUNT }, () => disk) });
  const send = () =>
    endpoint.send('POST', '/storage/', { ...call, headers: { ...call.headers, 'Idempotency-Key': 'many' } });
  expect((await send()).status).toBe(504);
  isLost = false;
  expect((await send()).status).toBe(201);
  expect(most).toBe(AT_ONCE);
  expect(await list(endpoint, '/storage/')).toHaveLength(COUNT);
});
