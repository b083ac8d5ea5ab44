/**
 * What Cinder's refusals mean. Its error classes share few codes: 400 is both a bad value and a volume in a wrong state, 413
 * is a quota (with `Retry-After: 0`) or a rate limit.
 */
import { always, type RefusalRule, type ToClientError } from '../../../../lib/adapter/refusals.ts';

const quotaOf =
  (what: string): ToClientError =>
  () => ({
    failure: 'conflict',
    message: `The project has as many ${what} as its quota allows: delete some, or ask the provider for more.`,
  });

const overSize: ToClientError = ([, wanted, quota, used]) => ({
  failure: 'conflict',
  message:
    wanted === undefined
      ? 'The quota of the project for the size of storage is exceeded: delete some, or ask the provider for more.'
      : `The quota of the project for the size of storage is exceeded: ${wanted} GiB more than the ${used} GiB in use, of ${quota} GiB.`,
});

const wrongState: ToClientError = (_match, kind) => ({
  failure: 'conflict',
  message: `The cloud cannot do this to the ${kind} in its present state.`,
});

export const VOLUME: readonly RefusalRule[] = [
  {
    when: /^413 overLimit .*(?:Volume|Backup)\w*ExceedsAvailableQuota(?:.*Requested (\d+)G, quota is (\d+)G and (\d+)G)?/s,
    as: overSize,
  },
  {
    when: /^413 .*(?:SizeExceedsLimit|larger than maximum allowed limit)/s,
    as: always('conflict', 'The provider allows no storage of this size.'),
  },
  { when: /^413 overLimit .*(?:SnapshotLimitExceeded|number of snapshots)/s, as: quotaOf('snapshots of storage') },
  { when: /^413 overLimit .*(?:BackupLimitExceeded|number of backups)/s, as: quotaOf('backups of storage') },
  { when: /^413 overLimit .*(?:VolumeLimitExceeded|number of volumes)/s, as: quotaOf('storage entities') },
  {
    when: /^413 overLimit .*rate/is,
    as: always('unavailable', 'The cloud gets too many requests; try again later.'),
  },
  { when: /^413 overLimit /, as: quotaOf('storage entities') },
  {
    when: /Service cinder-backup|backup service|No backup service|Service not found for/i,
    as: always('notImplemented', 'This cloud has no service that makes backups of storage.'),
  },
  {
    when: /^400 badRequest Availability zone /,
    as: always('invalid', 'This cloud has no such availability_zone for storage.'),
  },
  {
    when: /^400 badRequest Malformed request url/,
    as: always('unauthenticated', 'The credentials are not valid for the project of this request.'),
  },
  { when: /^400 badRequest Invalid (?:volume|snapshot|backup)\b/, as: wrongState },
  { when: /^409 conflictingRequest /, as: wrongState },
  {
    when: /^404 itemNotFound Volume type /,
    as: always('unavailable', 'The provider has set up no usable type of storage; try again later.'),
  },
];
