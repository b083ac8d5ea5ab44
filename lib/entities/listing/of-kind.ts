/**
 * The members of one kind: read page by page from the cloud, joined with one read of the store's annotations. Apart from
 * paging, the number of calls does not depend on the number of members (ADR-6).
 */

import type { KindAdapter, Native, NativeId, Page, PageQuery, Range } from '../../adapter/contract.ts';
import type { Annotations } from '../../mapping/rows.ts';
import type { AnyEntity } from '../../occi/entity.ts';
import { isLinkTerm, type KindTerm } from '../../occi/kinds/index.ts';
import type { Backend } from '../backend.ts';
import { show } from '../show.ts';
import { withDefinedTags } from '../tags.ts';

/** A member of a collection: its location only, or the whole entity. */
export interface Member {
  readonly kind: KindTerm;
  readonly id: NativeId;
  readonly location: string;
  readonly published: boolean;
  readonly entity?: AnyEntity;
}

/** The items of a listing, page by page; of the one page in `range` only, if it is given. */
export async function* eachPage<T>(
  read: (query: PageQuery) => Promise<Page<T>>,
  range?: Range,
): AsyncGenerator<readonly T[]> {
  let page = await read(range ? { range } : {});
  yield page.items;
  while (!range && page.next !== undefined) {
    page = await read({ cursor: page.next });
    yield page.items;
  }
}

/** The items of all pages. */
export async function whole<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const items of pages) for (const item of items) all.push(item);
  return all;
}

/** The two listings of a kind's adapter. */
export type Listings = Pick<KindAdapter, 'ids' | 'list'>;

/** Members of a kind by location only; reads no entity. */
export async function namesOf(
  kind: KindTerm,
  adapter: Listings,
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

/** Few enough that V8 frees them with its young garbage, which costs much less than what it has promoted. */
const MEMBERS_AT_ONCE = 50;

/** Members of a kind with their entities, a few at a time: each page of the cloud is freed before the next is read. */
export async function* entityPages(
  kind: KindTerm,
  adapter: Listings,
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

/** Members of a kind with their entities. */
export const entitiesOf = (...of: Parameters<typeof entityPages>): Promise<readonly Member[]> =>
  whole(entityPages(...of));
