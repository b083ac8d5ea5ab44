/**
 * Key pairs. EC2 launches with keys by name only, so each key of a tenant is imported once, under a name derived from
 * the key, and deleted with the last instance that uses it. A running instance does not need its key pair, so the key
 * is deleted before the instance: if the delete is interrupted, a repeated one still finds the instance and completes
 * it. Only a create that died before its launch and is never repeated leaves an orphan: an unused public key.
 */

import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { PublicKey } from '../../../lib/adapter/contextualization.ts';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import { type Cloud, memoryOf, TAG } from '../cloud.ts';
import { type Instance, instances } from '../native/index.ts';
import { Recent } from '../recent.ts';

const OURS = /^occi-[0-9a-f]{64}$/;

/** The name of a tenant's key. Each tenant has a key pair of its own, so that no tenant deletes another's. */
export const keyName = ({ account }: Cloud, { type, data }: PublicKey): string =>
  `occi-${createHash('sha256').update(`${account.tenant}\n${type} ${data}`).digest('hex')}`;

/** The scope under which this process remembers the imported keys of a tenant. */
const memoryOfKeys = (cloud: Cloud): string => `${memoryOf(cloud, 'compute')} key`;

async function sendKey(cloud: Cloud, name: string, key: PublicKey): Promise<void> {
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
    // The name is derived from the key, so a duplicate name means that this key exists.
    if (isRefused(error, /^InvalidKeyPair\.Duplicate$/)) return;
    if (!isRefused(error, /^(InvalidKey(Pair)?\.Format|InvalidParameterValue)$/)) throw error;
    throw new OcciError('invalid', `The value of ${key.attribute} is not a public key that this cloud accepts.`, {
      cause: error,
    });
  }
}

/**
 * Makes sure that a key exists and returns its name: 1 call, or no call if this process has imported it. Throws
 * `invalid` naming the attribute.
 */
export function importKey(cloud: Cloud, key: PublicKey): Promise<string> {
  const name = keyName(cloud, key);
  return cloud.tokens.createOnce(memoryOfKeys(cloud), name, async () => {
    await translateErrors('compute', () => sendKey(cloud, name, key));
    return name;
  });
}

/** Imports a key again that another process has deleted meanwhile: 1 call. */
export async function importAgain(cloud: Cloud, key: PublicKey): Promise<string> {
  const name = keyName(cloud, key);
  await translateErrors('compute', () => sendKey(cloud, name, key));
  return name;
}

/** Ended instances whose keys this process has dropped. */
const KEYLESS = new Recent<true>('compute', 60 * 60_000);

/** Deletes the key pair of an instance that has ended, as `dropKey`, once per process: nobody may ever delete it. */
export async function dropKeyOfEnded(cloud: Cloud, { InstanceId, KeyName }: Instance): Promise<void> {
  if (KEYLESS.get(cloud, InstanceId)) return;
  KEYLESS.keep(cloud, InstanceId, true);
  await dropKey(cloud, KeyName, InstanceId);
}

/** States of instances that still use their key. */
const USING = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] };

/**
 * Deletes a key pair of this adapter if no instance but the `leaving` one uses it: 2 calls, no call for a foreign key,
 * 1 if it is in use. True if nothing is left to do. Best effort, never throws: the tenant's next instance with a
 * leftover key reuses it, and the key is deleted with that instance.
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
    // Best effort: the call and its failure are in the log.
    return false;
  }
}
