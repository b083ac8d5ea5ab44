/** When a request that names an unknown category has the catalogue of the cloud read again. */

import type { UnknownCategory } from '../../occi/unknown.ts';
import type { Backend } from '../backend.ts';

/**
 * Reads the catalogue again if the category stands in a scheme of it: an image may be newer than what is kept. Throws the error
 * itself for a category of any other scheme, which costs no call, and `unavailable` while another request reads.
 */
export async function readNewest(error: UnknownCategory, backend: Backend): Promise<void> {
  const { catalogue } = await backend.model();
  const scheme = error.id.slice(0, error.id.indexOf('#') + 1);
  const isPublished = catalogue.schemes?.includes(scheme) || catalogue.mixins.some((mixin) => mixin.scheme === scheme);
  if (!isPublished) throw error;
  await backend.readNewestModel();
}
