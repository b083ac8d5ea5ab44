/** Actions on a compute: one native call each, answered when oned has accepted them. */
import * as z from 'zod';
import type { ActResult, NativeId } from '../../lib/adapter.ts';
import { isFailure, OcciError } from '../../lib/errors.ts';
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes } from '../../lib/occi/types.ts';
import { nativeAction } from './actions.ts';
import { type Cloud, objectId, toldOf } from './cloud.ts';
import { saveCompute } from './compute-save.ts';
import { readVm } from './vms.ts';

/** Runs an action. Throws `conflict` naming action and state where it does not apply. */
export async function actOn(
  cloud: Cloud,
  id: NativeId,
  action: ActionTermOf<KindOf<'compute'>>,
  attributes: Attributes,
): Promise<ActResult> {
  if (action === 'save') return { mixin: await saveCompute(cloud, id, attributes) };
  const number = objectId(id);
  if (number === undefined) throw new OcciError('notFound', 'There is no such compute.');
  const look = () => readVm(cloud, id);
  try {
    await toldOf('compute', look, () =>
      cloud.client.call('one.vm.action', [nativeAction(action, attributes.method), number], z.unknown()),
    );
  } catch (error) {
    if (!isFailure(error, 'conflict')) throw error;
    // A machine that is gone refuses every action for its state.
    await look();
    throw new OcciError('conflict', error.message.replace(/^The action /, `The action ${action} `), {
      cause: error.cause,
      headers: error.headers,
    });
  }
  return {};
}
