/**
 * Launches an instance. Everything that can be refused is checked before RunInstances (`launch-plan.ts`), and no call
 * follows it: what EC2 gives only to a running instance is stored in tags. A token creates one instance: `ClientToken`
 * guarantees it across processes, and a tag lets us find the instance.
 */

import type { PublicKey } from '../../../lib/adapter/contextualization.ts';
import type { Draft } from '../../../lib/adapter/contract.ts';
import { untilVisible } from '../../../lib/adapter/until-visible.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import { onceShown } from '../api/visibility.ts';
import { type Cloud, clientToken } from '../cloud.ts';
import { endingOf } from '../machine/endings.ts';
import { findInstance } from '../machine/reads.ts';
import { type Instance, launched } from '../native/index.ts';
import { publicKeyOf, userDataOf } from './contextualization.ts';
import { dropKey, importAgain, importKey, keyName } from './keys.ts';
import { type Input, inputOf, type Plan, planLaunch } from './launch-plan.ts';
import { translateLaunchRefusal } from './launch-refusals.ts';

const KEY_UNSEEN = /^InvalidKeyPair\.NotFound$/;

/** EC2 may not see a new key for a while (EC2 API, Eventual consistency). No instance was launched. */
const keyUnseen = (cause: unknown): OcciError =>
  new OcciError('unavailable', 'The cloud does not show the new public key yet; try again.', {
    cause,
    headers: { 'Retry-After': '5' },
  });

/**
 * Calls RunInstances. A key that another process has deleted meanwhile is imported again; one that is not visible yet
 * is waited for.
 */
async function runInstances(cloud: Cloud, input: Input, key: PublicKey | undefined): Promise<Instance> {
  const attempt = () => cloud.ec2.call('RunInstances', input, launched);
  try {
    return await attempt();
  } catch (error) {
    if (!key || !isRefused(error, KEY_UNSEEN)) throw error;
    await importAgain(cloud, key);
  }
  return onceShown(cloud, KEY_UNSEEN, attempt).catch((error) => {
    throw isRefused(error, KEY_UNSEEN) ? keyUnseen(error) : error;
  });
}

/** True for an instance that was deleted: one that ended by itself is what the create has made. */
const isGone = (instance: Instance): boolean =>
  ['shutting-down', 'terminated'].includes(instance.State.Name) && endingOf(instance) === undefined;

/** ClientTokens to try, since the instances of the earlier ones may have been terminated. */
const MAX_TOKENS = 5;

/** What EC2 says of a ClientToken whose instance has been terminated (EC2 API Reference, Error codes). */
const TOKEN_SPENT = /^IdempotentInstanceTerminated$/;

/**
 * Launches under a token. Of a ClientToken whose instance has since been terminated, EC2 shows that instance again or
 * refuses the token. In both cases we derive the next token in a fixed sequence and try again. If EC2 knows the token with
 * other parameters (a default has changed since), the instance may exist and is found by its tag.
 */
async function launchOnce(cloud: Cloud, input: Input, token: string, key: PublicKey | undefined): Promise<Instance> {
  for (let attempt = 0; attempt < MAX_TOKENS; attempt++) {
    const ClientToken = clientToken(attempt === 0 ? token : `${token} ${attempt}`);
    try {
      const instance = await runInstances(cloud, { ...input, ClientToken }, key);
      if (!isGone(instance)) return instance;
    } catch (error) {
      if (isRefused(error, TOKEN_SPENT)) continue;
      if (!isRefused(error, /^IdempotentParameterMismatch$/)) throw translateLaunchRefusal(error);
      const found = await findInstance(cloud, token);
      if (found && !isGone(found)) return found;
      throw error;
    }
  }
  throw new OcciError(
    'conflict',
    'The computes created under the token of this request were deleted again, several times; use a new token.',
  );
}

const causeOf = (error: unknown): unknown => (error instanceof OcciError ? error.cause : undefined);

/**
 * True if the default group of the tenant, which the launch used without being asked to, has been deleted meanwhile.
 */
const isWithoutGroup = (error: unknown, { groups }: Plan): boolean =>
  groups.isPreset && isRefused(causeOf(error), /^Invalid(Group(Id)?|SecurityGroupID)\.NotFound$/);

/**
 * Launches a plan. If the default group of the tenant is gone, plans and launches once more with a new group, for which
 * it waits.
 */
async function launchPlanned(
  cloud: Cloud,
  draft: Draft<'compute'>,
  token: string,
  first: Plan,
  key: PublicKey | undefined,
) {
  const KeyName = key && keyName(cloud, key);
  const attempt = (plan: Plan) => {
    const input = { ...inputOf(cloud, draft, plan), ...(KeyName !== undefined && { KeyName }) };
    return translateErrors('compute', () => launchOnce(cloud, input, token, key));
  };
  try {
    return await attempt(first);
  } catch (error) {
    if (!isWithoutGroup(error, first)) throw error;
  }
  for (const id of first.groups.ids) cloud.tokens.forget(id);
  const second = await planLaunch(cloud, draft, token);
  const isUnseen = (error: unknown) => isWithoutGroup(error, second);
  const { deadline } = cloud;
  return untilVisible(() => attempt(second), { isUnseen, deadline }).catch((error) => {
    if (!isUnseen(error)) throw error;
    throw new OcciError('unavailable', 'The cloud does not show the securitygroup of the compute yet; try again.', {
      cause: error,
      headers: { 'Retry-After': '5' },
    });
  });
}

/**
 * Launches an instance with its links: RunInstances, 1 call for a key that this process has not imported, the calls
 * that check the targets of the links, 1 each for an image and for types that are not cached, and once per process and
 * tenant those for the tenant's default security group. Throws `invalid` naming the attribute or the mixin, `conflict`
 * naming zones. A failed launch leaves nothing behind except that group.
 */
export async function launch(cloud: Cloud, draft: Draft<'compute'>, token: string): Promise<Instance> {
  const key = publicKeyOf(draft.attributes);
  // Validates the user data before any call.
  userDataOf(draft.attributes);
  const plan = await planLaunch(cloud, draft, token);
  const KeyName = key && (await importKey(cloud, key));
  try {
    return await launchPlanned(cloud, draft, token, plan, key);
  } catch (error) {
    const mayExist = error instanceof OcciError && error.unknownOutcome;
    // Keep a key that is not visible yet: the next attempt needs it.
    if (!mayExist && !isRefused(causeOf(error), KEY_UNSEEN)) await dropKey(cloud, KeyName);
    throw error;
  }
}
