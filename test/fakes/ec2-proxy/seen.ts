/** Eventual consistency [documented]: for a while after a create, no call finds what was made. */
import type { Call } from './call.ts';
import { idsIn, notFound } from './ids.ts';
import type { Site } from './site.ts';
import { all, type Element, textAt } from './xml.ts';

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
  if (site.settings.unseen <= 0) return;
  for (const id of all(answer, ...(MADE[call.action] ?? ['none']))) {
    site.unseen.set(textAt(id), site.clock.now() + site.settings.unseen);
  }
};

/** Refuses what names a thing that is not seen yet, or no longer. */
export const checkSeen = (call: Call, site: Site): void => {
  for (const { id } of idsIn(call)) if (site.isUnseen(id) || site.isGone(id)) throw notFound(id);
};
