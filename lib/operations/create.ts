import type { Backend, Target } from '../entities/backend.ts';
import { sortCategories } from '../entities/categories/sorted.ts';
import { hasMadeAny } from '../entities/create/made-earlier.ts';
import type { Made } from '../entities/create/make.ts';
import { makeAll } from '../entities/create/make-all.ts';
import { type Collection, kindFor, type Plan, plan } from '../entities/create/plan.ts';
import type { Pending } from '../entities/links/ends.ts';
import { atPath, entityPath } from '../entities/locate.ts';
import { nativeAt } from '../entities/native-entity.ts';
import { DESCRIPTION } from '../entities/reads.ts';
import type { OcciRequest } from '../entities/request.ts';
import { annotationsAround, show } from '../entities/show.ts';
import { isFailure, isRefusal, OcciError } from '../errors.ts';
import { requireCreating } from '../http/preconditions.ts';
import { bareId, isOurUuid } from '../mapping/identity.ts';
import { CORE_KINDS, type CoreTerm, isLinkTerm, type KindTerm } from '../occi/kinds/index.ts';
import type { Answer, Part } from '../renderings/rendering.ts';
import { notOffered } from './offered.ts';
import type { Operation } from './operation.ts';

/**
 * Orders the parts of a request, which may refer to each other by the ids that the client proposed: targets of links
 * are created first.
 */
async function order(parts: readonly Part[], collection: Collection | undefined, backend: Backend) {
  const { model } = await backend.model();
  const pending = new Map<string, { kind: KindTerm }>();
  const withKind = parts.map((part) => {
    const kind = kindFor(sortCategories(part.categories, model), collection, backend);
    const id = part.attributes['occi.core.id'];
    if (typeof id === 'string') {
      const name = bareId(id);
      if (pending.has(name))
        throw new OcciError('invalid', `Two entities of the request have the id ${id.slice(0, 200)}.`);
      pending.set(name, { kind });
    }
    return { part, rank: isLinkTerm(kind) ? 2 : part.links.length > 0 ? 1 : 0 };
  });
  const ordered = withKind.toSorted((one, other) => one.rank - other.rank);
  return { parts: ordered.map(({ part }) => part), pending };
}

/** The plans of all parts. All are checked before the first entity is created. */
async function plans(
  parts: readonly Part[],
  collection: Collection | undefined,
  backend: Backend,
): Promise<readonly Plan[]> {
  const nothing: Pending = new Map();
  if (parts.length === 1) return [await plan(parts[0]!, collection, backend, nothing)];
  const { parts: ordered, pending } = await order(parts, collection, backend);
  // One at a time, so that a payload cannot flood the store.
  const ready: Plan[] = [];
  for (const part of ordered) ready.push(await plan(part, collection, backend, pending));
  return ready;
}

/** The answer to a create: the locations, and the entities if the rendering shows them (D-12). */
async function created(made: readonly Made[], request: Pick<OcciRequest, 'wants'>, backend: Backend): Promise<Answer> {
  const locations = made.map(({ location }) => location);
  if (request.wants === 'locations') return { is: 'created', locations };
  const natives = made.map(({ native }) => native);
  const annotations = await annotationsAround(natives, backend);
  return { is: 'created', locations, entities: natives.map((native) => show(native, annotations, backend)) };
}

const collectionOf = (target: Target): Collection | undefined =>
  target.is === 'kindCollection' ? target.kind : target.is === 'coreCollection' ? target.core : undefined;

/**
 * POST on the collection of a kind, of all resources or links, or on a path like `/`: creates one or several entities,
 * all or none (GFD.223 §11.3.1, D-18).
 */
export const create: Operation<Target & { is: 'kindCollection' | 'coreCollection' | 'unbound' }> = {
  answers: 'created',
  needs: 'create',
  reads: { query: [], filter: [], payload: [...DESCRIPTION, 'several'], key: true },
  async run({ target, parsed, token, again, wants }, backend) {
    if (parsed.parts.length === 0) throw new OcciError('invalid', 'The request has no payload to make an entity from.');
    const ready = await plans(parsed.parts, collectionOf(target), backend);
    return await created(await makeAll(ready, { token, again }, backend), { wants }, backend);
  },
  async hasMade({ target, parsed, token }, backend) {
    return await hasMadeAny(await plans(parsed.parts, collectionOf(target), backend), token, backend);
  },
};

