/** Actions on a compute: its state is looked at, then one call is made, answered when EC2 has accepted it. */
import * as z from 'zod';
import type { ActResult, NativeId } from '../../lib/adapter.ts';
import { isFailure, OcciError } from '../../lib/errors.ts';
import { KINDS, type KindOf } from '../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes } from '../../lib/occi/types.ts';
import { nativeAction } from './actions.ts';
import { type Cloud, told } from './cloud.ts';
import { saveCompute } from './compute-save.ts';
import { readInstance } from './instances.ts';
import type { Instance } from './native.ts';
import { computeState } from './states.ts';

type Action = ActionTermOf<KindOf<'compute'>>;

/** Throws `conflict`, naming state and action, when the kind's table does not allow the action in this state (H11-14). */
export function requireApplicable(instance: Instance, action: Action): void {
  const { state } = computeState(instance);
  const possible: readonly string[] = KINDS.compute.life.actions[state];
  if (possible.includes(action)) return;
  const instead = possible.length > 0 ? `what it can do is ${possible.join(', ')}` : 'no action applies now';
  throw new OcciError('conflict', `The compute is ${state}, so the action ${action} does not apply; ${instead}.`);
}

const stateChanges = z.object({
  StartingInstances: z.array(z.object({ CurrentState: z.object({ Name: z.string() }) })).optional(),
  StoppingInstances: z.array(z.object({ CurrentState: z.object({ Name: z.string() }) })).optional(),
});

/** How long a listing may still tell the state from before an action, in milliseconds. */
const LATE = 3000;

/** What a request has had accepted: EC2 says in its answer what the state is now, and may go on to show the one before. */
export class Accepted {
  readonly #states = new Map<NativeId, { readonly before: string; readonly now: string; readonly until: number }>();

  add({ InstanceId, State }: Instance, now: string | undefined): void {
    if (now === undefined || now === State.Name) return;
    this.#states.set(InstanceId, { before: State.Name, now, until: Date.now() + LATE });
  }

  /** The instance with the state of the answer while EC2 shows the one before. */
  shown(instance: Instance): Instance {
    const accepted = this.#states.get(instance.InstanceId);
    const isLate = accepted && Date.now() <= accepted.until && accepted.before === instance.State.Name;
    return isLate ? { ...instance, State: { Name: accepted.now } } : instance;
  }
}

/** Throws `conflict` for a machine that cannot hibernate, which is decided at its launch for ever. */
function requireHibernation({ HibernationOptions }: Instance): void {
  if (HibernationOptions?.Configured) return;
  throw new OcciError(
    'conflict',
    'The compute cannot be suspended: it was not launched for it (hibernation). Stop it instead.',
  );
}

/** An action as told by whoever refused it: EC2 may know of a state that its listing does not show yet. */
const named = (error: unknown, action: Action): unknown =>
  isFailure(error, 'conflict') && !error.message.includes(action)
    ? new OcciError('conflict', `The action ${action} is not possible. ${error.message}`, { cause: error.cause })
    : error;

/**
 * Runs an action: 2 calls. Throws `notFound`, and `conflict` naming action and state where the action does not apply, or the reason why
 * a machine cannot be suspended.
 */
export async function actOn(
  cloud: Cloud,
  accepted: Accepted,
  id: NativeId,
  action: Action,
  attributes: Attributes,
): Promise<ActResult> {
  const instance = await readInstance(cloud, id);
  requireApplicable(instance, action);
  if (action === 'save') return { mixin: await saveCompute(cloud, instance, attributes) };
  if (action === 'suspend') requireHibernation(instance);
  const { call, input } = nativeAction(action, attributes.method);
  const answer = await told('compute', () => cloud.ec2.call(call, { InstanceIds: [id], ...input }, stateChanges)).catch(
    (error) => {
      throw named(error, action);
    },
  );
  const [change] = answer.StartingInstances ?? answer.StoppingInstances ?? [];
  accepted.add(instance, change?.CurrentState.Name);
  return {};
}
