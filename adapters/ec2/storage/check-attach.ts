/** Preconditions of attaching a volume, and the refusal by which EC2 reports a taken device. */
import { OcciError } from '../../../lib/errors.ts';
import { isRefused } from '../api/errors.ts';
import { noSuch } from '../cloud.ts';
import type { Volume } from '../native/index.ts';
import { attachmentsOf, inUse, storageState } from './reads.ts';

/** The error for a link to a storage that does not exist or belongs to another tenant, or that EC2 does not show yet. */
export const noSuchStorage = (): OcciError => new OcciError('invalid', noSuch('storage').message, { unseen: true });

/** Throws `conflict` for a volume that cannot be attached because it is in use or in error. */
export function requireFree(volume: Volume, states: readonly string[] = ['available', 'creating']): void {
  if (attachmentsOf(volume).length > 0) throw inUse(volume, 'it cannot be attached');
  if (states.includes(volume.State)) return;
  throw new OcciError('conflict', `The storage is ${storageState(volume).state}, so it cannot be attached now.`);
}

/** Throws `conflict` naming both zones if they differ. */
export function requireZone({ AvailabilityZone }: Volume, zone: string | undefined): void {
  if (zone === undefined || zone === AvailabilityZone) return;
  throw new OcciError(
    'conflict',
    `The storage is in the zone ${AvailabilityZone} and the compute in ${zone}: a storage can only be linked to a compute in the same zone.`,
  );
}

/** True if EC2 reports that the device was taken in the meantime. */
export const isDeviceTaken = (error: unknown): boolean =>
  isRefused(error, /^InvalidDevice\.InUse$/) ||
  (isRefused(error, /^InvalidParameterValue$/) && /Attachment point|already in use/i.test(error.sentence));
