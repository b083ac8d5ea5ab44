/** Attaches volumes by Nova, and finds what an earlier attempt has attached. */
import * as z from 'zod';
import type { Draft, Native } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { readServer } from '../machine/machine.ts';
import { markOf } from '../mark.ts';
import { type Attachment, attachmentAnswer } from '../native/attachment.ts';
import type { Volume } from '../native/volume.ts';
import { LINK_SERVER, LINK_TOKEN, readVolume, volumeOfToken } from './reads.ts';
import { DEVICE, deviceOf, toStoragelink } from './volume-links.ts';

type Link = Native<'storagelink'>;

/** Volumes of shelved servers can be attached and detached from 2.20 on, those for several servers attached from 2.60 on. */
export const ATTACHING = '2.60';

const orNoEnd =
  (kind: 'compute' | 'storage') =>
  (error: unknown): never => {
    if (!isFailure(error, 'notFound')) throw error;
    throw new OcciError('invalid', `There is no such ${kind}, or it may not be used.`, { cause: error });
  };

/** The attachment of a volume to a server: 1 call. Throws `notFound`. */
export async function readAttachment(cloud: Cloud, server: string, volume: string): Promise<Attachment> {
  const { volumeAttachment } = await translateErrors('storagelink', () =>
    cloud.client.read('compute', path`servers/${server}/os-volume_attachments/${volume}`, attachmentAnswer),
  );
  return volumeAttachment;
}

/** True if this token has attached the volume to the server, or was about to. */
const isOf = ({ metadata }: Volume, server: string, token: string): boolean =>
  metadata[LINK_TOKEN] === markOf(token) && metadata[LINK_SERVER] === server;

/** The link that a create with this token has made: 3 calls, 1 if there is none; the volume holds the token. */
export async function linkOfToken(cloud: Cloud, token: string): Promise<Link | undefined> {
  const volume = await volumeOfToken(cloud, LINK_TOKEN, token);
  const id = volume?.metadata[LINK_SERVER];
  if (volume === undefined || id === undefined) return undefined;
  try {
    const [server, attachment] = await Promise.all([readServer(cloud, id), readAttachment(cloud, id, volume.id)]);
    return toStoragelink(server, { ...attachment, volumeStatus: volume.status });
  } catch (error) {
    if (isFailure(error, 'notFound') || isFailure(error, 'invalid')) return undefined;
    throw error;
  }
}

/**
 * Attaches: 5 calls, 2 of them at once. The volume gets the token first, so that a repeated create knows its own work.
 * Throws `invalid` for an end that is not there, `conflict` for a storage in use or a state that does not allow it.
 */
export async function attach(cloud: Cloud, draft: Draft<'storagelink'>, token: string): Promise<Link> {
  const { source, target, attributes } = draft;
  if (source?.kind !== 'compute' || target?.kind !== 'storage') {
    throw new OcciError('invalid', 'A storagelink starts at a compute and ends at a storage.');
  }
  const { client } = cloud;
  const device = deviceOf(attributes[DEVICE]);
  const [server, volume] = await Promise.all([
    readServer(cloud, source.id).catch(orNoEnd('compute')),
    readVolume(cloud, target.id).catch(orNoEnd('storage')),
  ]);
  const made = async (volumeStatus: string) =>
    toStoragelink(server, { ...(await readAttachment(cloud, server.id, volume.id)), volumeStatus });
  const isAttached = volume.status !== 'available';
  if (isAttached && isOf(volume, server.id, token)) return made(volume.status);
  if (volume.attachments.some(({ server_id }) => server_id === server.id)) {
    throw new OcciError('conflict', 'The storage is linked to this compute already.');
  }
  const metadata = { [LINK_TOKEN]: markOf(token), [LINK_SERVER]: server.id };
  await translateErrors('storage', () =>
    client.call('volume', 'POST', path`volumes/${volume.id}/metadata`, z.unknown(), {
      body: { metadata },
      repeatable: true,
    }),
  );
  await translateErrors('storagelink', () =>
    client.call('compute', 'POST', path`servers/${server.id}/os-volume_attachments`, z.unknown(), {
      body: { volumeAttachment: { volumeId: volume.id, ...(device !== undefined && { device }) } },
      microversion: ATTACHING,
    }),
  );
  return made('attaching');
}
