import type { ServiceAnswer, ServiceRequest } from '../service.ts';
import type { Site } from '../site.ts';

const UPDATED = '2013-07-23T11:33:21Z';

/** The documents of versions, which need no token. */
export function versions(site: Site, { path, origin }: ServiceRequest): ServiceAnswer | undefined {
  const { compute: newest } = site.newest;
  const current = { id: 'v2.1', status: 'CURRENT', version: newest, min_version: '2.1', updated: UPDATED };
  const self = { rel: 'self', href: `${origin}/v2.1/` };
  if (path === '/') {
    const old = { id: 'v2.0', status: 'DEPRECATED', version: '', min_version: '', updated: '2025-07-04T12:00:00Z' };
    const links = [{ rel: 'self', href: `${origin}/v2/` }];
    return {
      status: 200,
      withoutRequestId: true,
      body: {
        versions: [
          { ...old, links },
          { ...current, links: [self] },
        ],
      },
    };
  }
  if (path !== '/v2.1' && path !== '/v2.1/') return undefined;
  const described = { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' };
  const media = [{ base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1' }];
  return { status: 200, body: { version: { ...current, links: [self, described], 'media-types': media } } };
}
