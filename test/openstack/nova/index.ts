import { matched, type Service, type ServiceAnswer, type ServiceRequest, type TokenOwner } from '../service.ts';
import type { Site } from '../site.ts';
import { act } from './actions/act.ts';
import { createServer } from './create/create.ts';
import { find } from './find.ts';
import { FLAVORS, listFlavors, showFlavor } from './flavors.ts';
import { historyBody } from './history.ts';
import { interfaces } from './interfaces.ts';
import { keyPairs } from './keypairs.ts';
import { listServers } from './list.ts';
import { metadata, serverTags } from './metadata.ts';
import { type Microversion, microversionOf, versionHeaders } from './microversion.ts';
import { showAddresses, showServer, updateServer } from './one.ts';
import { limits, quotaSets } from './quotas.ts';
import { bad, forbidden, methodNotFound, tooLarge, unknownPath } from './refusals.ts';
import { removeServer } from './remove.ts';
import { NovaState } from './state.ts';
import { versions } from './versions.ts';
import { volumeAttachments } from './volumes.ts';

interface Asked {
  readonly state: NovaState;
  readonly request: ServiceRequest;
  readonly version: Microversion;
  readonly owner: TokenOwner;
  readonly ids: readonly string[];
}
type Handler = (asked: Asked) => ServiceAnswer;
type Methods = Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', Handler>>>;

const MAX_BODY_BYTES = 114_688;

const flavors: Handler = ({ state, request, version }) => listFlavors(state, request, version);
const servers: Handler = ({ state, request, version, owner }) => listServers(state, request, version, owner);
const plugs: Handler = ({ state, request, version, owner, ids }) => interfaces(state, request, version, owner, ids);
const disks: Handler = ({ state, request, version, owner, ids }) =>
  volumeAttachments(state, request, version, owner, ids);
const items: Handler = ({ state, request, owner, ids }) => metadata(state, request, owner, ids);
const keys: Handler = ({ state, request, version, owner, ids }) => keyPairs(state, request, version, owner, ids[0]);
const quotas: Handler = ({ state, request, owner, ids }) => quotaSets(state, request, owner, ids[0]!);
const tags: Handler = ({ state, request, version, owner, ids }) => {
  if (!version.has('2.26')) throw methodNotFound();
  return serverTags(state, request, owner, ids);
};
const forAdmins =
  (policy: string): Handler =>
  () => {
    throw forbidden(`os_compute_api:${policy}`);
  };

