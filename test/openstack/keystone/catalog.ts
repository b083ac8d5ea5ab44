import { createHash } from 'node:crypto';
import type { ServiceName } from '../service.ts';
import type { Site } from '../site.ts';

/** Types and names of the recorded site; Cinder stands there under both of its types. */
const ENTRIES: readonly (readonly [service: ServiceName, type: string, name: string, path: string])[] = [
  ['compute', 'compute', 'nova', '/v2.1'],
  ['network', 'network', 'neutron', ''],
  ['volume', 'block-storage', 'cinderb', '/v3'],
  ['volume', 'volumev3', 'cinder', '/v3'],
  ['identity', 'identity', 'keystone', '/v3'],
  ['image', 'image', 'glance', ''],
];

/** An id that stays the same in every token. */
const idOf = (text: string): string => createHash('md5').update(text).digest('hex');

/** The catalogue in a token of a project. */
export const catalogOf = (site: Site): readonly object[] =>
  ENTRIES.filter(([service]) => !site.without.has(service)).map(([service, type, name, path]) => ({
    endpoints: ['public', 'admin', 'internal'].map((side) => ({
      id: idOf(`${type} ${side}`),
      interface: side,
      region_id: site.region,
      url: site.origins[service] + path,
      region: site.region,
    })),
    id: idOf(type),
    type,
    name,
  }));
