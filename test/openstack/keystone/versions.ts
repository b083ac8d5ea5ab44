import type { ServiceAnswer, ServiceRequest } from '../service.ts';

const version = (origin: string): object => ({
  id: 'v3.14',
  status: 'stable',
  updated: '2020-04-07T00:00:00Z',
  links: [{ rel: 'self', href: `${origin}/v3/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
});

/** The documents of versions: 300 at the root. */
export function versions({ path, origin }: ServiceRequest): ServiceAnswer | undefined {
  if (path === '/')
    return {
      status: 300,
      headers: { location: `${origin}/v3/` },
      body: { versions: { values: [version(origin)] } },
    };
  if (path === '/v3' || path === '/v3/') return { status: 200, body: { version: version(origin) } };
  return undefined;
}
