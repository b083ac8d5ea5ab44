/**
 * Eventual consistency [documented]: for a while after a create, no call finds what was made, or shows it without its
 * tags [known].
 */
import type { Call } from './call.ts';
import { idsIn, notFound, prefixOf } from './ids.ts';
import { Refusal } from './refusal.ts';
import { lateFor } from './settings.ts';
import type { Site } from './site.ts';
import { all, type Element, remove } from './xml.ts';

/** Where the answer to a create says what was made. */
const MADE: Readonly<Record<string, readonly string[]>> = {
  RunInstances: ['instancesSet', 'item', 'instanceId'],
  CreateVolume: ['volumeId'],
  CreateSnapshot: ['snapshotId'],
  CreateImage: ['imageId'],
  CreateNetworkInterface: ['networkInterface', 'networkInterfaceId'],
  CreateSecurityGroup: ['groupId'],
  CreateSubnet: ['subnet', 'subnetId'],
  CreateVpc: ['vpc', 'vpcId'],
  AllocateAddress: ['allocationId'],
  ImportKeyPair: ['keyName'],
};

/** Key pairs are named and have no id in the calls of the adapter. */
const keyNamed = (name: string): string => `key ${name}`;

/** Begins the time of what a call has made. */
export const hideNew = (call: Call, answer: Element, site: Site): void => {
  const { unseen, untagged } = site.settings;
  for (const { text } of all(answer, ...(MADE[call.action] ?? ['none']))) {
    const kind = call.action === 'ImportKeyPair' ? 'key' : prefixOf(text);
    if (!kind) continue;
    const id = kind === 'key' ? keyNamed(text) : text;
    const [invisible, bare] = [lateFor(unseen, kind), lateFor(untagged, kind)];
    if (invisible > 0) site.unseen.set(id, site.clock.now() + invisible);
    if (bare > 0) site.untagged.set(id, site.clock.now() + bare);
  }
};

/**
 * True for an item that only a filter by tags has found, which it does not have yet; of one that stays, the tags are
 * taken away.
 */
export const isLostWithTags = (call: Call, item: Element, id: string, site: Site): boolean => {
  if (!site.isUntagged(id)) return false;
  remove(item, 'tagSet');
  return call.filters().some(({ name }) => /^tag(:|-key$|-value$)/.test(name));
};

/** Refuses what names a thing that is not seen yet, or no longer. A key pair is deleted whether it is seen or not. */
export const checkSeen = (call: Call, site: Site): void => {
  for (const { id } of idsIn(call)) if (site.isUnseen(id) || site.isGone(id)) throw notFound(id);
  const name = call.get('KeyName');
  if (!name || !site.isUnseen(keyNamed(name)) || !NEEDS_KEY.includes(call.action)) return;
  throw new Refusal('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
};

/** Calls that need the key pair that they name. */
const NEEDS_KEY: readonly string[] = ['RunInstances', 'DescribeKeyPairs'];
