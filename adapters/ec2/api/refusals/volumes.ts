/** Refusals about volumes, their copies and their keys. */
import {
  always,
  copying,
  exists,
  full,
  inUse,
  limited,
  missing,
  named,
  noCapacity,
  type Rows,
  wrongState,
} from './rules.ts';

const usedByCompute = always('conflict', 'The storage is used by a compute.');
const otherZone = always('conflict', 'The storage and the compute are in different zones.');
const notConfiguredHere = always(
  'conflict',
  'The availability zone has none of the storage that the provider has configured.',
);
const tooFast = always('conflict', 'The storage would have more operations per second than the cloud allows.');

export const VOLUMES = {
  'InvalidVolume.NotFound': missing('storage'),
  'InvalidVolumeID.Malformed': missing('storage'),
  'InvalidVolumeID.Duplicate': exists,
  'InvalidVolume.InUse': usedByCompute,
  VolumeInUse: usedByCompute,
  'InvalidVolume.ZoneMismatch': otherZone,
  'InvalidVolumeID.ZoneMismatch': otherZone,
  'InvalidAttachment.NotFound': missing('storagelink'),
  'InvalidDevice.InUse': always(
    'conflict',
    'The device (occi.storagelink.deviceid) is used by another storage; choose another.',
  ),
  IncorrectModificationState: wrongState,
  BootForVolumeTypeUnsupported: notConfiguredHere,
  UnknownVolumeType: notConfiguredHere,
  VolumeTypeNotAvailableInZone: notConfiguredHere,
  InvalidBlockDeviceMapping: always('invalid', 'The OS template has disks that this cloud cannot make in this way.'),

  // Encryption.
  EncryptedVolumesNotSupported: always(
    'conflict',
    'A compute of this size (resource_tpl) can have no encrypted storage; try another size.',
  ),
  CustomerKeyHasBeenRevoked: always(
    'conflict',
    'The key that the storage is encrypted with cannot be used at present; ask the provider.',
  ),

  // Capacity and quotas.
  InsufficientVolumeCapacity: noCapacity,
  VolumeLimitExceeded: full,
  MaxIOPSLimitExceeded: tooFast,
  VolumeIOPSLimit: tooFast,
  VolumeModificationSizeLimitExceeded: always(
    'conflict',
    'As much storage of the account is being resized as the cloud resizes at a time; try again later.',
  ),
  VolumeModificationRateExceeded: always(
    'conflict',
    'The storage was resized too often; the cloud allows it four times in 24 hours.',
  ),

  // Copies.
  ConcurrentSnapshotLimitExceeded: copying,
  PendingSnapshotLimitExceeded: copying,
  SnapshotCreationPerVolumeRateExceeded: copying,
  SnapshotLimitExceeded: always('conflict', 'The account has as many copies of storage as it may.'),
  'SnapshotCopyUnsupported.InterRegion': limited,
  'InvalidSnapshot.InUse': inUse,
  'InvalidSnapshot.NotFound': named,
  'InvalidSnapshotID.Malformed': named,
} as const satisfies Rows;
