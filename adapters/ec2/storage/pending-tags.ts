/**
 * Links to storage that wait for their compute to run are tags of the instance: `occi:link:<volume>` is the device, and
 * a word after it says since when the link waits, or why it will never be. Tags of a launch say no time, for a launch
 * that is repeated must be the same: they wait since the first launch. One tag for each volume: two that are written at
 * once cannot overwrite each other.
 */

import { isLate } from '../machine/pending-timeout.ts';
import type { Instance, Tag } from '../native/index.ts';
import { isDevice } from './device-names.ts';
import { isVolumeId } from './reads.ts';

const PREFIX = 'occi:link:';

/** Why a link cannot come to be, in the tag and in words. */
const FAILURES = {
  gone: 'The storage was deleted before it could be attached.',
  taken: 'The storage was attached to another compute before this one ran.',
  device: 'The compute uses the device for a disk of its own: delete the link and make another.',
  full: 'The compute has as many disks as it can have.',
  refused: 'The cloud does not permit that the storage is attached.',
  zone: 'The storage and the compute are in different zones.',
} as const;

export type LinkFailure = keyof typeof FAILURES;

/** A link that waits, or one that came to nothing. `device` is without its folder. */
export interface PendingLink {
  readonly volume: string;
  readonly device: string;
  readonly failed?: LinkFailure;
  /** Since when it waits; if nothing is said, since the first launch. */
  readonly since?: Date;
}

/** Name of the tag, for a filter or to delete it. */
export const linkKey = (volume: string): string => PREFIX + volume;

export const linkTag = ({ volume, device, failed, since }: PendingLink): Tag => ({
  Key: linkKey(volume),
  Value: [device, failed ?? since?.toISOString() ?? []].flat().join(' '),
});

/** A time as `linkTag` writes it. */
function timeOf(word: string): Date | undefined {
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(word) ? new Date(word) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time : undefined;
}

/** Links that the tags of an instance tell of; anybody in the account may have written them. */
export function taggedLinks({ Tags }: Pick<Instance, 'Tags'>): PendingLink[] {
  return Tags.flatMap(({ Key, Value }) => {
    if (!Key.startsWith(PREFIX)) return [];
    const volume = Key.slice(PREFIX.length);
    const [device = '', word, ...rest] = Value.split(' ');
    if (!isVolumeId(volume) || !isDevice(device) || rest.length > 0) return [];
    if (word === undefined) return [{ volume, device }];
    if (Object.hasOwn(FAILURES, word)) return [{ volume, device, failed: word as LinkFailure }];
    const since = timeOf(word);
    return since ? [{ volume, device, since }] : [];
  });
}

/** State of a link that is a tag, and why it is so. */
export function pendingState(instance: Instance, { failed, since }: PendingLink) {
  if (failed !== undefined) return { state: 'error', message: FAILURES[failed] } as const;
  if (isLate(instance, since)) {
    return {
      state: 'error',
      message: 'The storage could not be attached in time: delete the link and make another.',
    } as const;
  }
  return { state: 'waiting', message: 'The storage is attached when the compute runs.' } as const;
}
