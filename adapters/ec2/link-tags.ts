/**
 * Links to storage that wait for their compute to run are tags of the instance: `occi:link:<volume>` is the device, and a word after it
 * says why the link will never be. One tag for each volume: two that are written at once cannot overwrite each other.
 */
import { isDevice } from './device-names.ts';
import type { Instance, Tag } from './native.ts';
import { isVolumeId } from './volumes.ts';

const PREFIX = 'occi:link:';

/** Why a link cannot come to be, in the tag and in words. */
const FAILURES = {
  gone: 'The storage was deleted before it could be attached.',
  taken: 'The storage was attached to another compute before this one ran.',
  device: 'The compute uses the device for a disk of its own: delete the link and make another.',
  full: 'The compute has as many disks as it can have.',
  zone: 'The storage and the compute are in different zones.',
} as const;

export type LinkFailure = keyof typeof FAILURES;

/** A link that waits, or one that came to nothing. `device` is without its folder. */
export interface PendingLink {
  readonly volume: string;
  readonly device: string;
  readonly failed?: LinkFailure;
}

/** Name of the tag, for a filter or to delete it. */
export const linkKey = (volume: string): string => PREFIX + volume;

export const linkTag = ({ volume, device, failed }: PendingLink): Tag => ({
  Key: linkKey(volume),
  Value: failed === undefined ? device : `${device} ${failed}`,
});

/** Links that the tags of an instance tell of; anybody in the account may have written them. */
export function taggedLinks({ Tags }: Pick<Instance, 'Tags'>): PendingLink[] {
  return Tags.flatMap(({ Key, Value }) => {
    if (!Key.startsWith(PREFIX)) return [];
    const volume = Key.slice(PREFIX.length);
    const [device = '', failed, ...rest] = Value.split(' ');
    if (!isVolumeId(volume) || !isDevice(device) || rest.length > 0) return [];
    if (failed === undefined) return [{ volume, device }];
    return Object.hasOwn(FAILURES, failed) ? [{ volume, device, failed: failed as LinkFailure }] : [];
  });
}

/** How long after a launch a link may still come to be, in milliseconds: nobody expects a disk to appear later. */
const PATIENCE = 15 * 60_000;

/** True when what waits has waited in vain. A machine that is started again is launched again. */
export const isLate = ({ LaunchTime }: Instance): boolean => Date.now() - (LaunchTime?.getTime() ?? 0) > PATIENCE;

/** State of a link that is a tag, and why it is so. */
export function pendingState(instance: Instance, { failed }: PendingLink) {
  if (failed !== undefined) return { state: 'error', message: FAILURES[failed] } as const;
  if (isLate(instance)) {
    return {
      state: 'error',
      message: 'The storage could not be attached in time: delete the link and make another.',
    } as const;
  }
  return { state: 'waiting', message: 'The storage is attached when the compute runs.' } as const;
}
