/** Computes (INF-2 to INF-5): servers of Nova, with what Neutron and Cinder know of them. */
import type { KindAdapter } from '../../../lib/adapter/contract.ts';
import type { Cloud } from '../cloud.ts';
import { readMachines } from '../machine/listing.ts';
import { readMachine } from '../machine/machine.ts';
import { readServerIds } from '../machine/server-pages.ts';
import { known, toCompute } from './entity.ts';

export const compute = (cloud: Cloud): KindAdapter<'compute'> => ({
  cannotHold: ['occi.compute.share', 'occi.compute.speed'],

  ids: (query) => readServerIds(cloud, query),

  async list(query) {
    const [facts, { items, ...rest }] = await Promise.all([known(cloud), readMachines(cloud, query)]);
    return { ...rest, items: items.map((machine) => toCompute(cloud, facts, machine)) };
  },

  async get(id) {
    const [facts, machine] = await Promise.all([known(cloud), readMachine(cloud, id)]);
    return toCompute(cloud, facts, machine);
  },
});
