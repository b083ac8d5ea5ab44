import type { ServiceRequest } from '../service.ts';
import type { Site } from '../site.ts';
import { refused } from './refusals.ts';

const numbers = new Map<string, number>();

/** For comparisons; a listing makes many. */
function numberOf(version: string): number {
  let found = numbers.get(version);
  if (found === undefined) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    found = major * 10_000 + minor;
    numbers.set(version, found);
  }
  return found;
}

/** The microversion of a request. */
export class Microversion {
  constructor(readonly text: string) {}

  /** True from this one on. */
  has(version: string): boolean {
    return numberOf(this.text) >= numberOf(version);
  }
}

const OLDEST = '2.1';

function askedFor({ headers }: ServiceRequest): string {
  const named = /(?:^|,)\s*compute\s+([^,\s]+)/.exec(headers['openstack-api-version'] ?? '')?.[1];
  return named ?? headers['x-openstack-nova-api-version'] ?? OLDEST;
}

/** The microversion that a request asks for. Throws 400 for none, and 406 for one beyond what the service knows. */
export function microversionOf(site: Site, request: ServiceRequest): Microversion {
  const { compute: newest } = site.newest;
  const asked = askedFor(request);
  if (asked === 'latest') return new Microversion(newest);
  if (!/^[1-9]\d*\.(0|[1-9]\d*)$/.test(asked))
    throw refused(400, `API Version String ${asked} is of invalid format. Must be of format MajorNum.MinorNum.`);
  if (numberOf(asked) < numberOf(OLDEST) || numberOf(asked) > numberOf(newest))
    throw refused(406, `Version ${asked} is not supported by the API. Minimum is ${OLDEST} and maximum is ${newest}.`);
  return new Microversion(asked);
}

/** Header fields of every answer below `/v2.1` whose microversion was understood; before 2.27 the older name only. */
export function versionHeaders(site: Site, request: ServiceRequest): Readonly<Record<string, string>> {
  let version: string;
  try {
    version = microversionOf(site, request).text;
  } catch {
    return {};
  }
  return {
    'openstack-api-version': `compute ${version}`,
    'x-openstack-nova-api-version': version,
    vary: 'OpenStack-API-Version, X-OpenStack-Nova-API-Version',
  };
}
