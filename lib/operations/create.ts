import { OcciError } from '../errors.ts';
import { isLinkTerm, type KindTerm } from '../occi/kinds/index.ts';
import type { Answer, Part } from '../renderings/rendering.ts';
import { sortCategories } from './categories.ts';
import { kindFor, type Plan, plan } from './draft.ts';
import type { Pending } from './ends.ts';
import { type Made, make, makeAll } from './make.ts';
import type { Backend, OcciRequest, Operation, Target } from './operation.ts';
import { annotationsAround, locationOf, show } from './show.ts';

/** What several parts may say of each other: the ids that the client proposed. Resources are made before links. */
async function order(parts: readonly Part[], collection: KindTerm | undefined, backend: Backend) {
  const { model } = await backend.model();
  const pending = new Map<string, { kind: KindTerm }>();
  const withKind = parts.map((part) => {
    const kind = kindFor(sortCategories(part.categories, model), collection, backend);
    const id = part.attributes['occi.core.id'];
    if (typeof id === 'string') pending.set(id.replace(/^urn:uuid:/i, '').toLowerCase(), { kind });
    return { part, link: isLinkTerm(kind) };
  });
  const ordered = [...withKind.filter(({ link }) => !link), ...withKind.filter(({ link }) => link)];
  return { parts: ordered.map(({ part }) => part), pending };
}

/** Plans for all parts; every one is checked before the first is made. */
async function plans(
  parts: readonly Part[],
  collection: KindTerm | undefined,
  backend: Backend,
): Promise<readonly Plan[]> {
  const nothing: Pending = new Map();
  if (parts.length === 1) return [await plan(parts[0]!, collection, backend, nothing)];
  const { parts: ordered, pending } = await order(parts, collection, backend);
  return Promise.all(ordered.map((part) => plan(part, collection, backend, pending)));
}

/** The answer to a create: where things are, and the things themselves where the rendering shows them (D-12). */
export async function created(
  made: readonly Made[],
  request: Pick<OcciRequest, 'wants'>,
  backend: Backend,
): Promise<Answer> {
  const annotations = await annotationsAround(
    made.map(({ native }) => native),
    backend,
  );
  const locations = made.map(({ native }) => locationOf(native, annotations, backend));
  if (request.wants === 'locations') return { is: 'created', locations };
  return { is: 'created', locations, entities: made.map(({ native }) => show(native, annotations, backend)) };
}

/** POST on a kind's collection or on a path like `/`: one entity or several, all or none (GFD.223 §11.3.1, D-18). */
export const create: Operation<Target & { is: 'kindCollection' | 'unbound' }> = {
  answers: 'created',
  takes: 'payload',
  async run({ target, parsed, token, again, wants }, backend) {
    if (parsed.parts.length === 0) throw new OcciError('invalid', 'The request has no payload to make an entity from.');
    if (parsed.locations.length > 0) {
      throw new OcciError(
        'invalid',
        'X-OCCI-Location has no meaning here: an entity is made from categories and attributes.',
      );
    }
    const ready = await plans(parsed.parts, target.is === 'kindCollection' ? target.kind : undefined, backend);
    return created(await makeAll(ready, { token, again }, backend), { wants }, backend);
  },
};

/** PUT on a path where nothing is: the entity is made there, and the path is its one URL (HTTP-26, H11-13). */
export async function createAt(
  path: string,
  kind: KindTerm | undefined,
  { parsed, token, wants }: OcciRequest,
  backend: Backend,
): Promise<Answer> {
  const [part] = parsed.parts;
  if (!part || parsed.parts.length > 1) throw new OcciError('invalid', 'PUT needs the payload of exactly one entity.');
  const ready = await plan(part, kind, backend);
  const place = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const earlier = await backend.store.alias(place);
  // A path that is reserved but leads nowhere is what a create that died has left: it is taken over, with its token.
  const alias = {
    path: place,
    kind: ready.kind,
    token: earlier?.uuid === undefined ? (earlier?.token ?? token) : token,
  };
  if (!earlier && !(await backend.store.reserve(alias))) {
    throw new OcciError('conflict', `Another request is making an entity at ${place} at the same time.`);
  }
  try {
    const made = await make(ready, { token: alias.token, again: earlier !== undefined, alias: place }, backend);
    await backend.store.bind({ ...alias, uuid: made.mapping.uuid });
    return await created([made], { wants }, backend);
  } catch (error) {
    if (error instanceof OcciError && error.status < 500) await backend.store.release(place);
    throw error;
  }
}
