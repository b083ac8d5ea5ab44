/** What a request wants and carries, read the way that its operation takes it; what the operation would not use is refused. */
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { typeId } from '../occi/types.ts';
import { categoryNamed } from '../operations/category-named.ts';
import { isEmpty, joined, NO_FILTER } from '../operations/filter.ts';
import type { Verb } from '../operations/index.ts';
import { checkItself } from '../operations/itself.ts';
import { namesIn } from '../operations/named.ts';
import type { Backend, Filter, OcciRequest, Operation, Target } from '../operations/operation.ts';
import type { Reads } from '../operations/reads.ts';
import { readBody, readFilter } from '../renderings/read.ts';
import { NOTHING, type Parsed } from '../renderings/rendering.ts';
import { namesOcciHeaders } from '../renderings/text-occi/parse.ts';
import { type Query, readQuery } from './query.ts';
import { refuseMisspelt, refuseUnused } from './unused.ts';

const VERB_OF: Readonly<Record<string, Verb>> = { GET: 'get', HEAD: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' };

/** What a method means here; undefined for one that OCCI does not have. */
export function verbOf({ method, query }: HttpRequest): Verb | undefined {
  if (method === 'POST' && query.some(([name]) => name === 'action')) return 'act';
  return Object.hasOwn(VERB_OF, method) ? VERB_OF[method] : undefined;
}

/** Targets as messages call them. */
const PLACES = {
  queryInterface: 'the query interface',
  kindCollection: 'a collection',
  coreCollection: 'a collection',
  mixinCollection: 'the collection of a mixin',
  entity: 'an entity',
  unbound: 'a path above entities',
} as const satisfies Record<Target['is'], string>;

/** What the request brings: the payload, and header fields that are none of it. */
interface Brought {
  readonly payload: Parsed;
  readonly fields: Parsed;
}

/** A body is the payload. Some clients repeat it in header fields: what it says as well is not said twice. */
function besideBody(fields: Parsed, payload: Parsed): Parsed {
  if (fields === NOTHING) return NOTHING;
  const bodies = payload.parts;
  const categories = new Set(bodies.flatMap((part) => part.categories.map(typeId)));
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  return {
    parts: fields.parts.map((part) => ({
      categories: part.categories.filter((category) => !categories.has(typeId(category))),
      links: part.links.filter((link) => !bodies.some(({ links }) => links.some((one) => same(one, link)))),
      actions: part.actions.filter((link) => !bodies.some(({ actions }) => actions.some((one) => same(one, link)))),
      attributes: Object.fromEntries(
        Object.entries(part.attributes).filter(
          ([name, value]) => !bodies.some(({ attributes }) => same(attributes[name], value)),
        ),
      ),
    })),
    locations: fields.locations.filter((location) => !payload.locations.includes(location)),
  };
}

/** Without a body, header fields are the payload; but categories and attributes filter where no payload takes them. */
function withoutBody(fields: Parsed, { payload: used }: Reads): Brought {
  if (fields === NOTHING || used.includes('categories')) return { payload: fields, fields: NOTHING };
  const { parts, locations } = fields;
  const links = parts.filter((part) => part.links.length + part.actions.length > 0);
  const payload = links.length + locations.length === 0 ? NOTHING : { parts: links.map(onlyLinks), locations };
  return { payload, fields: { parts: parts.map(withoutLinks), locations: [] } };
}

const onlyLinks = (part: Parsed['parts'][number]) => ({ ...part, categories: [], attributes: {} });
const withoutLinks = (part: Parsed['parts'][number]) => ({ ...part, links: [], actions: [] });

function broughtBy(request: HttpRequest, reads: Reads): Brought & { readonly hasBody: boolean } {
  const fields = readFilter(request);
  const payload = readBody(request);
  if (!payload) return { ...withoutBody(fields, reads), hasBody: false };
  return { payload, fields: besideBody(fields, payload), hasBody: true };
}

/** Filters stand in header fields, whatever rendering is accepted (HTTP-15). */
function filterIn({ parts }: Parsed): Filter {
  if (parts.length === 0) return NO_FILTER;
  return {
    categories: parts.flatMap(({ categories }) => categories.map(typeId)),
    attributes: Object.assign({}, ...parts.map(({ attributes }) => attributes)),
  };
}

async function filterOf(fields: Parsed, { filter: written }: Query, backend: Backend): Promise<Filter> {
  if (!written) return filterIn(fields);
  const { model } = written.categories.length > 0 ? await backend.model() : { model: backend.base };
  const categories = written.categories.map((name) => categoryNamed(name, model, backend));
  return joined(filterIn(fields), { categories, attributes: written.attributes });
}

/** A DELETE that says "all" and "some" contradicts itself. */
function checkAll({ all }: Query, filter: Filter, payload: Parsed, hasBody: boolean): void {
  if (!all || (isEmpty(filter) && namesIn(payload).length === 0 && !hasBody)) return;
  throw new OcciError(
    'invalid',
    'The query says all=true, and the request has a filter or a payload: send one of them.',
  );
}

/** What an operation is given of a request. */
export type Asked = Pick<OcciRequest, 'parsed' | 'filter' | 'paging' | 'action' | 'all' | 'bare'>;

const NOTHING_ASKED: Asked = {
  parsed: NOTHING,
  filter: NO_FILTER,
  paging: undefined,
  action: undefined,
  all: false,
  bare: true,
};

/** A request as its operation takes it. Throws `invalid` naming what the operation would not use, before anything is done. */
export async function askedOf(
  request: HttpRequest,
  { reads }: Operation,
  target: Target,
  verb: Verb,
  backend: Backend,
): Promise<Asked> {
  refuseMisspelt(request.headers);
  // An empty header field is absent, but a DELETE that has one may have been meant to select.
  const bare = request.body === '' && !namesOcciHeaders(request);
  // Most requests are no more than a method and a path.
  if (bare && request.query.length === 0) return NOTHING_ASKED;
  const subject = `${verb === 'act' ? 'An action' : request.method} on ${PLACES[target.is]}`;
  const query = readQuery(request, reads, subject, verb === 'get');
  const { payload, fields, hasBody } = broughtBy(request, reads);
  if (payload !== NOTHING) refuseUnused(payload, reads.payload, subject);
  if (fields !== NOTHING) refuseUnused(fields, reads.filter, subject, hasBody ? 'a header field' : 'the request');
  const filter = await filterOf(fields, query, backend);
  if (reads.query.includes('all')) checkAll(query, filter, payload, hasBody);
  if (reads.payload.includes('itself')) await checkItself(payload, reads, target, backend);
  const { paging, action, all } = query;
  return { parsed: payload, filter, paging, action, all, bare };
}
