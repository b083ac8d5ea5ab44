/**
 * Key pairs: EC2 takes keys by name only, so each key of a tenant is imported once, under a name that follows from it,
 * and deleted with the last machine that was made with it. A machine keeps the key that it was launched with in any
 * case, so the key goes before the machine does: whatever breaks off then, a repeated delete finds the machine and ends
 * it. What remains is the key of a create that broke off before its launch and is never repeated: a public key, without
 * a machine, in the account's list of them.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { PublicKey } from '../../../lib/adapter/contextualization.ts';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import { type Cloud, memoryOf, TAG } from '../cloud.ts';
import { instances } from '../native/index.ts';

const OURS = /^occi-[0-9a-f]{64}$/;

/** Name of a tenant's key: the same key of two tenants is two key pairs, so that one cannot delete the other's. */
export const keyName = ({ account }: Cloud, { type, data }: PublicKey): string =>
  `occi-${createHash('sha256').update(`${account.tenant}\n${type} ${data}`).digest('hex')}`;

/** Keys are remembered beside what was made: by whom, and under which name. */
const memoryOfKeys = (cloud: Cloud): string => `${memoryOf(cloud, 'compute')} key`;

async function send(cloud: Cloud, name: string, key: PublicKey): Promise<void> {
  const input = {
    KeyName: name,
    PublicKeyMaterial: Buffer.from(`${key.type} ${key.data}`),
    TagSpecifications: [
      { ResourceType: 'key-pair' as const, Tags: [{ Key: TAG.tenant, Value: cloud.account.tenant }] },
    ],
  };
  try {
    await cloud.ec2.call('ImportKeyPair', input, z.unknown());
  } catch (error) {
    // The name follows from the key: what has it already is this key.
    if (isRefused(error, /^InvalidKeyPair\.Duplicate$/)) return;
    if (!isRefused(error, /^(InvalidKey(Pair)?\.Format|InvalidParameterValue)$/)) throw error;
    throw new OcciError('invalid', `The value of ${key.attribute} is no key that this cloud takes.`, { cause: error });
  }
}

/**
 * The name of a key, which is there then: 1 call, none if this process has imported it. Throws `invalid` naming the
 * attribute.
 */
export function importKey(cloud: Cloud, key: PublicKey): Promise<string> {
  const name = keyName(cloud, key);
  return cloud.tokens.createOnce(memoryOfKeys(cloud), name, async () => {
    await translateErrors('compute', () => send(cloud, name, key));
    return name;
  });
}

/** The same for a key that this process took to be there and that is not: another has deleted it meanwhile. 1 call. */
export async function importAgain(cloud: Cloud, key: PublicKey): Promise<string> {
  const name = keyName(cloud, key);
  await translateErrors('compute', () => send(cloud, name, key));
  return name;
}

/** States of machines that still have a use for their key. */
const USING = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] };

/**
 * Deletes a key pair that was made here when no machine has it any more but the one that is `leaving`: 2 calls, none
 * for a key of others, 1 if it is in use. True when nothing is left to do. Never fails: a key that is left over is used
 * again by the tenant's next machine with it, and deleted with that one.
 */
export async function dropKey(cloud: Cloud, name: string | undefined, leaving?: NativeId): Promise<boolean> {
  if (name === undefined || !OURS.test(name)) return true;
  const filters = [{ Name: 'key-name', Values: [name] }, USING];
  try {
    const { items, next } = await cloud.ec2.call('DescribeInstances', { Filters: filters, MaxResults: 5 }, instances);
    if (items.some(({ InstanceId }) => InstanceId !== leaving) || next !== undefined) return false;
    cloud.tokens.forget(name);
    await cloud.ec2.call('DeleteKeyPair', { KeyName: name }, z.unknown());
    return true;
  } catch {
    // The log has the call and how it ended.
    return false;
  }
}
