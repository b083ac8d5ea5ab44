/** The images that the caller may boot. */
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { type Image, imagesAnswer } from '../native/catalogue.ts';
import { readAll } from './pages.ts';

/** All images that are active and not hidden: 1 call per page, the first time in five minutes; none without Glance. */
export async function readImages(cloud: Cloud): Promise<readonly Image[]> {
  const { projectId, endpoints } = await cloud.session();
  if (endpoints.image === undefined) return [];
  return cloud.shelves.images.read(projectId, () =>
    translateErrors('compute', async () => {
      const all = await readAll(cloud, {
        service: 'image',
        path: path`images`,
        shape: imagesAnswer,
        itemsOf: ({ images }) => images,
        hasNext: ({ next }) => next !== undefined,
        query: { status: 'active' },
      });
      return all.filter(({ status, os_hidden }) => status === 'active' && os_hidden !== true);
    }),
  );
}
