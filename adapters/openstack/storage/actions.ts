/** Actions on volumes. Cinder cannot switch a volume on or off: it is online from when it is made. */
import * as z from 'zod';
import { requireApplicable } from '../../../lib/adapter/applicable.ts';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { KindOf } from '../../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import type { Volume } from '../native/volume.ts';
import { storageState } from '../volume-states.ts';
import { readVolume } from './reads.ts';
import { resize } from './resize.ts';

type StorageAction = ActionTermOf<KindOf<'storage'>>;

const ALWAYS_ONLINE = 'Storage is online in this cloud from when it is made until it is deleted.';

export const CANNOT_ACT = {
  online: ALWAYS_ONLINE,
  offline: ALWAYS_ONLINE,
} as const satisfies Partial<Record<StorageAction, string>>;

const MAX_NAME_CHARS = 255;

/** What each copy is called, and what Cinder calls it. */
const COPIES = {
  snapshot: { title: 'Snapshot', path: path`snapshots`, key: 'snapshot' },
  backup: { title: 'Backup', path: path`backups`, key: 'backup' },
} as const;

/**
 * A copy of the volume: 1 call. Copies are no OCCI entities; they have names by which other tools find them. `force` lets
 * Cinder copy a volume that a compute uses.
 */
async function copy({ client }: Cloud, volume: Volume, action: keyof typeof COPIES): Promise<void> {
  const { title, path: where, key } = COPIES[action];
  const whole = volume.name ? `${title} of ${volume.name}` : title;
  const name = whole.length <= MAX_NAME_CHARS ? whole : title;
  const force = volume.attachments.length > 0;
  await translateErrors('storage', () =>
    client.call('volume', 'POST', where, z.unknown(), {
      body: { [key]: { volume_id: volume.id, name, ...(force && { force }) } },
    }),
  );
}

/** 2 calls, or 1 for an action that does not apply. */
export async function actOnStorage(
  cloud: Cloud,
  id: NativeId,
  action: StorageAction,
  attributes: Attributes,
): Promise<void> {
  const volume = await readVolume(cloud, id);
  requireApplicable('storage', storageState(volume.status).state, action, Object.keys(CANNOT_ACT));
  if (action === 'resize') await resize(cloud, volume, Number(attributes.size));
  else if (action === 'snapshot' || action === 'backup') await copy(cloud, volume, action);
  else throw new OcciError('notImplemented', CANNOT_ACT[action]);
}
