/**
 * Reads machines: one, or a page of those that the caller may see. Those whose deletion was accepted are left out, and
 * deleted where oned does that now (`delete.ts`).
 */

import type { NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { type PoolCall, readHighest, readPage } from '../api/pages.ts';
import { type Cloud, objectId } from '../cloud.ts';
import { POOL_FILTER } from '../config.ts';
import { type LabelledVm, type Vm, vm, vmIds, vmPool } from '../native/index.ts';
import { carryOut, isDoomed } from './delete.ts';

/** STATE of a deleted machine, which oned still returns. */
const DONE = 6;
/** `state` of a pool call: all that are not DONE. */
const NOT_DONE = [-1] as const;

/** A machine. Throws `notFound` if it does not exist, is deleted or to be deleted, or is not visible to the caller. */
export async function readVm(cloud: Cloud, id: NativeId): Promise<Vm> {
  const { client } = cloud;
  const number = objectId(id);
  if (number === undefined) throw new OcciError('notFound', 'There is no such compute.');
  const found = await translateErrors('compute', () => client.call('one.vm.info', [number], vm, { repeatable: true }));
  if (found.STATE === DONE) throw new OcciError('notFound', 'There is no such compute.');
  if (isDoomed(found)) {
    await carryOut(cloud, [found]);
    throw new OcciError('notFound', 'There is no such compute.');
  }
  return found;
}

/** A page of machines, whole, of one's own or as the settings say: one call. */
export async function readVms(
  cloud: Cloud,
  query: PageQuery,
  filter: keyof typeof POOL_FILTER = cloud.settings.filter,
): Promise<Page<Vm>> {
  const call = {
    method: 'one.vmpool.infoextended',
    before: [POOL_FILTER[filter]],
    after: NOT_DONE,
    shape: vmPool,
    idOf: ({ ID }: Vm) => ID,
  };
  const page = await translateErrors('compute', () => readPage(cloud, call, query));
  const doomed = page.items.filter(isDoomed);
  if (doomed.length === 0) return page;
  await carryOut(cloud, doomed);
  return { ...page, items: page.items.filter((machine) => !doomed.includes(machine)), isShort: true };
}

const shortPool = ({ settings }: Cloud): PoolCall<number | LabelledVm> => ({
  method: 'one.vmpool.info',
  before: [POOL_FILTER[settings.filter]],
  after: NOT_DONE,
  shape: vmIds,
  idOf: (one) => (typeof one === 'number' ? one : one.ID),
});

/** A page of ids: one call, whose answer is a third as long. */
export async function readVmIds(cloud: Cloud, query: PageQuery): Promise<Page<number>> {
  const { idOf, ...call } = shortPool(cloud);
  const page = await translateErrors('compute', () => readPage(cloud, { ...call, idOf }, query));
  const doomed = page.items.flatMap((one) => (typeof one !== 'number' && isDoomed(one) ? one : []));
  await carryOut(cloud, doomed);
  const gone = new Set(doomed.map(({ ID }) => ID));
  return { ...page, items: page.items.map(idOf).filter((id) => !gone.has(id)), isShort: gone.size > 0 };
}

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
