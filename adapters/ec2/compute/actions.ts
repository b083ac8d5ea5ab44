/** Actions on a compute: its state is looked at, then one call is made, answered when EC2 has accepted it. */

import * as z from 'zod';
import type { ActResult, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { KindOf } from '../../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes } from '../../../lib/occi/types.ts';
import { nativeAction } from '../actions.ts';
import { translateErrors } from '../api/errors.ts';
import { requireApplicable } from '../check-action.ts';
import type { Cloud } from '../cloud.ts';
import { readInstance } from '../machine/reads.ts';
import type { Instance } from '../native/index.ts';
import { settleAddresses } from '../network/pending-addresses.ts';
import { Recent } from '../recent.ts';
import { computeState } from '../states.ts';
import { settleLinks } from '../storage/pending-links.ts';
import { saveCompute } from './save.ts';

type Action = ActionTermOf<KindOf<'compute'>>;

const stateChanges = z.object({
  StartingInstances: z.array(z.object({ CurrentState: z.object({ Name: z.string() }) })).optional(),
  StoppingInstances: z.array(z.object({ CurrentState: z.object({ Name: z.string() }) })).optional(),
});

/** How long EC2 may still tell the state from before an action, in milliseconds. */
const LATE = 3000;

/** States by instance: EC2 says in its answer to an action what the state is now, and may go on to show the one before. */
const ACCEPTED = new Recent<{ readonly before: string; readonly now: string }>('compute', LATE);

/** Keeps what an action was answered with, for all requests of this process. */
function accept(cloud: Cloud, { InstanceId, State }: Instance, now: string | undefined): void {
  if (now !== undefined && now !== State.Name) ACCEPTED.keep(cloud, InstanceId, { before: State.Name, now });
}

/** The instance with the state of that answer, while EC2 shows the one before. */
export function asAccepted(cloud: Cloud, instance: Instance): Instance {
  const accepted = ACCEPTED.get(cloud, instance.InstanceId);
  return accepted?.before === instance.State.Name ? { ...instance, State: { Name: accepted.now } } : instance;
}

/** The instance with all that waited for it to run: no call if nothing did. */
export const settled = async (cloud: Cloud, instance: Instance): Promise<Instance> =>
  settleLinks(cloud, await settleAddresses(cloud, instance));

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
 * Runs an action: 2 calls; more only where something waits that the machine can get now. Throws `notFound`, and
 * `conflict` naming action and state where the action does not apply, or the reason why a machine cannot be suspended.
 */
export async function actOn(cloud: Cloud, id: NativeId, action: Action, attributes: Attributes): Promise<ActResult> {
  const present = asAccepted(cloud, await readInstance(cloud, id));
  requireApplicable('compute', computeState(present).state, action);
  const instance = await settled(cloud, present);
  if (action === 'save') return { mixin: await saveCompute(cloud, instance, attributes) };
  if (action === 'suspend') requireHibernation(instance);
  const { call, input } = nativeAction(action, attributes.method);
  const answer = await translateErrors('compute', () =>
    cloud.ec2.call(call, { InstanceIds: [id], ...input }, stateChanges),
  ).catch((error) => {
    throw named(error, action);
  });
  const [change] = answer.StartingInstances ?? answer.StoppingInstances ?? [];
  accept(cloud, instance, change?.CurrentState.Name);
  return {};
}
