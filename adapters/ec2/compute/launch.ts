/**
 * Launches. Everything that can be refused is looked at before RunInstances (`launch-plan.ts`), and nothing comes after
 * it: what EC2 gives only to a machine that runs is written in its tags. One token makes one machine: `ClientToken`
 * tells EC2 so over all processes, and a tag tells us.
 */

import type { PublicKey } from '../../../lib/adapter/contextualization.ts';
import type { Draft } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import { type Cloud, clientToken } from '../cloud.ts';
import { findInstance } from '../machine/reads.ts';
import { type Instance, launched } from '../native/index.ts';
import { publicKeyOf, userDataOf } from './contextualization.ts';
import { dropKey, importAgain, importKey, keyName } from './keys.ts';
import { type Input, inputOf, type Plan, planned } from './launch-plan.ts';
import { toldOfLaunch } from './launch-refusals.ts';

const KEY_UNSEEN = /^InvalidKeyPair\.NotFound$/;

/** Before a launch is sent again with a key that was imported just now, in milliseconds. */
const PAUSE = 500;
/** Time that the second launch needs at least, in milliseconds. */
const FOR_THE_LAUNCH = 2000;

/** EC2 may not know for a while what it was given (EC2 API, Eventual consistency); nothing was made. */
const keyUnseen = (cause: unknown): OcciError =>
  new OcciError('unavailable', 'The cloud does not know the public key yet that it was given; try again.', {
    cause,
    headers: { 'Retry-After': '5' },
  });

/**
 * Sends a launch. A key that is not there, or not seen yet, is imported again, and a moment later the launch is sent
 * once more.
 */
async function send(cloud: Cloud, input: Input, key: PublicKey | undefined): Promise<Instance> {
  const attempt = () => cloud.ec2.call('RunInstances', input, launched);
  try {
    return await attempt();
  } catch (error) {
    if (!key || !isRefused(error, KEY_UNSEEN)) throw error;
    await importAgain(cloud, key);
    if (cloud.deadline !== undefined && Date.now() + PAUSE + FOR_THE_LAUNCH > cloud.deadline) throw keyUnseen(error);
  }
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  return attempt().catch((error) => {
    throw isRefused(error, KEY_UNSEEN) ? keyUnseen(error) : error;
  });
}

const isGone = ({ State }: Instance): boolean => State.Name === 'shutting-down' || State.Name === 'terminated';

/** How often what was made under a token may have been taken back before. */
const ATTEMPTS = 5;

/**
 * Launches under a token. EC2 answers a token that it knows with the machine of then: where that was taken back, the
 * next of a row of tokens that follows from this one is tried. Under a token that was sent with other parameters (a
 * default has changed since) there may be a machine, which is found by its tag.
 */
async function run(cloud: Cloud, input: Input, token: string, key: PublicKey | undefined): Promise<Instance> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const ClientToken = clientToken(attempt === 0 ? token : `${token} ${attempt}`);
    try {
      const instance = await send(cloud, { ...input, ClientToken }, key);
      if (!isGone(instance)) return instance;
    } catch (error) {
      if (!isRefused(error, /^IdempotentParameterMismatch$/)) throw toldOfLaunch(error);
      const found = await findInstance(cloud, token);
      if (found && !isGone(found)) return found;
      throw error;
    }
  }
  throw new OcciError('conflict', 'What was made under the token of this request was deleted again, several times.');
}

const causeOf = (error: unknown): unknown => (error instanceof OcciError ? error.cause : undefined);

/**
 * True where the group that a launch was given without having asked for it is not there: the tenant has deleted it
 * meanwhile.
 */
const isWithoutGroup = (error: unknown, { groups }: Plan): boolean =>
  groups.isPreset && isRefused(causeOf(error), /^InvalidGroup(Id)?\.NotFound$/);

/** Plans and sends what was planned; where the tenant's own group is gone it is made again, once. */
async function attempted(
  cloud: Cloud,
  draft: Draft<'compute'>,
  token: string,
  first: Plan,
  key: PublicKey | undefined,
) {
  const KeyName = key && keyName(cloud, key);
  const attempt = (plan: Plan) => {
    const input = { ...inputOf(cloud, draft, plan), ...(KeyName !== undefined && { KeyName }) };
    return translateErrors('compute', () => run(cloud, input, token, key));
  };
  try {
    return await attempt(first);
  } catch (error) {
    if (!isWithoutGroup(error, first)) throw error;
  }
  for (const id of first.groups.ids) cloud.tokens.forget(id);
  const second = await planned(cloud, draft, token);
  return attempt(second).catch((error) => {
    if (!isWithoutGroup(error, second)) throw error;
    throw new OcciError('unavailable', 'The cloud does not show the securitygroup of the compute yet; try again.', {
      cause: error,
      headers: { 'Retry-After': '5' },
    });
  });
}

/**
 * Launches a machine with its links: RunInstances, 1 call for a key that this process has not imported, those that
 * check the targets of the links, 1 each for an image and for types that this process does not know, and once per
 * process and tenant those for the tenant's own security group. Throws `invalid` naming the attribute or the mixin,
 * `conflict` naming zones; when something fails, nothing is left but that group.
 */
export async function launch(cloud: Cloud, draft: Draft<'compute'>, token: string): Promise<Instance> {
  const key = publicKeyOf(draft.attributes);
  // Before any call: what is wrong with the request itself.
  userDataOf(draft.attributes);
  const plan = await planned(cloud, draft, token);
  const KeyName = key && (await importKey(cloud, key));
  try {
    return await attempted(cloud, draft, token, plan, key);
  } catch (error) {
    const mayBeThere = error instanceof OcciError && error.unknownOutcome;
    // A key that is not seen yet is for the next attempt.
    if (!mayBeThere && !isRefused(causeOf(error), KEY_UNSEEN)) await dropKey(cloud, KeyName);
    throw error;
  }
}
