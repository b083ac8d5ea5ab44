/** The services that a token's catalogue names, in one region. */
import { OcciError } from '../../../lib/errors.ts';
import { type CatalogueService, SERVICES } from '../api/services.ts';
import type { OpenStackSettings } from '../config.ts';
import type { CatalogueEndpoint, KeystoneToken } from './answers.ts';
import type { Session } from './session.ts';

/** How the version stands in a URL of the service, and what is appended where it is missing. */
const VERSIONS: {
  readonly [S in CatalogueService]: { readonly written: RegExp; readonly missing: (projectId: string) => string };
} = {
  compute: { written: /\/v2(\.\d+)?\//, missing: () => 'v2.1/' },
  network: { written: /\/v2\.0\//, missing: () => 'v2.0/' },
  // Before microversion 3.67 Cinder has no path without the project.
  volume: { written: /\/v3\//, missing: (projectId) => `v3/${encodeURIComponent(projectId)}/` },
  image: { written: /\/v2(\.\d+)?\//, missing: () => 'v2/' },
};

/** The base of the calls; undefined for a URL that cannot be called. */
function baseIn(service: CatalogueService, text: string, projectId: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  const base = `${url.origin}${url.pathname.replace(/\/*$/, '/')}`;
  const { written, missing } = VERSIONS[service];
  return written.test(base) ? base : base + missing(projectId);
}

const regionOf = ({ region, region_id }: CatalogueEndpoint): string | undefined => region_id ?? region ?? undefined;

/** The endpoints of a service in the first of its types that has some. */
function offeredBy(
  catalog: KeystoneToken['catalog'],
  service: CatalogueService,
  isWanted: (endpoint: CatalogueEndpoint) => boolean,
): readonly CatalogueEndpoint[] {
  const byType = SERVICES[service].map((type) =>
    catalog.filter((one) => one.type === type).flatMap(({ endpoints }) => endpoints.filter(isWanted)),
  );
  return byType.find((endpoints) => endpoints.length > 0) ?? [];
}

/** Throws `internal` if the catalogue has services, but none in the region or of the interface that the settings name. */
function requireSome(
  catalog: KeystoneToken['catalog'],
  isWanted: (endpoint: CatalogueEndpoint) => boolean,
  settings: Pick<OpenStackSettings, 'region' | 'interface'>,
): void {
  const types: readonly string[] = Object.values(SERVICES).flat();
  const all = catalog.filter(({ type }) => types.includes(type)).flatMap(({ endpoints }) => endpoints);
  if (all.length === 0 || all.some(isWanted)) return;
  const [regions, sides] = [all.map(regionOf), all.map((one) => one.interface)].map((names) =>
    [...new Set(names)].join(', '),
  );
  const where = settings.region === undefined ? '' : ` in the region ${settings.region}`;
  throw new OcciError(
    'internal',
    `The catalogue of the cloud has no ${settings.interface} endpoint${where}, as the settings want it.`,
    {
      cause: new Error(`regions of the catalogue: ${regions}; interfaces: ${sides}`),
    },
  );
}

/**
 * The base URLs of the services, and the region of the first of them. Throws `internal` if one has several regions and the
 * settings name none, and if none is where the settings say.
 */
export function servicesOf(
  catalog: KeystoneToken['catalog'],
  settings: Pick<OpenStackSettings, 'region' | 'interface'>,
  projectId: string,
): Pick<Session, 'endpoints' | 'region'> {
  const isWanted = (endpoint: CatalogueEndpoint): boolean =>
    endpoint.interface === settings.interface &&
    (settings.region === undefined || [endpoint.region, endpoint.region_id].includes(settings.region));
  requireSome(catalog, isWanted, settings);
  const found = (Object.keys(SERVICES) as CatalogueService[]).flatMap((service) => {
    const offered = offeredBy(catalog, service, isWanted).flatMap((endpoint) => {
      const base = baseIn(service, endpoint.url, projectId);
      return base === undefined ? [] : [{ base, region: regionOf(endpoint) }];
    });
    const regions = [...new Set(offered.map(({ region }) => region))];
    if (regions.length > 1) {
      throw new OcciError('internal', 'The provider must name a region in the settings: the cloud has several.', {
        cause: new Error(`regions of ${service}: ${regions.join(', ')}`),
      });
    }
    return offered.slice(0, 1).map((one) => ({ service, ...one }));
  });
  return {
    endpoints: Object.fromEntries(found.map(({ service, base }) => [service, base])),
    region: settings.region ?? (found[0]?.region || undefined),
  };
}
