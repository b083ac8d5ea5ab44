/**
 * Eventual consistency [documented]: for a while after a create, no call finds what was made, or shows it without its
 * tags [known].
 */
import type { Call } from './call.ts';
import { idsIn, notFound } from './ids.ts';
import type { Site } from './site.ts';
import { all, type Element, remove, textAt } from './xml.ts';

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
};

export const hideNew = (call: Call, answer: Element, site: Site): void => {
  const { unseen, untagged } = site.settings;
  if (unseen <= 0 && untagged <= 0) return;
  for (const id of all(answer, ...(MADE[call.action] ?? ['none']))) {
    if (unseen > 0) site.unseen.set(textAt(id), site.clock.now() + unseen);
    if (untagged > 0) site.untagged.set(textAt(id), site.clock.now() + untagged);
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

/** Refuses what names a thing that is not seen yet, or no longer. */
export const checkSeen = (call: Call, site: Site): void => {
  for (const { id } of idsIn(call)) if (site.isUnseen(id) || site.isGone(id)) throw notFound(id);
};
