/** A cloud that gives every machine a size, and a full update that leaves it out. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Change } from '../../../lib/adapter/contract.ts';
import type { Endpoint } from '../../endpoint.ts';
import { CRTP, entity, make, RENDERINGS, read } from './payloads.ts';
import { serve } from './served.ts';

const MEDIUM = `${CRTP}medium`;

let endpoint: Endpoint;
/** The changes that the cloud was asked for. */
const asked: Change<'compute'>[] = [];
beforeEach(async () => {
  asked.length = 0;
  endpoint = await serve((service) => ({
    ...service,
    backendFor: async (...of) => {
      const backend = await service.backendFor(...of);
      const { kinds } = backend.adapter;
      const compute: NonNullable<typeof kinds.compute> = {
        ...kinds.compute!,
        alwaysSized: true,
        update(id, change) {
          asked.push(change);
          return kinds.compute!.update!(id, change);
        },
      };
      return { ...backend, adapter: { ...backend.adapter, kinds: { ...kinds, compute } } };
    },
  }));
});
afterEach(() => endpoint.stop());

test.each(RENDERINGS)('In %s, the size stays unless the update asks for another number of cores', async (mediaType) => {
  const machine = await make(endpoint, { kind: 'compute', mixins: [MEDIUM] });
  const put = (attributes: Record<string, string | number>) =>
    endpoint.send('PUT', machine, entity(mediaType, { kind: 'compute', attributes }));
  const repetitions: Record<string, number>[] = [{}, { 'occi.compute.cores': 2 }];
  for (const repeated of repetitions) {
    expect((await put({ 'occi.core.title': 'two', ...repeated })).status).toBe(200);
    const shown = await read(endpoint, machine);
    expect([shown.title, shown.mixins]).toEqual(['two', expect.arrayContaining([MEDIUM])]);
  }
  expect(asked.flatMap(({ removeMixins }) => removeMixins)).toEqual([]);
  expect((await put({ 'occi.compute.cores': 8 })).status).toBe(200);
  expect(asked.at(-1)).toMatchObject({ set: { 'occi.compute.cores': 8 }, removeMixins: [MEDIUM] });
});
