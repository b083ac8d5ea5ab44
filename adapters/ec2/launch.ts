/**
 * Launches. Everything that can be refused is looked at before RunInstances (`launch-plan.ts`), and nothing comes after it: what EC2
 * gives only to a machine that runs is written in its tags. One token makes one machine: `ClientToken` tells EC2 so over all
 * processes, and a tag tells us.
 */
import type { Draft } from '../../lib/adapter.ts';
import { OcciError } from '../../lib/errors.ts';
import { type Cloud, clientToken, told } from './cloud.ts';
import { type PublicKey, publicKeyOf, userDataOf } from './contextualization.ts';
import { isRefused } from './errors.ts';
import { findInstance } from './instances.ts';
import { dropKey, importAgain, importKey } from './keys.ts';
import { type Input, inputOf, planned } from './launch-plan.ts';
import { toldOfLaunch } from './launch-refusals.ts';
import { type Instance, launched } from './native.ts';

/** Sends a launch; a key that somebody deleted meanwhile is imported once more. */
async function send(cloud: Cloud, input: Input, key: PublicKey | undefined): Promise<Instance> {
  try {
    return await cloud.ec2.call('RunInstances', input, launched);
  } catch (error) {
    if (!key || !isRefused(error, /^InvalidKeyPair\.NotFound$/)) throw error;
    await importAgain(cloud, key);
    return cloud.ec2.call('RunInstances', input, launched);
  }
}

const isGone = ({ State }: Instance): boolean => State.Name === 'shutting-down' || State.Name === 'terminated';

/** How often what was made under a token may have been taken back before. */
const ATTEMPTS = 5;

/**
 * Launches under a token. EC2 answers a token that it knows with the machine of then: where that was taken back, the next of a
 * row of tokens that follows from this one is tried. Under a token that was sent with other parameters (a default has changed
 * since) there may be a machine, which is found by its tag.
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

/**
 * Launches a machine with its links: RunInstances, 1 call for a key that this process has not imported, those that check the
 * targets of the links, 1 each for an image and for types that this process does not know. Throws `invalid` naming the attribute
 * or the mixin, `conflict` naming zones; when something fails, nothing is left.
 */
export async function launch(cloud: Cloud, draft: Draft<'compute'>, token: string): Promise<Instance> {
  const key = publicKeyOf(draft.attributes);
  // Before any call: what is wrong with the request itself.
  userDataOf(draft.attributes);
  const plan = await planned(cloud, draft, token);
  const KeyName = key && (await importKey(cloud, key));
  const input = { ...inputOf(cloud, draft, token, plan), ...(KeyName !== undefined && { KeyName }) };
  try {
    return await told('compute', () => run(cloud, input, token, key));
  } catch (error) {
    const mayBeThere = error instanceof OcciError && error.unknownOutcome;
    if (!mayBeThere) await dropKey(cloud, KeyName);
    throw error;
  }
}
