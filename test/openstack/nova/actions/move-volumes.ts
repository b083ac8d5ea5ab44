import type { Server } from '../server.ts';
import type { NovaState } from '../state.ts';

/** Leaves the host: each volume gets a new attachment, which is only reserved until a host has the server again. */
export function leaveHost({ site }: NovaState, server: Server): void {
  const { volumes } = site.between;
  server.attachments = server.attachments.map((one) => ({ ...one, attachmentId: site.ids.uuid() }));
  for (const { volumeId, attachmentId } of server.attachments) {
    volumes.detach(volumeId, server.id);
    volumes.reserve(volumeId, { serverId: server.id, attachmentId });
  }
}

/** Connects the reserved volumes to the new host. */
export function reachHost({ site }: NovaState, server: Server): void {
  for (const one of server.attachments) site.between.volumes.attach(one.volumeId, { serverId: server.id, ...one });
}
