import type { ServiceAnswer, ServiceRequest, TokenOwner } from '../service.ts';
import type { Microversion } from './microversion.ts';
import { forbidden, refused } from './refusals.ts';
import { linksOf, serverBody } from './render.ts';
import type { Server } from './server.ts';
import type { NovaState } from './state.ts';

const MAX_PAGE = 1000;

const SORT_KEYS = [
  'access_ip_v4',
  'access_ip_v6',
  'auto_disk_config',
  'availability_zone',
  'config_drive',
  'created_at',
  'display_description',
  'display_name',
  'host',
  'hostname',
  'image_ref',
  'instance_type_id',
  'kernel_id',
  'key_name',
  'launch_index',
  'launched_at',
  'locked_by',
  'node',
  'power_state',
  'progress',
  'project_id',
  'ramdisk_id',
  'root_device_name',
  'task_state',
  'terminated_at',
  'updated_at',
  'user_id',
  'uuid',
  'vm_state',
  'architecture',
  'cell_name',
  'cleaned',
  'default_ephemeral_device',
  'default_swap_device',
  'deleted',
  'deleted_at',
  'disable_terminate',
  'ephemeral_gb',
  'ephemeral_key_uuid',
  'id',
  'key_data',
  'launched_on',
  'locked',
  'memory_mb',
  'os_type',
  'reservation_id',
  'root_gb',
  'shutdown_terminate',
  'user_data',
  'vcpus',
  'vm_mode',
];

type Filter = (server: Server, value: string) => boolean;

const set = (value: string): readonly string[] => value.split(',');

/** What a member may filter by. `metadata` is accepted and ignored: seen at 2.52 and 2.104. */
const FILTERS: Readonly<Record<string, { readonly since: string; readonly matches: Filter }>> = {
  name: { since: '2.1', matches: ({ name }, value) => new RegExp(value, 'i').test(name) },
  status: { since: '2.1', matches: ({ status }, value) => status === value.toUpperCase() },
  image: { since: '2.1', matches: ({ imageId }, value) => imageId === value },
  flavor: { since: '2.1', matches: ({ flavor }, value) => flavor.id === value },
  reservation_id: { since: '2.1', matches: ({ reservationId }, value) => reservationId === value },
  tags: { since: '2.26', matches: ({ tags }, value) => set(value).every((tag) => tags.includes(tag)) },
  'tags-any': { since: '2.26', matches: ({ tags }, value) => set(value).some((tag) => tags.includes(tag)) },
  'not-tags': { since: '2.26', matches: ({ tags }, value) => !set(value).every((tag) => tags.includes(tag)) },
  'not-tags-any': { since: '2.26', matches: ({ tags }, value) => !set(value).some((tag) => tags.includes(tag)) },
  locked: { since: '2.73', matches: ({ isLocked }, value) => isLocked === (value.toLowerCase() === 'true') },
};

/** Parameters that are known, and that filter nothing for a member. */
const OTHERS = [
  'limit',
  'marker',
  'sort_key',
  'sort_dir',
  'changes-since',
  'changes-before',
  'all_tenants',
  'deleted',
  'metadata',
  'ip',
  'ip6',
  'tenant_id',
  'project_id',
  'user_id',
  'availability_zone',
  'hostname',
  'host',
  'uuid',
  'vm_state',
  'key_name',
  'description',
  'config_drive',
  'created_at',
  'launched_at',
  'terminated_at',
  'power_state',
  'task_state',
  'progress',
  'soft_deleted',
  'root_device_name',
  'access_ip_v4',
  'access_ip_v6',
  'auto_disk_config',
  'node',
  'kernel_id',
  'ramdisk_id',
  'launch_index',
  'locked_by',
  'display_description',
  'block_device_mapping',
  'services',
  'metadata',
  'system_metadata',
  'info_cache',
  'security_groups',
  'pci_devices',
  'tags',
];

const invalid = (name: string, value: string, why: string) =>
  refused(400, `Invalid input for query parameters ${name}. Value: ${value}. ${why}`);

