/** The catalogue: images, flavors, zones, the region and pools of floating addresses. */
import type { Catalogue } from '../../../lib/adapter/contract.ts';
import type { Cloud } from '../cloud.ts';
import { viewOf } from '../identity/session.ts';
import {
  flavorMixin,
  imageMixin,
  imageMixinId,
  poolMixin,
  regionMixin,
  SCHEMES,
  schemeOf,
  zoneMixin,
} from '../mixins.ts';
import { readFlavors } from './flavors.ts';
import { readImages } from './images.ts';
import { patiently } from './patience.ts';
import { named, readPools } from './pools.ts';
import { readVolumeZones, readZones } from './zones.ts';

/** Bases of the parts that are read, in this order. */
const BASES = ['os_tpl', 'resource_tpl', 'availability_zone', 'availability_zone', 'floatingippool'] as const;

/**
 * What the project may use: 1 call per page of images, of flavors and of external networks, and 2 for zones. While a service
 * is down or silent, its part is what this process has read of it last.
 */
export async function readCatalogue(cloud: Cloud): Promise<Catalogue> {
  const session = await cloud.session();
  const view = viewOf(session);
  const { shelves } = cloud;
  // Whoever asks for the catalogue has waited long enough for what is new in it.
  for (const shelf of Object.values(shelves)) shelf.forget(view);
  const parts = await Promise.all([
    patiently(cloud, shelves.images, readImages),
    patiently(cloud, shelves.flavors, readFlavors),
    patiently(cloud, shelves.zones, readZones),
    patiently(cloud, shelves.volumeZones, readVolumeZones),
    patiently(cloud, shelves.pools, readPools),
  ]);
  const [
    images = shelves.images.last(view),
    flavors = shelves.flavors.last(view),
    zones = shelves.zones.last(view),
    volumeZones = shelves.volumeZones.last(view),
    pools = named(shelves.pools.last(view)),
  ] = parts;
  const unread = BASES.filter((_, at) => parts[at] === undefined).map(schemeOf);
  const { region } = session;
  const { defaultOsTemplate } = cloud.settings;
  return {
    mixins: [
      ...images.map(imageMixin),
      ...flavors.filter(({ isDisabled }) => !isDisabled).map(flavorMixin),
      ...[...new Set([...zones, ...volumeZones])].map(zoneMixin),
      ...(region === undefined ? [] : [regionMixin(region)]),
      ...pools.map(({ name, title }) => poolMixin(name, title)),
    ],
    schemes: Object.values(SCHEMES),
    ...(unread.length > 0 && { unread: [...new Set(unread)] }),
    ...(images.some(({ id }) => id === defaultOsTemplate) && { defaultOsTemplate: imageMixinId(defaultOsTemplate!) }),
  };
}
