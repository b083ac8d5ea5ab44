/** Actions on a compute: checks the state, then makes one call. Returns once EC2 has accepted it. */

import * as z from 'zod';
import { requireApplicable } from '../../../lib/adapter/applicable.ts';
import type { ActResult, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { KindOf } from '../../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes } from '../../../lib/occi/types.ts';
import { nativeAction } from '../actions.ts';
import { translateErrors } from '../api/errors.ts';
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

/** How long EC2 may still show the state from before an action. */
const STALE_STATE_MS = 3000;

/** The new state from EC2's response to an action, by instance, because a later read may still show the old one. */
const ACCEPTED = new Recent<{ readonly before: string; readonly now: string }>('compute', STALE_STATE_MS);

/** Caches the state in the response to an action, for all requests of this process. */
function rememberState(cloud: Cloud, { InstanceId, State }: Instance, now: string | undefined): void {
  if (now !== undefined && now !== State.Name) ACCEPTED.keep(cloud, InstanceId, { before: State.Name, now });
}

/** The instance with the accepted state, as long as EC2 shows the old one. */
export function asAccepted(cloud: Cloud, instance: Instance): Instance {
  const accepted = ACCEPTED.get(cloud, instance.InstanceId);
  return accepted?.before === instance.State.Name ? { ...instance, State: { Name: accepted.now } } : instance;
}

/** Attaches pending addresses and volumes: no call if none are pending. */
export const settled = async (cloud: Cloud, instance: Instance): Promise<Instance> =>
  settleLinks(cloud, await settleAddresses(cloud, instance));

/** Throws `conflict` for an instance that cannot hibernate. This is fixed at launch. */
function requireHibernation({ HibernationOptions }: Instance): void {
  if (HibernationOptions?.Configured) return;
  throw new OcciError(
    'conflict',
    'The compute cannot be suspended: it was not launched for it (hibernation). Stop it instead.',
  );
}

/** Adds the action to a conflict that EC2 reports, which may be about a state that its listing does not show yet. */
const withAction = (error: unknown, action: Action): unknown =>
  isFailure(error, 'conflict') && !error.message.includes(action)
    ? new OcciError('conflict', `The action ${action} is not possible. ${error.message}`, { cause: error.cause })
    : error;

/**
 * Runs an action: 2 calls, more only if pending links can be attached now. Throws `notFound`, and `conflict` naming the
 * action and the state if the action does not apply, or the reason why the compute cannot be suspended.
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
    throw withAction(error, action);
  });
  const [change] = answer.StartingInstances ?? answer.StoppingInstances ?? [];
  rememberState(cloud, instance, change?.CurrentState.Name);
  return {};
}
