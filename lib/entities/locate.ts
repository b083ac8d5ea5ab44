/** Resolves a client's reference to an entity (path, absolute URL, URN or bare UUID) to its mapping. */

import type { KindAdapter } from '../adapter/contract.ts';
import { OcciError } from '../errors.ts';
import { bareId, isOurUuid } from '../mapping/identity.ts';
import type { Mapping } from '../mapping/rows.ts';
import { KIND_TERMS, KINDS, type KindTerm } from '../occi/kinds/index.ts';
import type { Backend, EntityPath } from './backend.ts';

const KIND_AT = new Map<string, KindTerm>(KIND_TERMS.map((term) => [KINDS[term].location, term]));

/** Parses a path: the kind whose location it lies below, and the id if exactly an id follows. */
export function entityPath(path: string): EntityPath {
  const slash = path.indexOf('/', 1);
  const kind = slash < 0 ? undefined : KIND_AT.get(path.slice(0, slash + 1));
  const rest = path.slice(slash + 1);
  if (!kind || /^(?:urn:uuid:)?\/?$/i.test(rest)) return { path };
  return { path, kind, uuid: isOurUuid(rest) ? rest : writtenId(rest) };
}

/** One client puts the whole `occi.core.id` after the location; some use upper case or a trailing slash. */
function writtenId(rest: string): string | undefined {
  const id = bareId(rest.endsWith('/') ? rest.slice(0, -1) : rest);
  return isOurUuid(id) ? id : undefined;
}

/** The path of a reference: removes scheme and authority of an absolute URL and collapses repeated slashes. */
export function pathOf(reference: string): string {
  const path = reference.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*/, '');
  return path.replace(/\/{2,}/g, '/');
}

/** The path of a reference that is a path or a URL of this endpoint; undefined for a URL elsewhere. */
export function pathHere(reference: string, { isOurs }: Pick<Backend, 'isOurs'>): string | undefined {
  const [, scheme, authority = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)/.exec(reference) ?? [];
  if (scheme !== undefined && !(/^https?$/i.test(scheme) && isOurs(authority))) return undefined;
  return pathOf(reference);
}

/** True for a reference that is a path or URL of this endpoint. False may also mean that it is an id. */
export const isWayTo = (path: string, reference: unknown, backend: Pick<Backend, 'isOurs'>): boolean =>
  typeof reference === 'string' && pathHere(reference, backend) === path;

/** The mapping of an OCCI id, from the store or else from the cloud. */
async function byUuid(uuid: string, kinds: readonly KindTerm[], backend: Backend): Promise<Mapping | undefined> {
  const known = await backend.store.find(uuid);
  if (known) return known;
  // Most requests of a function name what the table holds.
  const { adopt } = await import('./first-look/adopt.ts');
  return await adopt(uuid, kinds, backend);
}

/** The entity at a path of this endpoint; undefined if there is none there. */
export async function atPath({ path, kind, uuid }: EntityPath, backend: Backend): Promise<Mapping | undefined> {
  if (kind !== undefined && uuid !== undefined) {
    const mapping = await byUuid(uuid, [kind], backend);
    return mapping?.kind === kind ? mapping : undefined;
  }
  const alias = await backend.store.alias(path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);
  const bound = alias && (await backend.store.entityAt(alias));
  if (bound === undefined) return undefined;
  const mapping = await byUuid(bound, [alias!.kind], backend);
  // An interrupted delete may have left the path behind, because it releases the path last.
  if (!mapping && !(await isAnnotated(bound, backend))) await backend.store.release(alias!);
  return mapping;
}

async function isAnnotated(uuid: string, backend: Backend): Promise<boolean> {
  const annotation = (await backend.store.annotationsOf([uuid])).get(uuid);
  return annotation !== undefined && !annotation.deleted;
}

/** True for an entity that was deleted and that its cloud may still show. */
export async function isTombstoned({ uuid, kind }: Mapping, backend: Backend): Promise<boolean> {
  const lingers = (backend.adapter.kinds[kind] as KindAdapter | undefined)?.lingers ?? 0;
  return lingers > 0 && (await backend.store.annotationsOf([uuid])).get(uuid)?.deleted === true;
}

/** The entity that a reference in a payload means: a path, an absolute URL, `urn:uuid:…` or a bare UUID. */
export async function referred(
  reference: string,
  kinds: readonly KindTerm[],
  backend: Backend,
): Promise<Mapping | undefined> {
  const uuid = bareId(reference);
  if (isOurUuid(uuid)) return byUuid(uuid, kinds, backend);
  const path = pathHere(reference, backend);
  return path === undefined ? undefined : atPath(entityPath(path), backend);
}

/** The entity at a request's path. Throws `notFound`. */
export async function located(at: EntityPath, backend: Backend): Promise<Mapping> {
  const mapping = await atPath(at, backend);
  if (!mapping || (await isTombstoned(mapping, backend))) throw notHere(at.path);
  return mapping;
}

/** The same answer for an entity that never existed, was deleted or belongs to another tenant. */
export const notHere = (path: string): OcciError =>
  new OcciError('notFound', `There is nothing at ${path.slice(0, 200)}.`);
