import { isMember, type ServiceRequest, type TokenOwner } from '../service.ts';
import type { Site } from '../site.ts';
import { badRequest, denied, malformed, refused } from './refusals.ts';
import type { Store } from './store.ts';

/** One request, with what its path and its fields say. */
export interface Asked {
  readonly store: Store;
  readonly request: ServiceRequest;
  readonly owner: TokenOwner & { readonly projectId: string };
  /** Minor number of the microversion. */
  readonly minor: number;
  /** `http://…/v3/PROJECT` or `http://…/v3`: what links to oneself begin with. */
  readonly base: string;
  readonly bookmark: string;
}

/** Throws `Refused` for a reader. */
export function holdMember({ owner }: Asked, rule: string): void {
  if (!isMember(owner)) throw denied(rule);
}

const OLDEST = '3.0';

/** The microversion of a request, `3.0` if it names none. Throws `Refused` for one that Cinder does not know. */
export function microversionOf(
  site: Site,
  { headers }: ServiceRequest,
): { readonly text: string; readonly minor: number } {
  const said = headers['openstack-api-version'];
  if (said === undefined) return { text: OLDEST, minor: 0 };
  const [service, version = ''] = said.trim().split(/\s+/);
  if (service !== 'volume') throw malformed();
  const text = version === 'latest' ? site.newest.volume : version;
  const found = /^(\d+)\.(\d+)$/.exec(text);
  if (!found)
    throw badRequest(`API Version String ${version} is of invalid format. Must be of format MajorNum.MinorNum.`);
  const minor = Number(found[2]);
  const newest = Number(site.newest.volume.split('.')[1]);
  if (found[1] !== '3' || minor > newest)
    throw refused(
      406,
      `Version ${text} is not supported by the API. Minimum is ${OLDEST} and maximum is ${site.newest.volume}.`,
    );
  return { text, minor };
}
