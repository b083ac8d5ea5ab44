import type { ServiceAnswer, ServiceRequest, TokenOwner } from '../service.ts';
import { parsed } from './body.ts';
import { checkName, invalid } from './create/wish.ts';
import { find } from './find.ts';
import type { Microversion } from './microversion.ts';
import { mustWrite } from './refusals.ts';
import { addressesOf, basicBody, serverBody, type View } from './render.ts';
import type { NovaState } from './state.ts';

const viewOf = (state: NovaState, { origin }: ServiceRequest, version: Microversion, owner: TokenOwner): View => ({
  site: state.site,
  version,
  origin,
  isAdmin: owner.roles.includes('admin'),
});

/** GET `/servers/{id}`. */
export function showServer(
  state: NovaState,
  request: ServiceRequest,
  version: Microversion,
  owner: TokenOwner,
  id: string,
): ServiceAnswer {
  const server = find(state, owner, id);
  return { status: 200, body: { server: serverBody(viewOf(state, request, version, owner), server, true) } };
}

/** GET `/servers/{id}/ips`. */
export const showAddresses = (state: NovaState, owner: TokenOwner, id: string): ServiceAnswer => ({
  status: 200,
  body: { addresses: addressesOf(state.site, find(state, owner, id), false) },
});

/** Properties of a PUT, and since when those are taken that are not of every version. */
const TAKEN: Readonly<Record<string, string>> = {
  name: '2.1',
  accessIPv4: '2.1',
  accessIPv6: '2.1',
  'OS-DCF:diskConfig': '2.1',
  description: '2.19',
  hostname: '2.90',
};

/** PUT `/servers/{id}`. */
export function updateServer(
  state: NovaState,
  request: ServiceRequest,
  version: Microversion,
  owner: TokenOwner,
  id: string,
): ServiceAnswer {
  const { server: wish = {} } = parsed(request) as { server?: Record<string, string> };
  for (const name of Object.keys(wish))
    if (!TAKEN[name] || !version.has(TAKEN[name]))
      throw invalid('server', wish, `Additional properties are not allowed ('${name}' was unexpected)`);
  if (wish.name !== undefined) checkName(wish.name);
  const server = find(state, owner, id, 'servers:update');
  mustWrite(owner, 'os_compute_api:servers:update');
  const { name, description, hostname } = server;
  if (server.isBuildRequest) server.asked = { name, description, hostname, ...server.asked };
  server.name = wish.name ?? server.name;
  if (wish.description !== undefined) server.description = wish.description;
  server.hostname = wish.hostname ?? server.hostname;
  server.touch(state.site.now());
  const view = viewOf(state, request, version, owner);
  if (version.has('2.75')) return { status: 200, body: { server: serverBody(view, server, true) } };
  const more = {
    ...(version.has('2.19') && { description: server.description }),
    ...(version.has('2.26') && { tags: [...server.tags].sort() }),
    ...(version.has('2.63') && { trusted_image_certificates: null }),
    ...(version.has('2.71') && { server_groups: [] }),
    ...(version.has('2.73') && { locked: server.isLocked, locked_reason: server.lockedReason }),
  };
  return { status: 200, body: { server: { ...basicBody(view, server, false), ...more } } };
}
