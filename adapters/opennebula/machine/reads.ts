/** Reads machines: one, or a page of those that the caller may see. */

import type { NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { type PoolCall, readHighest, readPage } from '../api/pages.ts';
import { type Cloud, objectId } from '../cloud.ts';
import { POOL_FILTER } from '../config.ts';
import { type Vm, vm, vmIds, vmPool } from '../native/index.ts';

/** STATE of a deleted machine, which oned still returns. */
const DONE = 6;
/** `state` of a pool call: all that are not DONE. */
const NOT_DONE = [-1] as const;

/** A machine. Throws `notFound` if it does not exist, is deleted, or is not visible to the caller. */
export async function readVm({ client }: Cloud, id: NativeId): Promise<Vm> {
  const number = objectId(id);
  if (number === undefined) throw new OcciError('notFound', 'There is no such compute.');
  const found = await translateErrors('compute', () => client.call('one.vm.info', [number], vm, { repeatable: true }));
  if (found.STATE === DONE) throw new OcciError('notFound', 'There is no such compute.');
  return found;
}

/** A page of machines, whole: one call. */
export const readVms = (cloud: Cloud, query: PageQuery): Promise<Page<Vm>> =>
  translateErrors('compute', () =>
    readPage(
      cloud,
      {
        method: 'one.vmpool.infoextended',
        before: [POOL_FILTER[cloud.settings.filter]],
        after: NOT_DONE,
        shape: vmPool,
        idOf: ({ ID }) => ID,
      },
      query,
    ),
  );

const shortPool = ({ settings }: Cloud): PoolCall<number> => ({
  method: 'one.vmpool.info',
  before: [POOL_FILTER[settings.filter]],
  after: NOT_DONE,
  shape: vmIds,
  idOf: (id) => id,
});

/** A page of ids: one call, whose answer is a third as long. */
export const readVmIds = (cloud: Cloud, query: PageQuery): Promise<Page<number>> =>
  translateErrors('compute', () => readPage(cloud, shortPool(cloud), query));

/** The highest id in a listing: one call. */
export const highestVm = (cloud: Cloud): Promise<number | undefined> =>
  translateErrors('compute', () => readHighest(cloud, shortPool(cloud)));

/** A machine, as `readVm`. Throws `notFound` also for one that may be used but is not listed. */
export async function readListedVm(cloud: Cloud, id: NativeId): Promise<Vm> {
  const [{ uid, gid, groups }, found] = await Promise.all([cloud.verdict(), readVm(cloud, id)]);
  const { filter } = cloud.settings;
  const isInGroup = filter === 'group' && (found.GID === gid || groups.includes(found.GID));
  if (filter === 'all' || found.UID === uid || isInGroup) return found;
  throw new OcciError('notFound', 'There is no such compute.');
}
