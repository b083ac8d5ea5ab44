/** The images that the caller may boot. */
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { isAdministrator, type Session, viewOf } from '../identity/session.ts';
import { type Image, imagesAnswer } from '../native/catalogue.ts';
import { readAll } from './pages.ts';

/**
 * True for what everybody in the project may boot. Glance lists the images of all projects to an administrator, and does not
 * say there whom a shared one is shared with.
 */
function isVisible({ owner, visibility }: Image, session: Session): boolean {
  if (owner === session.projectId || visibility === 'public') return true;
  return visibility === 'shared' && !isAdministrator(session);
}

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
      return all.filter((image) => image.status === 'active' && image.os_hidden !== true && isVisible(image, session));
    }),
  );
}
