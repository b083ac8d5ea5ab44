import type { Backend, Target } from '../entities/backend.ts';
import { noteShown } from '../entities/first-look/scans.ts';
import { isEmpty } from '../entities/listing/filter.ts';
import { locationsOf, membersOrPages, rangedMembersOf } from '../entities/listing/kind-collection.ts';
import { membersOf } from '../entities/listing/members.ts';
import type { Member } from '../entities/listing/of-kind.ts';
import { SELECTION } from '../entities/reads.ts';
import type { OcciRequest } from '../entities/request.ts';
import { isLinkTerm } from '../occi/kinds/index.ts';
import type { Answer } from '../renderings/rendering.ts';
import type { Operation } from './operation.ts';

/** The answer with a collection's members; whole entities if the rendering shows them. */
function listing(members: readonly Member[], { target, wants }: Pick<OcciRequest, 'target' | 'wants'>): Answer {
  if (wants === 'locations') return { is: 'collection', locations: members.map(({ location }) => location) };
  const links =
    target.is === 'kindCollection' ? isLinkTerm(target.kind) : target.is === 'coreCollection' && target.core === 'link';
  return { is: 'collection', locations: [], entities: members.map(({ entity }) => entity!), links };
}

const rangeOf = ({ page, number }: { readonly page: number; readonly number: number }): [from: number, to: number] => [
  (page - 1) * number,
  page * number,
];

async function answerOf(request: OcciRequest<Listed>, backend: Backend): Promise<Answer> {
  const { target, filter, paging, wants } = request;
  const part = <T>(all: readonly T[]) => (paging ? all.slice(...rangeOf(paging)) : all);
  if (paging && target.is === 'kindCollection' && isEmpty(filter)) {
    const range = { offset: (paging.page - 1) * paging.number, count: paging.number };
    const members = await rangedMembersOf(target.kind, range, wants === 'entities', backend);
    if (members) return listing(members, request);
  }
  if (target.is === 'kindCollection' && wants === 'locations' && isEmpty(filter)) {
    return { is: 'collection', locations: part(await locationsOf(target.kind, backend)) };
  }
  if (target.is === 'kindCollection' && request.inPages && !paging && isEmpty(filter)) {
    const members = await membersOrPages(target.kind, backend);
    if ('length' in members) return listing(members, request);
    return { is: 'collection', locations: [], pages: members, links: isLinkTerm(target.kind) };
  }
  return listing(part(await membersOf(target, filter, wants === 'entities', backend)), request);
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
