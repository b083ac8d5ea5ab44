/** The images that the caller may boot. */
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import { type Cloud, isUuid } from '../cloud.ts';
import { isAdministrator, type Session, viewOf } from '../identity/session.ts';
import { type Image, image, imagesAnswer } from '../native/catalogue.ts';
import { readAll } from './pages.ts';

/**
 * True for what everybody in the project may boot. Glance lists the images of all projects to an administrator, and does not
 * say there whom a shared one is shared with.
 */
function isVisible({ owner, visibility }: Image, session: Session): boolean {
  if (owner === session.projectId || visibility === 'public') return true;
  return visibility === 'shared' && !isAdministrator(session);
}

/** True for an image from which a compute can be made. */
const isBootable = (image: Image, session: Session): boolean => image.status === 'active' && isVisible(image, session);

/** All images that are active and not hidden: 1 call per page, the first time in five minutes; none without Glance. */
export async function readImages(cloud: Cloud): Promise<readonly Image[]> {
  const session = await cloud.session();
  if (session.endpoints.image === undefined) return [];
  return cloud.shelves.images.read(viewOf(session), () =>
    translateErrors('compute', async () => {
      const all = await readAll(cloud, {
        service: 'image',
        path: path`images`,
        shape: imagesAnswer,
        itemsOf: ({ images }) => images,
        hasNext: ({ next }) => next !== undefined,
        query: { status: 'active' },
      });
      return all.filter((one) => one.os_hidden !== true && isBootable(one, session));
    }),
  );
}

/**
 * An image that a compute is made from: no call for one that the kept listing has, else 1. Another process, or a caller with
 * other roles, may have read of it first. Undefined for one that is not there, or not ready yet.
 */
export async function readImage(cloud: Cloud, id: string): Promise<Image | undefined> {
  const kept = (await readImages(cloud)).find((one) => one.id === id);
  const session = await cloud.session();
  if (kept || !isUuid(id) || session.endpoints.image === undefined) return kept;
  const read = cloud.client.read('image', path`images/${id}`, image).catch((error) => {
    if (!(error instanceof Refusal && error.status === 404)) throw error;
  });
  const found = await translateErrors('compute', () => read);
  return found && isBootable(found, session) ? found : undefined;
}