const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._~@+=:-]+$/;

/**
 * The path that a client chose, without a trailing slash. Throws `invalid` for a path that would need escaping in a URL
 * or in some rendering, or that looks like an id given by the server.
 */
function placeFor(path: string): string {
  const place = path.endsWith('/') ? path.slice(0, -1) : path;
  const segments = place.split('/').slice(1);
  if (segments.length === 0 || !segments.every((segment) => SEGMENT.test(segment))) {
    throw new OcciError('invalid', 'A chosen path may have letters, digits and . _ ~ @ + = : - between its slashes.');
  }
  const id = bareId(segments.at(-1)!);
  if (id === '' || isOurUuid(id)) {
    throw new OcciError(
      'invalid',
      'Ids are UUIDs of version 5, given by the server: choose another path, or POST to the collection.',
    );
  }
  const taken = ['/-/', '/.well-known/', '/mixin/'].find((prefix) => place.startsWith(prefix));
  if (taken) throw new OcciError('conflict', `What lies below ${taken} belongs to the endpoint: choose another path.`);
  return place;
}

/** The core kind below whose location a path lies: only entities of that kind can be created there. */
const coreAbove = (place: string): CoreTerm | undefined =>
  (['resource', 'link'] as const).find((core) => place.startsWith(CORE_KINDS[core].location));

/** After this time an unfinished create counts as crashed. */
const CREATE_TIMEOUT_MS = 60_000;

/** True if there is an entity at a path by now: another request may have created it in the meantime. */
async function isAlive(place: string, backend: Backend): Promise<boolean> {
  const mapping = await atPath(entityPath(place), backend);
  if (!mapping) return false;
  try {
    await nativeAt(mapping, place, backend);
    return true;
  } catch (error) {
    if (isFailure(error, 'notFound')) return false;
    throw error;
  }
}

/**
 * Reserves the path for a create. A reservation that leads to no entity was left by a crashed create and is taken over
 * with its token. While another create is in progress, throws `preconditionFailed` for a request that may only create,
 * and `conflict` for any other.
 */
async function reserved(place: string, kind: KindTerm, { token, conditions }: OcciRequest, backend: Backend) {
  const started = Date.now();
  const earlier = await backend.store.alias(place);
  const died = earlier !== undefined && earlier.uuid === undefined && started - earlier.started > CREATE_TIMEOUT_MS;
  // The path is free if it leads to a deleted entity or to none, unless a create is in progress.
  const bound = earlier?.uuid !== undefined;
  const gone = bound && !(await isAlive(place, backend));
  if (bound && !gone) requireCreating(conditions);
  if (earlier === undefined || gone || died) {
    const wanted = { path: place, kind, token: died ? earlier.token : token, started };
    const reserve = () => backend.store.reserve(wanted, earlier);
    const alias = (await reserve()) ?? ((await backend.mixins().clear(place)) ? await reserve() : undefined);
    if (alias) return { alias, again: died };
  }
  requireCreating(conditions);
  throw new OcciError('conflict', `Another request is making an entity at ${place} at the same time.`);
}

/** PUT on an unused path: creates the entity there, and the path becomes its only URL (HTTP-26, H11-13). */
export async function createAt(
  path: string,
  kind: KindTerm | undefined,
  request: OcciRequest,
  backend: Backend,
): Promise<Answer> {
  const { parsed, target, wants } = request;
  const absent = notOffered(create, target, backend.adapter);
  if (absent) throw absent;
  const [part] = parsed.parts;
  if (!part || parsed.parts.length > 1) throw new OcciError('invalid', 'PUT needs the payload of exactly one entity.');
  const place = placeFor(path);
  const ready = await plan(part, kind ?? coreAbove(place), backend);
  const { alias, again } = await reserved(place, ready.kind, request, backend);
  try {
    const made = await makeAll([ready], { token: alias.token, again, alias: place }, backend);
    await backend.store.rebind(alias, { uuid: made[0]!.mapping.uuid });
    return await created(made, { wants }, backend);
  } catch (error) {
    // An earlier attempt may have made something with the token of the path.
    if (isRefusal(error) && !again) await backend.store.release(alias);
    else await backend.store.rebind(alias, { started: 0 }).catch(() => {});
    throw error;
  }
}
