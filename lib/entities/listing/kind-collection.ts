/** The collection of a kind without a filter, each form read with no more than it needs. */

import type { Page, PageQuery, Range } from '../../adapter/contract.ts';
import type { AnyEntity } from '../../occi/entity.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import type { Backend } from '../backend.ts';
import { kindAdapter } from '../native-entity.ts';
import { eachPage, entitiesOf, entityPages, type Member, namesOf, whole } from './of-kind.ts';

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
