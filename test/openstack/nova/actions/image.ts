import { checkName, invalid } from '../create/wish.ts';
import { repr } from '../python.ts';
import { bad } from '../refusals.ts';
import { type Action, walk } from './action.ts';

/** The id of the image stands in `Location` only before 2.45. */
export const createImage: Action['run'] = (acting) => {
  const { state, server, value, version, owner } = acting;
  const wish = (value ?? {}) as { name?: string; metadata?: Record<string, string> };
  if (wish.name === undefined) throw invalid('createImage', value, "'name' is a required property");
  checkName(wish.name);
  const { images } = state.site.between;
  const metadata = wish.metadata ?? {};
  if (server.imageId === '') {
    // A server on a volume becomes an image without bytes, which names snapshots of its volumes.
    if (server.attachments.length === 0) throw bad(`Instance ${server.id} has no root device: ${repr(null)}`);
  }
  const made = images.snapshot(server.projectId, owner.userId, {
    name: wish.name,
    serverId: server.id,
    baseImageId: server.imageId,
    metadata,
  });
  const { vm } = server;
  walk(acting, ['image_snapshot_pending', 'image_pending_upload', 'image_uploading'], { vm });
  if (version.has('2.45')) return { status: 202, body: { image_id: made.id } };
  return { status: 202, headers: { location: `${state.site.origins.image}/images/${made.id}` } };
};
