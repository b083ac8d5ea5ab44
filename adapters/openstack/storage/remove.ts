/** Deletes volumes, and says why one cannot be deleted. */
import * as z from 'zod';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { toOcciError } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import type { Cloud } from '../cloud.ts';
import { areGoing, stillUsed } from '../machine/going-servers.ts';
import { snapshotsAnswer, type Volume } from '../native/volume.ts';
import { readVolume } from './reads.ts';

const NOT_DELETED = 'it cannot be deleted';

/** The refusal for a volume in use: 1 call for each server. */
async function inUse(cloud: Cloud, { attachments }: Volume): Promise<OcciError> {
  const servers = attachments.map(({ server_id }) => server_id);
  if (await areGoing(cloud, servers)) return stillUsed('storage');
  const resources = attachments.length === 1 ? 'resource' : 'resources';
  return new OcciError(
    'conflict',
    `The storage is used by ${attachments.length} compute ${resources}, so ${NOT_DELETED}.`,
  );
}

/** How many snapshots a volume has: 1 call. Members may lack the filter, and Cinder then lists those of all volumes. */
async function countSnapshots({ client }: Cloud, { id }: Volume): Promise<number> {
  const { snapshots } = await client.read('volume', path`snapshots`, snapshotsAnswer, { query: { volume_id: id } });
  return snapshots.filter(({ volume_id }) => volume_id === id).length;
}

/** Why Cinder refused: its one sentence has all reasons that there are. */
async function whyNot(cloud: Cloud, volume: Volume, error: unknown): Promise<OcciError> {
  const failure = toOcciError(error, 'storage');
  if (!(error instanceof Refusal) || !isFailure(failure, 'conflict')) return failure;
  const now = await readVolume(cloud, volume.id);
  if (now.attachments.length > 0) return await inUse(cloud, now);
  const count = await countSnapshots(cloud, volume).catch(() => 0);
  if (count === 0) return failure;
  const snapshots = count === 1 ? '1 snapshot' : `${count} snapshots`;
  return new OcciError(
    'conflict',
    `The storage has ${snapshots}, so ${NOT_DELETED}: delete them first with another tool of the cloud.`,
    { cause: error },
  );
}

/** 2 calls, 1 and 1 for each user if it is in use, 4 if Cinder refuses. Throws `conflict` with the number of users or snapshots. */
export async function removeVolume(cloud: Cloud, id: string): Promise<void> {
  const volume = await readVolume(cloud, id);
  if (volume.attachments.length > 0) throw await inUse(cloud, volume);
  try {
    await cloud.client.call('volume', 'DELETE', path`volumes/${id}`, z.unknown(), { repeatable: true });
  } catch (error) {
    throw await whyNot(cloud, volume, error);
  }
}
