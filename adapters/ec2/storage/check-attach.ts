/** What must be so before a volume can be attached, and how EC2 says that it is not. */
import { OcciError } from '../../../lib/errors.ts';
import { isRefused } from '../api/errors.ts';
import { noSuch } from '../cloud.ts';
import type { Volume } from '../native/index.ts';
import { attachmentsOf, inUse, storageState } from './reads.ts';

/** The refusal of a link to storage that is not there, or another's. */
export const noSuchStorage = (): OcciError => new OcciError('invalid', noSuch('storage').message);

/** Throws `conflict` for a volume that cannot be attached: one that is used, or that is not well. */
export function requireFree(volume: Volume, states: readonly string[] = ['available', 'creating']): void {
  if (attachmentsOf(volume).length > 0) throw inUse(volume, 'it cannot be attached');
  if (states.includes(volume.State)) return;
  throw new OcciError('conflict', `The storage is ${storageState(volume).state}, so it cannot be attached now.`);
}

/** Throws `conflict` naming both zones. */
export function requireZone({ AvailabilityZone }: Volume, zone: string | undefined): void {
  if (zone === undefined || zone === AvailabilityZone) return;
  throw new OcciError(
    'conflict',
    `The storage is in the zone ${AvailabilityZone} and the compute in ${zone}: no storagelink crosses zones.`,
  );
}

/** True where EC2 says that the device has been taken meanwhile. */
export const isDeviceTaken = (error: unknown): boolean =>
  isRefused(error, /^InvalidParameterValue$/) && /Attachment point|already in use/i.test(error.sentence);
