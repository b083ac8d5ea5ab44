import type { Backend, Target } from '../entities/backend.ts';
import { noteShown } from '../entities/first-look/scans.ts';
import { isEmpty } from '../entities/listing/filter.ts';
import { locationsOf, membersOrPages, rangedMembersOf } from '../entities/listing/kind-collection.ts';
import { membersOf } from '../entities/listing/members.ts';
import type { Member } from '../entities/listing/of-kind.ts';
import { SELECTION } from '../entities/reads.ts';
import type { OcciRequest } from '../entities/request.ts';
import { isLinkTerm } from '../occi/kinds/index.ts';
import { offsetOf, type Paging, pageAfter } from '../occi/page.ts';
import type { Answer } from '../renderings/rendering.ts';
import type { Operation } from './operation.ts';

type Listing = Answer & { readonly is: 'collection' };

/** The answer with a collection's members; whole entities if the rendering shows them. */
function listing(members: readonly Member[], { target, wants }: Pick<OcciRequest, 'target' | 'wants'>): Listing {
  if (wants === 'locations') return { is: 'collection', locations: members.map(({ location }) => location) };
  const links =
    target.is === 'kindCollection' ? isLinkTerm(target.kind) : target.is === 'coreCollection' && target.core === 'link';
  return { is: 'collection', locations: [], entities: members.map(({ entity }) => entity!), links };
}

/** The items that a request asks for, of those from `offset` on, and the page behind if there are more. */
function part<T>(items: readonly T[], paging: Paging | undefined, offset = 0): { items: readonly T[]; next?: Paging } {
  if (!paging) return { items };
  const [from, to] = [offsetOf(paging) - offset, offsetOf(pageAfter(paging)) - offset];
  const next = { ...paging, ...pageAfter(paging) };
  return { items: items.slice(from, to), ...(items.length > to && { next }) };
}

async function answerOf(request: OcciRequest<Listed>, backend: Backend): Promise<Answer> {
  const { target, filter, paging, wants } = request;
  const ofMembers = (members: readonly Member[], offset?: number): Answer => {
    const { items, next } = part(members, paging, offset);
    return { ...listing(items, request), ...(next && { next }) };
  };
  if (paging && target.is === 'kindCollection' && isEmpty(filter)) {
    const offset = offsetOf(paging);
    // One more than asked for tells whether a page follows.
    const range = { offset, count: paging.number + 1 };
    const members = await rangedMembersOf(target.kind, range, wants === 'entities', backend);
    if (members) return ofMembers(members, offset);
  }
  if (target.is === 'kindCollection' && wants === 'locations' && isEmpty(filter)) {
    const { items, next } = part(await locationsOf(target.kind, backend), paging);
    return { is: 'collection', locations: items, ...(next && { next }) };
  }
  if (target.is === 'kindCollection' && request.inPages && !paging && isEmpty(filter)) {
    const members = await membersOrPages(target.kind, backend);
    if ('length' in members) return listing(members, request);
    return { is: 'collection', locations: [], pages: members, links: isLinkTerm(target.kind) };
  }
  return ofMembers(await membersOf(target, filter, wants === 'entities', backend));
}

/** The pages, of which the last notes that all were shown. */
async function* noted<T>(pages: AsyncIterable<T>, backend: Backend): AsyncGenerator<T> {
  yield* pages;
  noteShown(backend, 'all');
}

type Listed = Target & { is: 'kindCollection' | 'coreCollection' | 'mixinCollection' | 'unbound' };

/** GET on a collection, or on a path above entities (GFD.223 §11.1, §6, §7). A page past the end is empty (HTTP-14). */
export const list: Operation<Listed> = {
  answers: 'collection',
  reads: { ...SELECTION, query: [...SELECTION.query, 'page', 'number'], payload: [] },
  async run(request, backend) {
    const answer = await answerOf(request, backend);
    if (answer.is === 'collection' && answer.pages) return { ...answer, pages: noted(answer.pages, backend) };
    noteShown(backend, 'all');
    return answer;
  },
};
