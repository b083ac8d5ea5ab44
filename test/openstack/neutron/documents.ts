/** What Neutron says of itself. */
import type { ServiceAnswer, ServiceRequest } from '../service.ts';

const RESOURCES = ['network', 'subnet', 'subnetpool', 'port'] as const;

/** Extensions of the recorded site that clients look for; it had 88. */
const EXTENSIONS = [
  'external-net',
  'filter-validation',
  'net-mtu',
  'pagination',
  'port-security',
  'project-id',
  'provider',
  'quotas',
  'revision-if-match',
  'router',
  'security-group',
  'sorting',
  'standard-attr-description',
  'standard-attr-revisions',
  'standard-attr-tag',
  'standard-attr-timestamp',
  'subnet-external-network',
  'tag-creation',
] as const;

export const versions = ({ origin }: ServiceRequest): ServiceAnswer => ({
  status: 200,
  body: { versions: [{ id: 'v2.0', status: 'CURRENT', links: [{ rel: 'self', href: `${origin}/v2.0/` }] }] },
  withoutRequestId: true,
});

const resources = ({ origin }: ServiceRequest): object => ({
  resources: RESOURCES.map((name) => ({
    name,
    collection: `${name}s`,
    links: [{ rel: 'self', href: `${origin}/v2.0/${name}s` }],
  })),
});

const extensions = (): object => ({
  extensions: EXTENSIONS.map((alias) => ({
    name: alias,
    alias,
    description: alias,
    updated: '2026-04-01T00:00:00-00:00',
    links: [],
  })),
});

/** The answer to a GET of what is not a resource; undefined for other paths. */
export function documentAt(request: ServiceRequest): ServiceAnswer | undefined {
  if (request.method !== 'GET') return undefined;
  const body =
    request.path === '/v2.0' || request.path === '/v2.0/'
      ? resources(request)
      : request.path === '/v2.0/extensions'
        ? extensions()
        : // Members see no agents.
          request.path === '/v2.0/agents'
          ? { agents: [] }
          : undefined;
  return body && { status: 200, body };
}
