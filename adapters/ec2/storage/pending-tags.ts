/**
 * The tags of pending storage links. `occi:link:<volume>` on the instance holds the device, followed by a word that
 * says since when the link has been pending, or why it failed for good. Tags of a launch hold no time, because a
 * repeated launch must have the same parameters: they count from the first launch. There is one tag per volume, so that
 * concurrent writes cannot overwrite each other.
 */

import { isLate } from '../machine/pending-timeout.ts';
import type { Instance, Tag } from '../native/index.ts';
import { isDevice } from './device-names.ts';
import { isVolumeId } from './reads.ts';

const PREFIX = 'occi:link:';

/** Why a link failed for good, as a word in the tag and as a message. */
const FAILURES = {
  gone: 'The storage was deleted before it could be attached.',
  taken: 'The storage was attached to another compute before this one ran.',
  device: 'The compute uses the device for a disk of its own: delete the link and make another.',
  full: 'The compute has as many disks as it can have.',
  refused: 'The cloud does not permit that the storage is attached.',
  zone: 'The storage and the compute are in different zones.',
} as const;

export type LinkFailure = keyof typeof FAILURES;

/** A pending or a failed link. `device` has no directory. */
export interface PendingLink {
  readonly volume: string;
  readonly device: string;
  readonly failed?: LinkFailure;
  /** Since when it has been pending; without it, since the first launch. */
  readonly since?: Date;
}

/** The key of the tag, for a filter or to delete it. */
export const linkKey = (volume: string): string => PREFIX + volume;

export const linkTag = ({ volume, device, failed, since }: PendingLink): Tag => ({
  Key: linkKey(volume),
  Value: [device, failed ?? since?.toISOString() ?? []].flat().join(' '),
});

/** A time as `linkTag` formats it. */
function timeOf(word: string): Date | undefined {
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(word) ? new Date(word) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time : undefined;
}

/** The links in the tags of an instance. Anyone in the account may have written them, so malformed ones are ignored. */
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

/** The state of a pending link, and why. */
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
