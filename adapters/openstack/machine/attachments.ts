/** Attachments of a server, with those that Nova or Cinder does not tell at the moment. */
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { type Attachment, attachmentsAnswer } from '../native/attachment.ts';
import type { Server } from '../native/server.ts';
import { firstVolumes } from './labels.ts';

/** Attachments that the create of a server named: until a host has it, Nova names none. */
export const firstAttachments = (server: Server): readonly Attachment[] =>
  server.status === 'BUILD' ? firstVolumes(server).map((volumeId) => ({ volumeId, serverId: server.id })) : [];

/** The same, and what a service has told, which knows more. */
const withFirst = (server: Server, told: readonly Attachment[]): readonly Attachment[] => [
  ...firstAttachments(server).filter(({ volumeId }) => !told.some((one) => one.volumeId === volumeId)),
  ...told,
];

/** The volumes of a server: 1 call, or none where it has no volumes. */
export async function readAttachments(cloud: Cloud, server: Server): Promise<readonly Attachment[]> {
  if (server['os-extended-volumes:volumes_attached'].length === 0) return firstAttachments(server);
  const { volumeAttachments } = await translateErrors('storagelink', () =>
    cloud.client.read('compute', path`servers/${server.id}/os-volume_attachments`, attachmentsAnswer),
  );
  return withFirst(server, volumeAttachments);
}

/** True for a server without a host, or on its way to another. What is kept of others may name volumes that they had. */
const isMoving = (server: Server): boolean => !server.hostId || Boolean(server['OS-EXT-STS:task_state']);

/**
 * The attachments of a server in Cinder's listing of a whole project, by their server. Cinder does not list those that are
 * only reserved, as of a shelved server: their volumes stand under no server, and count where a server has them.
 */
export function attachmentsIn(all: ReadonlyMap<string, readonly Attachment[]>, server: Server): readonly Attachment[] {
  const told = all.get(server.id) ?? [];
  const own = isMoving(server) ? server['os-extended-volumes:volumes_attached'].map(({ id }) => id) : [];
  const reserved = (all.get('') ?? []).filter(({ volumeId }) => own.includes(volumeId));
  return withFirst(server, [...reserved.map((one) => ({ ...one, serverId: server.id })), ...told]);
}
