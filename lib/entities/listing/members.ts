/**
 * Members of collections: read page by page from the cloud, joined with one read of the store's annotations. Apart from
 * paging, the number of calls does not depend on the number of members (ADR-6).
 */

import type { KindAdapter, Native, NativeId, Page, PageQuery, Range } from '../../adapter/contract.ts';
import type { Annotations } from '../../mapping/rows.ts';
import type { AnyEntity } from '../../occi/entity.ts';
import { CORE_KINDS, isIn, isLinkTerm, KIND_TERMS, type KindTerm } from '../../occi/kinds/index.ts';
import { kindTermOf, type Model } from '../../occi/model.ts';
import { typeId } from '../../occi/types.ts';
import type { Backend, Filter, Target } from '../backend.ts';
import { kindAdapter } from '../native-entity.ts';
import { allAnnotations, show } from '../show.ts';
import { withDefinedTags } from '../tags.ts';
import { checkFilter, isEmpty, passes } from './filter.ts';

/** A member of a collection: its location only, or the whole entity. */
export interface Member {
  readonly kind: KindTerm;
  readonly id: NativeId;
  readonly location: string;
  readonly published: boolean;
  readonly entity?: AnyEntity;
}

async function* eachPage<T>(read: (query: PageQuery) => Promise<Page<T>>, range?: Range): AsyncGenerator<readonly T[]> {
  let page = await read(range ? { range } : {});
  yield page.items;
  while (!range && page.next !== undefined) {
    page = await read({ cursor: page.next });
    yield page.items;
  }
}

async function whole<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const items of pages) for (const item of items) all.push(item);
  return all;
}

/**
 * The members of a kind on the page that the client wants, selected by the cloud itself (ADR-6). Undefined if that
 * needs the whole listing: the cloud has no offsets, or still lists deleted entities. Those on pages before are not known,
 * so such a page may repeat a member of the page before, but none is missing.
 */
export async function rangedMembersOf(
  kind: KindTerm,
  range: Range,
  whole: boolean,
  backend: Backend,
): Promise<readonly Member[] | undefined> {
  const adapter = kindAdapter(kind, backend);
  if (!adapter.ranges) return undefined;
  const annotations = await backend.store.annotations();
  for (const annotation of annotations.values()) if (annotation.deleted && annotation.kind === kind) return undefined;
  let isShort = false;
  const noted =
    <T>(read: (query: PageQuery) => Promise<Page<T>>) =>
    async (query: PageQuery): Promise<Page<T>> => {
      const page = await read(query);
      if (page.isShort) isShort = true;
      return page;
    };
  const reads = { ids: noted((query) => adapter.ids(query)), list: noted((query) => adapter.list(query)) };
  const members = await (whole ? entitiesOf : namesOf)(kind, reads, annotations, backend, range);
  return isShort ? undefined : members;
}

/** What is read of a listing. */
type Reads = Pick<KindAdapter, 'ids' | 'list'>;

/** The locations of the entities of a kind, which is all that most listings need. */
export async function locationsOf(kind: KindTerm, backend: Backend): Promise<readonly string[]> {
  const adapter = kindAdapter(kind, backend);
  const [ids, annotations] = await Promise.all([
    whole(eachPage((query) => adapter.ids(query))),
    backend.store.annotations(),
  ]);
  if (annotations.size === 0) return backend.identities.paths(kind, ids);
  const locations: string[] = [];
  for (const id of ids) {
    const identity = backend.identities.of(kind, id);
    const annotation = annotations.get(identity.uuid);
    if (!annotation?.deleted) locations.push(annotation?.alias ?? identity.path);
  }
  return locations;
}

/** Members of a kind by location only; reads no entity. */
async function namesOf(
  kind: KindTerm,
  adapter: Reads,
  annotations: Annotations,
  backend: Backend,
  range?: Range,
): Promise<Member[]> {
  const ids = await whole(eachPage((query) => adapter.ids(query), range));
  const members: Member[] = [];
  const plain = annotations.size === 0;
  for (const id of ids) {
    const identity = backend.identities.of(kind, id);
    const annotation = plain ? undefined : annotations.get(identity.uuid);
    if (annotation?.deleted) continue;
    members.push({ kind, id, location: annotation?.alias ?? identity.path, published: false });
  }
  return members;
}

/** Few enough to be gone before V8 takes them for something that stays. */
const MEMBERS_AT_ONCE = 50;

/** Members of a kind, some at a time, whole: what the cloud gave is gone before the next page. */
async function* entityPages(
  kind: KindTerm,
  adapter: Reads,
  annotations: Annotations,
  backend: Backend,
  range?: Range,
): AsyncGenerator<readonly Member[]> {
  let shown: Annotations | undefined;
  for await (const natives of eachPage<Native>((query) => adapter.list(query), range)) {
    shown ??= await withDefinedTags(annotations, backend, (term) => term === kind || isLinkTerm(term));
    let members: Member[] = [];
    for (const native of natives) {
      if (annotations.size > 0 && annotations.get(backend.identities.of(kind, native.id).uuid)?.deleted) continue;
      const entity = show(native, shown, backend);
      members.push({ kind, id: native.id, location: entity.location, published: native.published ?? false, entity });
      if (members.length < MEMBERS_AT_ONCE) continue;
      yield members;
      members = [];
    }
    yield members;
  }
}

