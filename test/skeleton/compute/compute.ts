/** Machines as `compute`. The endpoint offers `create`, `update`, `remove` and `act` once they are implemented here. */
import * as z from 'zod';
import type { KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import type { Get } from '../api/client.ts';
import { type Vm, vm } from '../native/index.ts';
import { stateOf } from '../states.ts';

export const toOcci = ({ id, name, status, cpus, megabytes }: Vm): Native<'compute'> => ({
  kind: 'compute',
  id: String(id),
  attributes: {
    'occi.core.title': name,
    'occi.compute.cores': cpus,
    'occi.compute.memory': megabytes / 1024,
    ...stateOf(status),
  },
  mixins: [],
  links: [],
});

export const compute = (get: Get): KindAdapter<'compute'> => {
  const list = async () => ({ items: (await get('vms', z.array(vm))).map(toOcci) });
  return {
    list,
    ids: async () => ({ items: (await list()).items.map(({ id }) => id) }),
    get: async (id) => toOcci(await get(`vms/${encodeURIComponent(id)}`, vm)),
    cannotHold: ['occi.core.summary', 'occi.compute.share', 'occi.compute.speed'],
  };
};
