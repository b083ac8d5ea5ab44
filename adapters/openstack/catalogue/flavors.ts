/** The flavors that the caller's project may use. */
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { viewOf } from '../identity/session.ts';
import { type Flavor, flavorsAnswer } from '../native/catalogue.ts';
import { linksNext, readAll } from './pages.ts';

/** All flavors: 1 call per page, the first time in five minutes. */
export async function readFlavors(cloud: Cloud): Promise<readonly Flavor[]> {
  const view = viewOf(await cloud.session());
  return cloud.shelves.flavors.read(view, () =>
    translateErrors('compute', () =>
      readAll(cloud, {
        service: 'compute',
        path: path`flavors/detail`,
        shape: flavorsAnswer,
        itemsOf: ({ flavors }) => flavors,
        hasNext: ({ flavors_links }) => linksNext(flavors_links),
      }),
    ),
  );
}
