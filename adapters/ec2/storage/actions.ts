/** Actions on volumes. EC2 has none that switches a volume on or off: it is online as soon as it is there. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { KindOf } from '../../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes } from '../../../lib/occi/types.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import { requireApplicable } from '../check-action.ts';
import { type Cloud, TAG, titleOf } from '../cloud.ts';
import type { Volume } from '../native/index.ts';
import { readVolume, storageState } from './reads.ts';

type StorageAction = ActionTermOf<KindOf<'storage'>>;

const LONGEST_TITLE = 256;

/** A size as EC2 has it. Throws `invalid` naming the attribute for anything but whole GiB. */
export function wholeGibibytes(name: string, size: unknown): number {
  const wanted = Number(size);
  if (Number.isInteger(wanted) && wanted >= 1) return wanted;
  throw new OcciError('invalid', `The attribute ${name} must be a whole number of GiB, at least 1; it is ${wanted}.`);
}

/** `invalid` naming the attribute where EC2 refuses a size that its kind of volume cannot have. */
export const sizeRefused = (name: string, size: number, cause: unknown): OcciError =>
  new OcciError(
    'invalid',
    `The attribute ${name} cannot be ${size} GiB: the provider's volumes cannot have this size.`,
    { cause },
  );

const modified = z
  .object({
    VolumeModification: z.object({ TargetSize: z.int().optional(), ModificationState: z.string().optional() }),
  })
  .transform(({ VolumeModification }) => VolumeModification);

/**
 * Grows a volume to `size` GiB: 1 call, none if it has them. `name` is the attribute that asks for it. The volume that
 * comes back has its new size only if EC2 says that it has. Throws `conflict` when it would shrink or was resized a
 * short time ago.
 */
export async function resize(cloud: Cloud, volume: Volume, size: unknown, name: string): Promise<Volume> {
  const wanted = wholeGibibytes(name, size);
  if (wanted === volume.Size) return volume;
  if (wanted < volume.Size) {
    throw new OcciError('conflict', `The storage has ${volume.Size} GiB and cannot shrink: ${name} is ${wanted} GiB.`);
  }
  const input = { VolumeId: volume.VolumeId, Size: wanted };
  const answer = await translateErrors('storage', async () => {
    try {
      return await cloud.ec2.call('ModifyVolume', input, modified);
    } catch (error) {
      throw isRefused(error, /^InvalidParameter/) ? sizeRefused(name, wanted, error) : error;
    }
  });
  // Asked for, but not begun: until then EC2 shows the size that it had.
  if (answer.ModificationState === 'modifying') return volume;
  return { ...volume, Size: answer.TargetSize ?? wanted };
}

/** How the copies that two of the actions make are called. */
const COPIES = { backup: 'Backup', snapshot: 'Snapshot' } as const;

/**
 * A snapshot: what both words mean here, for a copy of a volume is nothing else. It is no entity of OCCI's: the
 * provider has it for the tenant, by its tags. 1 call.
 */
async function copy(cloud: Cloud, volume: Volume, action: keyof typeof COPIES): Promise<void> {
  const { 'occi.core.title': title } = titleOf(volume.Tags);
  const name = title === undefined ? COPIES[action] : `${COPIES[action]} of ${title}`;
  const Tags = [
    { Key: TAG.tenant, Value: cloud.account.tenant },
    { Key: TAG.title, Value: name.length <= LONGEST_TITLE ? name : COPIES[action] },
  ];
  const input = { VolumeId: volume.VolumeId, TagSpecifications: [{ ResourceType: 'snapshot' as const, Tags }] };
  await translateErrors('storage', async () => {
    try {
      await cloud.ec2.call('CreateSnapshot', input, z.unknown());
    } catch (error) {
      if (!isRefused(error, /^SnapshotCreationPerVolumeRateExceeded$/)) throw error;
      throw new OcciError(
        'unavailable',
        `The storage was copied a moment ago, so the action ${action} must wait a little.`,
        { cause: error, headers: { 'Retry-After': '15' } },
      );
    }
  });
}

/** 2 calls, 1 for what does not apply. */
export async function actOnStorage(
  cloud: Cloud,
  id: NativeId,
  action: StorageAction,
  attributes: Attributes,
): Promise<void> {
  const volume = await readVolume(cloud, id);
  requireApplicable('storage', storageState(volume).state, action);
  if (action === 'backup' || action === 'snapshot') await copy(cloud, volume, action);
  else if (action === 'resize') await resize(cloud, volume, attributes.size, 'size');
  else {
    throw new OcciError(
      'notImplemented',
      `This cloud cannot bring storage ${action}: it is online from when it is made until it is deleted.`,
    );
  }
}
