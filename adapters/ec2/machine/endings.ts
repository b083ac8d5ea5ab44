/**
 * Instances that ended without the user's delete: at their launch, from the inside, or because the cloud took them back.
 * EC2 shows them, with the reason, for about an hour. Until then they are computes in the state `error` that can only be
 * deleted; one that a user has deleted is gone at once.
 */

import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import type { Instance } from '../native/index.ts';
import { Recent } from '../recent.ts';

/** A delete by a user, or something that ends no instance. */
const WANTED = undefined;

/** Every reason of EC2 (EC2 API, StateReason), as what a client can do about it. */
const ENDINGS = {
  'Server.InsufficientInstanceCapacity':
    'The cloud had no room for a compute of this size: delete it, and make another later or of another size.',
  'Server.InternalError': 'The cloud failed while it started the compute: delete it and make another.',
  'Server.ScheduledStop': 'The cloud ended the compute because its hardware was retired: delete it and make another.',
  'Server.SpotInstanceShutdown': 'The cloud took the compute back, which it had lent only: delete it and make another.',
  'Server.SpotInstanceTermination':
    'The cloud took the compute back, which it had lent only: delete it and make another.',
  'Client.InstanceInitiatedShutdown': 'The compute was shut down from the inside and ended with that.',
  'Client.InstanceTerminated': 'The compute ended while an OS template was made of it.',
  'Client.InternalError':
    'The compute ended while it started; usually the provider may not use the key that encrypts its disks: tell the provider.',
  'Client.InvalidSnapshot.NotFound':
    'The compute ended while it started, because a disk of its OS template is gone: use another OS template.',
  'Client.UserInitiatedHibernate': WANTED,
  'Client.UserInitiatedShutdown': WANTED,
  'Client.VolumeLimitExceeded':
    'The compute ended while it started, because the provider can have no more disks: delete it, and tell the provider.',
} as const satisfies Readonly<Record<string, string | undefined>>;

const ENDED: readonly string[] = ['shutting-down', 'terminated'];

/** Why an instance ended that no user deleted, as a sentence for the client; undefined for any other instance. */
export function endingOf({ State, StateReason }: Pick<Instance, 'State' | 'StateReason'>): string | undefined {
  const { Code } = StateReason ?? {};
  if (Code === undefined || !ENDED.includes(State.Name)) return undefined;
  if (Object.hasOwn(ENDINGS, Code)) return ENDINGS[Code as keyof typeof ENDINGS];
  const known = /^[A-Za-z.]{1,80}$/.test(Code) ? ` (${Code})` : '';
  return `The cloud ended the compute${known}: delete it and make another.`;
}

/** Throws `conflict` for an instance that has ended, of which nothing can be changed. */
export function requireLiving(instance: Instance): void {
  if (endingOf(instance) === undefined) return;
  throw new OcciError('conflict', 'The compute has ended and cannot be changed any more: delete it and make another.');
}

/** Ended instances that a user has deleted: EC2 goes on showing them, and the table hides them from other processes. */
const DELETED = new Recent<true>('compute', 60 * 60_000);

/** Keeps in mind that a user has deleted an ended instance. No call. */
export const keepDeleted = (cloud: Cloud, id: string): void => DELETED.keep(cloud, id, true);

/** True for an ended instance that is shown: no user has deleted it. */
export const isShownEnded = (cloud: Cloud, instance: Instance): boolean =>
  endingOf(instance) !== undefined && DELETED.get(cloud, instance.InstanceId) === undefined;
