import type { ServiceAnswer, ServiceRequest, TokenOwner } from '../service.ts';
import { parsed } from './body.ts';
import { checkMetadata, checkTags, invalid } from './create/wish.ts';
import { checkState, find, findBuilt } from './find.ts';
import { repr } from './python.ts';
import { bad, mustWrite, refused } from './refusals.ts';
import type { NovaState } from './state.ts';

const CHANGEABLE = { vm: ['active', 'paused', 'suspended', 'stopped'], tasks: null } as const;

/** `/servers/{id}/metadata` and one item. */
export function metadata(
  state: NovaState,
  request: ServiceRequest,
  owner: TokenOwner,
  [id, key]: readonly string[],
): ServiceAnswer {
  const { method } = request;
  if (method === 'GET') {
    const { metadata: all } = find(state, owner, id!, 'server-metadata:index');
    if (key === undefined) return { status: 200, body: { metadata: all } };
    if (!Object.hasOwn(all, key)) throw refused(404, 'Metadata item was not found');
    return { status: 200, body: { meta: { [key]: all[key] } } };
  }
  const verb = { POST: 'create', DELETE: 'delete', PUT: key === undefined ? 'update_all' : 'update' }[method] ?? '';
  const change = method === 'DELETE' ? undefined : wished(request, key);
  const server = findBuilt(state, owner, id!);
  mustWrite(owner, `os_compute_api:server-metadata:${verb}`);
  if (method === 'DELETE') {
    if (!Object.hasOwn(server.metadata, key!)) throw refused(404, 'Metadata item was not found');
    checkState(server, owner, { name: 'delete metadata', ...CHANGEABLE });
    // `updated` stays: a listing by changes-since does not have it.
    const { [key!]: gone, ...rest } = server.metadata;
    server.metadata = rest;
    return { status: 204 };
  }
  const isReplaced = method === 'PUT' && key === undefined;
  const all = isReplaced ? { ...change } : { ...server.metadata, ...change };
  const most = state.quotaOf(server.projectId).metadata_items;
  if (Object.keys(all).length > most) throw refused(403, `Maximum number of metadata items exceeds ${most}`);
  checkMetadata(change!);
  checkState(server, owner, { name: 'update metadata', ...CHANGEABLE });
  server.metadata = all;
  server.touch(state.site.now());
  return { status: 200, body: key === undefined ? { metadata: all } : { meta: change } };
}

function wished(request: ServiceRequest, key: string | undefined): Readonly<Record<string, string>> {
  const body = parsed(request) as { metadata?: Record<string, string>; meta?: Record<string, string> };
  const name = key === undefined ? 'metadata' : 'meta';
  const given = body[name];
  if (typeof given !== 'object' || given === null) throw invalid('None', body, `'${name}' is a required property`);
  if (key !== undefined && !Object.hasOwn(given, key)) throw bad('Request body and URI mismatch');
  return given;
}

/** `/servers/{id}/tags` and one of them; none of this changes `updated`. */
export function serverTags(
  state: NovaState,
  request: ServiceRequest,
  owner: TokenOwner,
  [id, tag]: readonly string[],
): ServiceAnswer {
  const { method } = request;
  if (method === 'GET') {
    const { tags } = find(state, owner, id!, 'os-server-tags:index');
    if (tag === undefined) return { status: 200, body: { tags: [...tags].sort() } };
    if (!tags.includes(tag)) throw refused(404, `Server ${id} has no tag '${tag}'`);
    return { status: 204 };
  }
  const server = findBuilt(state, owner, id!);
  const all = tag === undefined ? '_all' : '';
  mustWrite(owner, `os_compute_api:os-server-tags:${method === 'DELETE' ? 'delete' : 'update'}${all}`);
  if (method === 'DELETE') {
    if (tag !== undefined && !server.tags.includes(tag)) throw refused(404, `Server ${id} has no tag '${tag}'`);
    server.tags = tag === undefined ? [] : server.tags.filter((one) => one !== tag);
    return { status: 204 };
  }
  if (tag !== undefined) {
    checkTags([tag]);
    const isNew = !server.tags.includes(tag);
    if (isNew && server.tags.length >= 50) throw bad('The number of tags exceeded the per-server limit 50');
    if (isNew) server.tags.push(tag);
    const headers = { location: `${request.origin}/v2.1/servers/${id}/tags/${encodeURIComponent(tag)}` };
    return isNew ? { status: 201, headers } : { status: 204 };
  }
  const { tags } = parsed(request) as { tags?: string[] };
  if (!Array.isArray(tags)) throw invalid('None', parsed(request), `${repr('tags')} is a required property`);
  checkTags(tags);
  server.tags = [...new Set(tags)];
  return { status: 200, body: { tags: [...server.tags].sort() } };
}
