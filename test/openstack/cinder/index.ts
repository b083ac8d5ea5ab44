import { randomUUID } from 'node:crypto';
import { Refused, type Service, type ServiceAnswer, type ServiceRequest, type TokenOwner } from '../service.ts';
import type { Site } from '../site.ts';
import { act } from './actions.ts';
import { answerForAttachments } from './attachments.ts';
import { answerForBackups } from './backups.ts';
import { type Asked, microversionOf } from './context.ts';
import { answerForQuotas, answerForTypes, limits, zones } from './limits.ts';
import { badRequest, noPath } from './refusals.ts';
import { answerForSnapshots } from './snapshots.ts';
import { Store } from './store.ts';
import { answerForVolumes } from './volumes.ts';
import { volumesForNova } from './volumes-for-nova.ts';

const versions = (site: Site, { origin }: ServiceRequest, status: number): ServiceAnswer => ({
  status,
  body: {
    versions: [
      {
        id: 'v3.0',
        status: 'CURRENT',
        version: site.newest.volume,
        min_version: '3.0',
        updated: '2023-08-31T00:00:00Z',
        links: [
          { rel: 'describedby', type: 'text/html', href: 'https://docs.openstack.org/' },
          { rel: 'self', href: `${origin}/v3/` },
        ],
        'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.volume+json;version=3' }],
      },
    ],
  },
});

const COLLECTIONS: Readonly<Record<string, (asked: Asked, rest: readonly string[]) => ServiceAnswer>> = {
  volumes: (asked, rest) => answerForVolumes(asked, rest, act),
  snapshots: answerForSnapshots,
  attachments: answerForAttachments,
  backups: answerForBackups,
  types: answerForTypes,
  limits: limits,
  'os-availability-zone': zones,
  'os-quota-sets': answerForQuotas,
};

/** Parts of the path after `/v3`, and the project if it names one. */
function partsOf(path: string): { readonly project: string | undefined; readonly parts: readonly string[] } {
  const [, , ...parts] = path.split('/').map(decodeURIComponent);
  const isProject = /^[0-9a-f]{32}$/.test(parts[0] ?? '');
  return isProject ? { project: parts[0], parts: parts.slice(1) } : { project: undefined, parts };
}

function routed(store: Store, request: ServiceRequest, owner: TokenOwner, minor: number): ServiceAnswer {
  const { origin, path } = request;
  const { project, parts } = partsOf(path);
  const { projectId } = owner;
  if (projectId === undefined || (project !== undefined && project !== projectId))
    throw badRequest('Malformed request url');
  const [collection = '', ...rest] = parts;
  if (!Object.hasOwn(COLLECTIONS, collection)) throw noPath();
  const below = project === undefined ? '' : `/${project}`;
  const asked = {
    ...{ store, request, minor },
    owner: { ...owner, projectId },
    base: `${origin}/v3${below}`,
    bookmark: `${origin}${below}`,
  };
  return COLLECTIONS[collection]!(asked, rest);
}

const isNowhere = ({ body }: ServiceAnswer): boolean =>
  typeof body === 'object' && body !== null && 'title' in body && 'code' in body;

/** What every answer says of itself. */
function headed(answer: ServiceAnswer, version: string | undefined, method: string): ServiceAnswer {
  if (isNowhere(answer)) return answer;
  const id = `req-${randomUUID()}`;
  const isDeletion = answer.body === undefined && method === 'DELETE';
  return {
    ...answer,
    headers: {
      'x-openstack-request-id': id,
      ...(!isDeletion && { 'x-compute-request-id': id }),
      ...(version !== undefined && { 'openstack-api-version': `volume ${version}`, vary: 'OpenStack-API-Version' }),
      ...answer.headers,
    },
  };
}

/** Cinder 29, as far as clients of volumes go. */
export function cinder(site: Site, _seeded: boolean): Service {
  const store = new Store(site);
  site.between.volumes = volumesForNova(store);

  const answered = (request: ServiceRequest, owner: TokenOwner | undefined): ServiceAnswer => {
    if (!owner) return headed(versions(site, request, 300), '3.0', request.method);
    let version: string | undefined;
    try {
      version = /^volume (\d+\.\d+)$/.exec(request.headers['openstack-api-version'] ?? '')?.[1];
      const { text, minor } = microversionOf(site, request);
      version = text;
      if (request.path === '/v3' || request.path === '/v3/')
        return headed(versions(site, request, 200), version, request.method);
      return headed(routed(store, request, owner, minor), version, request.method);
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      throw new Refused(headed(cause.answer, version, request.method));
    }
  };

  return { isOpen: ({ path }) => path === '/', answer: answered };
}