/** Throws for what the schema of the query refuses. */
function check(query: URLSearchParams, version: Microversion, owner: TokenOwner, action: string): void {
  for (const [name, value] of query) {
    if (name === 'name') {
      try {
        new RegExp(value);
      } catch {
        throw invalid(name, value, `'${value}' is not a 'regex'`);
      }
    }
    if (name === 'limit' && !/^[0-9]*$/.test(value)) throw invalid(name, value, `'${value}' does not match '^[0-9]*$'`);
    if (name === 'sort_key' && !SORT_KEYS.includes(value))
      throw invalid(name, value, `'${value}' is not one of [${SORT_KEYS.map((key) => `'${key}'`).join(', ')}]`);
    const isKnown = (FILTERS[name] && version.has(FILTERS[name].since)) || OTHERS.includes(name);
    if (version.has('2.75') && !isKnown && !name.startsWith('_'))
      throw refused(400, `'${name}' does not match any of the regexes: '^_'`);
    if (name === 'changes-since' && Number.isNaN(Date.parse(value)))
      throw invalid(name, value, `'${value}' is not a 'date-time'`);
  }
  if (query.has('all_tenants') && !['0', 'false'].includes(query.get('all_tenants')!) && !owner.roles.includes('admin'))
    throw forbidden(`os_compute_api:servers:${action}:get_all_tenants`);
}

const hasAddress = (state: NovaState, server: Server, part: string): boolean =>
  server.nics.some(({ portId }) =>
    state.site.between.ports
      .port(server.projectId, portId)
      ?.fixedIps.some(({ address }) => new RegExp(part).test(address)),
  );

const wholeSecond = (milliseconds: number): number => Math.floor(milliseconds / 1000) * 1000;

/** Requests that no host has yet, and then the newest first; within a second by id (nova/compute/instance_list.py). */
function inOrder(one: Server, other: Server): number {
  if (one.isBuildRequest !== other.isBuildRequest) return one.isBuildRequest ? -1 : 1;
  return wholeSecond(other.created) - wholeSecond(one.created) || (one.id < other.id ? -1 : 1);
}

/** Those that a query asks for. */
function selected(state: NovaState, { query }: ServiceRequest, version: Microversion, owner: TokenOwner): Server[] {
  const since = query.get('changes-since');
  // Times have whole seconds in the database.
  const from = since === null ? undefined : wholeSecond(Date.parse(since));
  const filters = [...query].flatMap(([name, value]) => {
    const filter = FILTERS[name];
    return filter && version.has(filter.since) ? [{ value, matches: filter.matches }] : [];
  });
  const ip = query.get('ip');
  const found = state.ofProject(owner.projectId!).filter((server) => {
    const isSince = from !== undefined && !server.isUntouched && wholeSecond(server.updated) >= from;
    if (from === undefined ? server.isGone : !isSince) return false;
    return (
      filters.every(({ matches, value }) => matches(server, value)) && (ip === null || hasAddress(state, server, ip))
    );
  });
  found.sort(inOrder);
  return query.get('sort_dir') === 'asc' ? found.reverse() : found;
}

/** `/servers` and `/servers/detail`. */
export function listServers(
  state: NovaState,
  request: ServiceRequest,
  version: Microversion,
  owner: TokenOwner,
): ServiceAnswer {
  const { query, origin, path } = request;
  const isDetail = path.endsWith('/detail');
  check(query, version, owner, isDetail ? 'detail' : 'index');
  const all = selected(state, request, version, owner);
  const marker = query.get('marker');
  const start = marker === null ? 0 : all.findIndex(({ id }) => id === marker) + 1;
  if (marker !== null && start === 0 && !state.ofProject(owner.projectId!).some(({ id }) => id === marker))
    throw refused(400, `marker [${marker}] not found`);
  const limit = Math.min(Number(query.get('limit') || MAX_PAGE) || MAX_PAGE, MAX_PAGE);
  const shown = all.slice(start, start + limit);
  const view = { site: state.site, version, origin, isAdmin: owner.roles.includes('admin') };
  const servers = shown.map((server) =>
    isDetail
      ? serverBody(view, server, false)
      : { id: server.id, name: server.name, links: linksOf(origin, server.id) },
  );
  // Nova says that more follow whenever a page is full, though it may have been the last.
  const isFull = query.has('limit')
    ? shown.length === Math.min(Number(query.get('limit')), MAX_PAGE)
    : shown.length === MAX_PAGE;
  if (!isFull || shown.length === 0) return { status: 200, body: { servers } };
  const next = new URLSearchParams(query);
  next.delete('marker');
  next.sort();
  next.append('marker', shown.at(-1)!.id);
  const href = `${origin}${path}?${next}`;
  return { status: 200, body: { servers, servers_links: [{ rel: 'next', href }] } };
}
