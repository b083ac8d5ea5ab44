/** Volumes of an instance as storage links, read from the instance alone: attached ones and pending ones. */
import type { Native } from '../../../lib/adapter/contract.ts';
import { type Shown, stateIn } from '../../../lib/adapter/states.ts';
import { byId } from '../api/pages.ts';
import type { Cloud } from '../cloud.ts';
import type { BlockDevice, Instance } from '../native/index.ts';
import { Recent } from '../recent.ts';
import { ATTACHMENT } from '../states.ts';
import { bareName, DEVICE } from './device-names.ts';
import { type PendingLink, pendingState, taggedLinks } from './pending-tags.ts';

export type Link = Native<'storagelink'>;
type LinkState = Shown<'active' | 'waiting' | 'inactive' | 'error'>;

/** The mapping of an attached volume; a detaching volume still counts as attached until EC2 reports it gone. */
export const mappingOf = ({ BlockDeviceMappings }: Instance, volume: string): BlockDevice | undefined =>
  BlockDeviceMappings.find(({ Ebs }) => Ebs?.VolumeId === volume && Ebs.Status !== 'detached');

/** Pending links. A tag of a volume that is already attached only waits for its deletion. */
export const pendingLinks = (instance: Instance): PendingLink[] =>
  taggedLinks(instance).filter(({ volume }) => !mappingOf(instance, volume));

/** All devices that are or will be in use. */
export const devicesOf = (instance: Instance): string[] => [
  ...(instance.RootDeviceName === undefined ? [] : [instance.RootDeviceName]),
  ...instance.BlockDeviceMappings.map(({ DeviceName }) => DeviceName),
  ...pendingLinks(instance).map(({ device }) => device),
];

function linkOf(instance: Instance, device: string, volume: string, { state, message }: LinkState): Link {
  return {
    kind: 'storagelink',
    id: `${instance.InstanceId}:${bareName(device)}:${volume}`,
    attributes: {
      [DEVICE]: device,
      'occi.storagelink.state': state,
      ...(message !== undefined && { 'occi.storagelink.state.message': message }),
    },
    mixins: [],
    source: { kind: 'compute', id: instance.InstanceId },
    target: { kind: 'storage', id: volume },
  };
}

/** Disks that are deleted with the instance are part of it: its root, and the others of its image. */
const attached = (instance: Instance): Link[] =>
  instance.BlockDeviceMappings.flatMap(({ DeviceName, Ebs }) =>
    Ebs && !Ebs.DeleteOnTermination && Ebs.Status !== 'detached'
      ? [linkOf(instance, DeviceName, Ebs.VolumeId, stateIn(ATTACHMENT, Ebs.Status))]
      : [],
  );

/** A link that this process has created: attached, or stored for when the instance runs. `device` has no directory. */
interface Made {
  readonly volume: string;
  readonly device: string;
  readonly isAttached: boolean;
}

/** Describe calls are eventually consistent: EC2 may describe an instance as it was before a completed call. */
const RECENT = new Recent<Made & { readonly instance: string }>('storagelink', 60_000);

const nameOf = ({ InstanceId }: Pick<Instance, 'InstanceId'>, volume: string): string => `${InstanceId} ${volume}`;

/** Remembers a new link for a minute, until EC2 shows it. */
export const keepLink = (cloud: Cloud, instance: Pick<Instance, 'InstanceId'>, made: Made): void =>
  RECENT.keep(cloud, nameOf(instance, made.volume), { ...made, instance: instance.InstanceId });

/** The link that this process created within the last minute. */
export const recentlyMade = (cloud: Cloud, instance: Pick<Instance, 'InstanceId'>, volume: string): Made | undefined =>
  RECENT.get(cloud, nameOf(instance, volume));

/** Forgets a removed link. */
export const forgetLink = (cloud: Cloud, instance: Pick<Instance, 'InstanceId'>, volume: string): void =>
  RECENT.forget(cloud, nameOf(instance, volume));

/** Links that this process created and EC2 does not show yet. */
const unseen = (cloud: Cloud, instance: Instance): Link[] =>
  RECENT.all(cloud).flatMap(({ instance: id, volume, device }) => {
    const isTold =
      id !== instance.InstanceId ||
      instance.BlockDeviceMappings.some(({ Ebs }) => Ebs?.VolumeId === volume) ||
      taggedLinks(instance).some((one) => one.volume === volume);
    const state = { state: 'waiting', message: 'The cloud does not show the link yet.' } as const;
    return isTold ? [] : [linkOf(instance, `/dev/${device}`, volume, state)];
  });

/** The storage links of an instance, by device, including those that this process has just created: no call. */
export function toStoragelinks(cloud: Cloud, instance: Instance): Link[] {
  const waiting = pendingLinks(instance).map((one) =>
    linkOf(instance, `/dev/${one.device}`, one.volume, pendingState(instance, one)),
  );
  return [...attached(instance), ...waiting, ...unseen(cloud, instance)].sort(byId(({ id }) => id));
}

/** The link of a volume among those of an instance. */
export const linkTo = (cloud: Cloud, instance: Instance, volume: string): Link | undefined =>
  toStoragelinks(cloud, instance).find(({ target }) => target?.id === volume);

/** The instance as it will be once these volumes are attached, or pending. */
export function withLinks(instance: Instance, now: readonly PendingLink[], tags: Instance['Tags']): Instance {
  const added = now.map(({ volume, device }) => ({
    DeviceName: `/dev/${device}`,
    Ebs: { VolumeId: volume, Status: 'attaching', DeleteOnTermination: false },
  }));
  return { ...instance, BlockDeviceMappings: [...instance.BlockDeviceMappings, ...added], Tags: tags };
}
