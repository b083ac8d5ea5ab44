/** Reads machines: one, or a page of those that the caller may see. */

import type { NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { readPage } from '../api/pages.ts';
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

/** A page of ids: one call, whose answer is a third as long. */
export const readVmIds = (cloud: Cloud, query: PageQuery): Promise<Page<number>> =>
  translateErrors('compute', () =>
    readPage(
      cloud,
      {
        method: 'one.vmpool.info',
        before: [POOL_FILTER[cloud.settings.filter]],
        after: NOT_DONE,
        shape: vmIds,
        idOf: (id) => id,
      },
      query,
    ),
  );
