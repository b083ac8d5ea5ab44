/** The services that a token's catalogue names, in one region. */
import { OcciError } from '../../../lib/errors.ts';
import { type CatalogueService, SERVICES } from '../api/services.ts';
import type { OpenStackSettings } from '../config.ts';
import type { KeystoneToken } from './answers.ts';
import type { Session } from './session.ts';

/** What stands in URLs of catalogues for the version that a call needs. */
const VERSIONS: { readonly [S in CatalogueService]?: RegExp } = { network: /\/v2\.0\/$/, image: /\/v2\/$/ };
const MISSING_VERSION: { readonly [S in CatalogueService]?: string } = { network: 'v2.0/', image: 'v2/' };

function withVersion(service: CatalogueService, url: string): string {
  const base = url.endsWith('/') ? url : `${url}/`;
  const version = MISSING_VERSION[service];
  return version === undefined || VERSIONS[service]?.test(base) ? base : base + version;
}

/** The base URLs of the services. Throws `unavailable` if the catalogue has several regions and the settings name none. */
export function endpointsOf(
  { catalog }: Pick<KeystoneToken, 'catalog'>,
  settings: Pick<OpenStackSettings, 'region' | 'interface'>,
): Session['endpoints'] {
  const found = Object.entries(SERVICES).flatMap(([service, types]) => {
    const offered = types
      .flatMap((type) => catalog.filter((one) => one.type === type))
      .flatMap(({ endpoints }) => endpoints)
      .filter((one) => one.interface === settings.interface);
    const ofRegion = offered.filter(
      ({ region, region_id }) => settings.region === undefined || [region, region_id].includes(settings.region),
    );
    const regions = new Set(ofRegion.map(({ region, region_id }) => region_id ?? region));
    if (regions.size > 1) {
      throw new OcciError('internal', 'The provider must name a region in the settings: the cloud has several.');
    }
    const [first] = ofRegion;
    return first ? [[service, withVersion(service as CatalogueService, first.url)] as const] : [];
  });
  return Object.fromEntries(found);
}