const PATHS: readonly (readonly [pattern: string, methods: Methods])[] = [
  [
    '/servers',
    { GET: servers, POST: ({ state, request, version, owner }) => createServer(state, request, version, owner) },
  ],
  ['/servers/detail', { GET: servers }],
  [
    '/servers/{}',
    {
      GET: ({ state, request, version, owner, ids }) => showServer(state, request, version, owner, ids[0]!),
      PUT: ({ state, request, version, owner, ids }) => updateServer(state, request, version, owner, ids[0]!),
      DELETE: ({ state, owner, ids }) => removeServer(state, owner, ids[0]!),
    },
  ],
  [
    '/servers/{}/action',
    { POST: ({ state, request, version, owner, ids }) => act(state, request, version, owner, ids[0]!) },
  ],
  ['/servers/{}/ips', { GET: ({ state, owner, ids }) => showAddresses(state, owner, ids[0]!) }],
  ['/servers/{}/os-interface', { GET: plugs, POST: plugs }],
  ['/servers/{}/os-interface/{}', { GET: plugs, DELETE: plugs }],
  ['/servers/{}/os-volume_attachments', { GET: disks, POST: disks }],
  ['/servers/{}/os-volume_attachments/{}', { GET: disks, DELETE: disks }],
  ['/servers/{}/metadata', { GET: items, POST: items, PUT: items }],
  ['/servers/{}/metadata/{}', { GET: items, PUT: items, DELETE: items }],
  ['/servers/{}/tags', { GET: tags, PUT: tags, DELETE: tags }],
  ['/servers/{}/tags/{}', { GET: tags, PUT: tags, DELETE: tags }],
  ['/servers/{}/diagnostics', { GET: forAdmins('os-server-diagnostics') }],
  [
    '/servers/{}/remote-consoles',
    {
      POST: () => {
        throw bad('Unavailable console type novnc.');
      },
    },
  ],
  [
    '/servers/{}/os-instance-actions',
    {
      GET: ({ state, owner, version, ids }) => ({
        status: 200,
        body: historyBody(find(state, owner, ids[0]!), version),
      }),
    },
  ],
  ['/flavors', { GET: flavors, POST: forAdmins('os-flavor-manage:create') }],
  ['/flavors/detail', { GET: flavors }],
  ['/flavors/{}', { GET: ({ state, request, version, ids }) => showFlavor(state, request, version, ids[0]!) }],
  ['/os-keypairs', { GET: keys, POST: keys }],
  ['/os-keypairs/{}', { GET: keys, DELETE: keys }],
  ['/os-quota-sets/{}', { GET: quotas, PUT: quotas }],
  ['/os-quota-sets/{}/detail', { GET: quotas }],
  ['/os-hypervisors', { GET: forAdmins('os-hypervisors:list') }],
  ['/limits', { GET: ({ state, version, owner }) => limits(state, version, owner) }],
  [
    '/os-availability-zone',
    {
      GET: ({ state }) => {
        const zones = state.zones.map((zoneName) => ({ zoneName, zoneState: { available: true }, hosts: null }));
        return { status: 200, body: { availabilityZoneInfo: zones } };
      },
    },
  ],
];

/** The path below `/v2.1`, also with the project in it. */
function pathOf({ path }: ServiceRequest, { projectId }: TokenOwner): string | undefined {
  const [, below] = /^\/v2(?:\.1)?(\/.*)$/.exec(path) ?? [];
  const [, named, rest] = /^\/([0-9a-f]{32})(\/.*)$/.exec(below ?? '') ?? [];
  if (named === undefined) return below;
  if (named !== projectId)
    throw bad(`Malformed request URL: URL's project_id '${named}' doesn't match Context's project_id '${projectId}'`);
  return rest;
}

function answered(state: NovaState, request: ServiceRequest, owner: TokenOwner): ServiceAnswer {
  if (request.text.length > MAX_BODY_BYTES) return tooLarge;
  const path = pathOf(request, owner);
  for (const [pattern, methods] of PATHS) {
    const ids = path === undefined ? undefined : matched(pattern, path);
    if (!ids) continue;
    const handler = methods[request.method as keyof Methods];
    if (!handler) return unknownPath;
    if (owner.projectId === undefined) throw forbidden('os_compute_api:servers:index');
    return handler({ state, request, version: microversionOf(state.site, request), owner, ids });
  }
  return unknownPath;
}

/** Answers that no microversion stands on: those that Nova's router gives, and all of the legacy API. */
const isWithoutVersion = (answer: ServiceAnswer, { path }: ServiceRequest): boolean =>
  answer === unknownPath || answer === tooLarge || !path.startsWith('/v2.1');

export interface Nova extends Service {
  readonly state: NovaState;
}

/** @param seeded with the flavors of the recorded site */
export function nova(site: Site, seeded: boolean): Nova {
  const state = new NovaState(site);
  if (seeded) for (const flavor of FLAVORS) state.flavors.set(flavor.id, flavor);
  site.between.servers = {
    exists: (projectId, id) => state.ofProject(projectId).some((server) => server.id === id && !server.isGone),
  };
  return {
    state,
    isOpen: (request) => versions(site, request) !== undefined,
    always: (request) => (request.path.startsWith('/v2.1') ? versionHeaders(site, request) : {}),
    answer: (request, owner) => {
      const document = versions(site, request);
      if (document) return document;
      const answer = answered(state, request, owner!);
      return isWithoutVersion(answer, request) ? { ...answer, withoutVersion: true } : answer;
    },
  };
}
