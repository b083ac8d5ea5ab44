/** Actions on volumes. EC2 cannot switch a volume on or off: it is online as soon as it exists. */
import * as z from 'zod';
import { requireApplicable } from '../../../lib/adapter/applicable.ts';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { KindOf } from '../../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes } from '../../../lib/occi/types.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import { type Cloud, TAG, titleOf } from '../cloud.ts';
import type { Volume } from '../native/index.ts';
import { readVolume, storageState } from './reads.ts';
import { resize } from './resize.ts';

type StorageAction = ActionTermOf<KindOf<'storage'>>;

const MAX_TITLE_CHARS = 256;

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