/** Members of a kind, whole. */
const entitiesOf = (...of: Parameters<typeof entityPages>): Promise<readonly Member[]> => whole(entityPages(...of));

/** From this number of members on, a collection is given in pages. JSON keeps no texts of that many either. */
const MAX_WHOLE_MEMBERS = 2000;

/** The members of a kind, whole; as pages of entities, each read when it is wanted, if there are many of them. */
export async function membersOrPages(
  kind: KindTerm,
  backend: Backend,
): Promise<readonly Member[] | AsyncIterable<readonly AnyEntity[]>> {
  const adapter = kindAdapter(kind, backend);
  const pages = entityPages(kind, adapter, await backend.store.annotations(), backend);
  const first: Member[] = [];
  for (let next = await pages.next(); !next.done; next = await pages.next()) {
    for (const member of next.value) first.push(member);
    if (first.length > MAX_WHOLE_MEMBERS) return entitiesIn(first, pages);
  }
  return first;
}

async function* entitiesIn(
  first: Member[],
  more: AsyncIterable<readonly Member[]>,
): AsyncGenerator<readonly AnyEntity[]> {
  // Taken out, since a generator keeps what it was called with.
  yield first.splice(0).map(({ entity }) => entity!);
  for await (const members of more) yield members.map(({ entity }) => entity!);
}

/** The kinds whose entities can be members, in the order of the tables. */
async function kindsOf(
  target: Target,
  filter: Filter,
  annotations: Annotations,
  backend: Backend,
): Promise<readonly KindTerm[]> {
  if (target.is === 'kindCollection') return [target.kind];
  const all = KIND_TERMS.filter((kind) => backend.adapter.kinds[kind]);
  const served = target.is === 'coreCollection' ? all.filter((kind) => isIn(kind, target.core)) : all;
  if (target.is === 'mixinCollection') {
    const { by, applies } = target.mixin;
    if (by !== 'user') return applies ? served.filter((kind) => applies.some((id) => kindTermOf(id) === kind)) : served;
    const id = typeId(target.mixin);
    const tagged = new Set([...annotations.values()].filter(({ tags }) => tags?.includes(id)).map(({ kind }) => kind));
    return served.filter((kind) => tagged.has(kind));
  }
  const named = filter.categories.flatMap((id) => kindTermOf(id) ?? []);
  const ofCore = filter.categories.some((id) => Object.values(CORE_KINDS).some((kind) => typeId(kind) === id));
  return named.length > 0 && !ofCore ? served.filter((kind) => named.includes(kind)) : served;
}

const prefixOf = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

/** The mixins whose collections lie below an unbound path; undefined for the root, which contains everything. */
function mixinsBelow(target: Target, model: Model): readonly string[] | undefined {
  if (target.is === 'mixinCollection') return [typeId(target.mixin)];
  if (target.is !== 'unbound' || target.path === '/') return undefined;
  const prefix = prefixOf(target.path);
  return model.categories
    .filter(({ class: of, location }) => of === 'mixin' && location?.startsWith(prefix))
    .map(typeId);
}

/**
 * The members of a collection that match a filter. Entities are read if `whole` is set, for a filter, and for the
 * collection of a provider's mixin. Throws `invalid` for a filter with an unknown category or attribute.
 */
export async function membersOf(
  target: Target,
  filter: Filter,
  whole: boolean,
  backend: Backend,
): Promise<readonly Member[]> {
  if (target.is === 'kindCollection' && isEmpty(filter)) {
    const adapter = kindAdapter(target.kind, backend);
    const annotations = backend.store.annotations();
    return (whole ? entitiesOf : namesOf)(target.kind, adapter, await annotations, backend);
  }
  const [annotations, { model }] = await Promise.all([allAnnotations(backend), backend.model()]);
  const checked = checkFilter(filter, model, backend);
  const below = mixinsBelow(target, model);
  const byTag = target.is === 'mixinCollection' && target.mixin.by === 'user';
  const needEntities = whole || !isEmpty(checked) || (below !== undefined && !byTag);
  const kinds = await kindsOf(target, checked, annotations, backend);
  const perKind = await Promise.all(
    kinds.map((kind) => (needEntities ? entitiesOf : namesOf)(kind, kindAdapter(kind, backend), annotations, backend)),
  );
  let members = perKind.flat();
  if (byTag) {
    const id = typeId(target.mixin);
    const tagged = (member: Member) =>
      annotations.get(backend.identities.of(member.kind, member.id).uuid)?.tags?.includes(id);
    members = members.filter(tagged);
  } else if (below !== undefined) {
    const path = target.is === 'unbound' ? prefixOf(target.path) : undefined;
    const isMember = ({ entity, location }: Member) =>
      (path !== undefined && location.startsWith(path)) ||
      entity!.mixins.some((mixin) => below.some((of) => model.isOrDependsOn(typeId(mixin), of)));
    members = members.filter(isMember);
  }
  return isEmpty(checked) ? members : members.filter(({ entity }) => passes(entity!, checked, model));
}
