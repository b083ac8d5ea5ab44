/**
 * Actions on a compute: one native call each, answered when oned has accepted it. For some milliseconds oned may still
 * show the previous state (measured on 6.10); a read within the same request then shows the machine as waiting.
 */

import * as z from 'zod';
import type { ActResult, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { KindOf } from '../../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes } from '../../../lib/occi/types.ts';
import { nativeAction } from '../actions.ts';
import { translateChangeErrors } from '../api/errors.ts';
import { type Cloud, objectId } from '../cloud.ts';
import { readVm } from '../machine/reads.ts';
import { saveCompute } from './save.ts';

const STATE = 'occi.compute.state';

/** States that an accepted action ends. */
const ENDED: Readonly<Partial<Record<ActionTermOf<KindOf<'compute'>>, readonly string[]>>> = {
  start: ['inactive', 'suspended'],
  stop: ['active'],
  suspend: ['active'],
};
/** How long after an action the previous state is ignored, in milliseconds. */
const STALE_STATE_MS = 500;

/** Actions that oned has accepted during this request. */
export class Accepted {
  readonly #ended = new Map<NativeId, { readonly states: readonly string[]; readonly until: number }>();

  add(id: NativeId, action: ActionTermOf<KindOf<'compute'>>): void {
    this.#ended.set(id, { states: ENDED[action] ?? [], until: Date.now() + STALE_STATE_MS });
  }

  /**
   * The machine, shown as waiting while it is still in the state that an action has ended. If it is still in that state
   * later, the action has failed.
   */
  shown(native: Native<'compute'>): Native<'compute'> {
    const ended = this.#ended.get(native.id);
    const isLate = ended && Date.now() <= ended.until && ended.states.includes(native.attributes[STATE] ?? '');
    return isLate ? { ...native, attributes: { ...native.attributes, [STATE]: 'waiting' } } : native;
  }
}

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
    await translateChangeErrors('compute', look, () =>
      cloud.client.call('one.vm.action', [nativeAction(action, attributes.method), number], z.unknown()),
    );
  } catch (error) {
    if (!isFailure(error, 'conflict')) throw error;
    // oned refuses every action on a deleted machine because of its state.
    await look();
    throw new OcciError('conflict', error.message.replace(/^The action /, `The action ${action} `), {
      cause: error.cause,
      headers: error.headers,
    });
  }
  return {};
}
