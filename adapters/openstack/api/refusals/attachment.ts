/** What Nova's refusals to attach or detach a volume mean. Some come from Cinder, whose sentences Nova passes on. */
import { always, type RefusalRule } from '../../../../lib/adapter/refusals.ts';

const conflict = (message: string) => always('conflict', message);

/** States in which a server cannot be touched that pass by themselves. */
const PASSING = /vm_state building|task_state (?!None)/;
const RETRY_AFTER_SECONDS = 5;

export const ATTACHMENT: readonly RefusalRule[] = [
  {
    when: /^404 itemNotFound Volume \S+ could not be found/,
    as: (_match, kind) =>
      kind === 'storagelink'
        ? { failure: 'invalid', message: 'There is no such storage, or it may not be used.' }
        : { failure: 'invalid', message: `The ${kind} names a storage that does not exist, or may not be used.` },
  },
  { when: /^404 itemNotFound .*is not attached to volume/, as: always('notFound', 'There is no such storagelink.') },
  {
    when: /^40[09] \w+ .*(?:is already attached to instances|volume \S+ already attached)/,
    as: conflict('The storage is in use by a compute already.'),
  },
  {
    when: /^40[09] \w+ .*The supplied device path .* is in use/,
    as: conflict('The device (occi.storagelink.deviceid) is taken by another disk of the compute.'),
  },
  {
    when: /^400 badRequest .*(?:field\/attribute device|supplied device path .* is invalid)/s,
    as: always('invalid', 'The device (occi.storagelink.deviceid) must be a name such as /dev/vdb.'),
  },
  {
    when: /^(?:400|403) \w+ (?:Cannot|Can't) detach (?:a )?root device volume/,
    as: conflict('The compute boots from this storage, so it cannot be detached: delete the compute.'),
  },
  {
    when: /^40[09] \w+ .*not in the same availability_zone/,
    as: conflict('The storage and the compute are in different zones, between which this cloud does not attach.'),
  },
  {
    when: /^403 forbidden .*(?:maximum allowed number of disk devices|Maximum number of .*(?:volumes|disk))/i,
    as: conflict('The compute has as many disks as it can have.'),
  },
  {
    when: /^409 conflictingRequest Cannot '(attach|detach)_volume' instance \S+ while it is in (.*)/,
    as: ([, what, state = '']) => ({
      failure: 'conflict',
      message: `The compute cannot ${what} a storage in its present state.`,
      ...(PASSING.test(state) && { retryAfterSeconds: RETRY_AFTER_SECONDS }),
    }),
  },
  {
    when: /^400 badRequest Invalid volume/,
    as: conflict('The storage cannot be attached or detached in its present state.'),
  },
];
