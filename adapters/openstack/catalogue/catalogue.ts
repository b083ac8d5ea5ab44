/** The catalogue: images, flavors, zones, the region and pools of floating addresses. */
import type { Catalogue } from '../../../lib/adapter/contract.ts';
import type { Cloud } from '../cloud.ts';
import { viewOf } from '../identity/session.ts';
import { flavorMixin, imageMixin, imageMixinId, poolMixin, regionMixin, zoneMixin } from '../mixins.ts';
import { readFlavors } from './flavors.ts';
import { readImages } from './images.ts';
import { readPools } from './pools.ts';
import { readZones } from './zones.ts';

/** What the project may use: 1 call per page of images, of flavors and of external networks, and 1 for zones. */
export async function readCatalogue(cloud: Cloud): Promise<Catalogue> {
  const view = viewOf(await cloud.session());
  // Whoever asks for the catalogue has waited long enough for what is new in it.
  for (const shelf of Object.values(cloud.shelves)) shelf.forget(view);
  const [images, flavors, zones, pools] = await Promise.all([
    readImages(cloud),
    readFlavors(cloud),
    readZones(cloud),
    readPools(cloud),
  ]);
  const { defaultOsTemplate, region } = cloud.settings;
  return {
    mixins: [
      ...images.map(imageMixin),
      ...flavors.filter(({ isDisabled }) => !isDisabled).map(flavorMixin),
      ...zones.map(zoneMixin),
      ...(region === undefined ? [] : [regionMixin(region)]),
      ...pools.map(({ name, title }) => poolMixin(name, title)),
    ],
    ...(images.some(({ id }) => id === defaultOsTemplate) && { defaultOsTemplate: imageMixinId(defaultOsTemplate!) }),
  };
}
