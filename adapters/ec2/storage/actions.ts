/** Actions on volumes. EC2 cannot switch a volume on or off: it is online as soon as it exists. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { unitsFor } from '../../../lib/adapter/sizes.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { KindOf } from '../../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes } from '../../../lib/occi/types.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import { requireApplicable } from '../check-action.ts';
import { type Cloud, TAG, titleOf } from '../cloud.ts';
import type { Volume } from '../native/index.ts';
import { readVolume, storageState } from './reads.ts';
import { sizeRefused } from './sizes.ts';

type StorageAction = ActionTermOf<KindOf<'storage'>>;

const MAX_TITLE_CHARS = 256;

const modified = z
  .object({
    VolumeModification: z.object({ TargetSize: z.int().optional(), ModificationState: z.string().optional() }),
  })
  .transform(({ VolumeModification }) => VolumeModification);

/**
 * Grows a volume to `size` GiB, rounded up: 1 call, or no call if it has that size. `name` is the attribute with the new
 * size. The returned volume has its new size only if EC2 reports it. Throws `conflict` if the volume would shrink or was
 * resized a short time ago.
 */
export async function resize(cloud: Cloud, volume: Volume, size: number, name: string): Promise<Volume> {
  const wanted = unitsFor(size);
  if (wanted === volume.Size) return volume;
  if (wanted < volume.Size) {
    throw new OcciError('conflict', `The storage has ${volume.Size} GiB and cannot shrink: ${name} is ${size} GiB.`);
  }
  const input = { VolumeId: volume.VolumeId, Size: wanted };
  const answer = await translateErrors('storage', async () => {
    try {
      return await cloud.ec2.call('ModifyVolume', input, modified);
    } catch (error) {
      throw isRefused(error, /^InvalidParameter/) ? sizeRefused(name, wanted, error) : error;
    }
  });
  // Accepted but not started: until it starts EC2 still shows the old size.
  if (answer.ModificationState === 'modifying') return volume;
  return { ...volume, Size: answer.TargetSize ?? wanted };
}

/** Titles of the copies that two of the actions create. */
const COPIES = { backup: 'Backup', snapshot: 'Snapshot' } as const;

/**
 * Creates a snapshot: 1 call. EC2 has no other copy of a volume, so `backup` and `snapshot` both mean this. A snapshot
 * is not an OCCI entity; the provider finds it by its tags.
 */
async function copy(cloud: Cloud, volume: Volume, action: keyof typeof COPIES): Promise<void> {
  const { 'occi.core.title': title } = titleOf(volume.Tags);
  const name = title === undefined ? COPIES[action] : `${COPIES[action]} of ${title}`;
  const Tags = [
    { Key: TAG.tenant, Value: cloud.account.tenant },
    { Key: TAG.title, Value: name.length <= MAX_TITLE_CHARS ? name : COPIES[action] },
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

/** 2 calls, or 1 for an action that does not apply. */
export async function actOnStorage(
  cloud: Cloud,
  id: NativeId,
  action: StorageAction,
  attributes: Attributes,
): Promise<void> {
  const volume = await readVolume(cloud, id);
  requireApplicable('storage', storageState(volume).state, action);
  if (action === 'backup' || action === 'snapshot') await copy(cloud, volume, action);
  else if (action === 'resize') await resize(cloud, volume, Number(attributes.size), 'size');
  else {
    throw new OcciError(
      'notImplemented',
      `This cloud cannot bring storage ${action}: it is online from when it is made until it is deleted.`,
    );
  }
}
