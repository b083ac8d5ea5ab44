/** Reads query and content of a request for its operation, and refuses what the operation does not use. */

import type { Backend, Filter, Target } from '../entities/backend.ts';
import { isEmpty, joined, NO_FILTER } from '../entities/listing/filter.ts';
import { checkNamesTarget, namesIn } from '../entities/names.ts';
import type { OcciRequest } from '../entities/request.ts';
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { typeId } from '../occi/types.ts';
import type { Verb } from '../operations/index.ts';
import type { Operation } from '../operations/operation.ts';
import { NOTHING, type Parsed } from '../renderings/rendering.ts';
import { namesOcciHeaders } from '../renderings/text-occi/parse.ts';
import { refuseMisspelled } from './misspelled-headers.ts';
import { readContent } from './payload.ts';
import { type Query, readQuery, type Seen } from './query.ts';

const VERB_OF: Readonly<Record<string, Verb>> = { GET: 'get', HEAD: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' };

/** The OCCI verb of a request; undefined for a method that OCCI does not define. */
export function verbOf({ method, query }: HttpRequest): Verb | undefined {
  if (method === 'POST' && query.some(([name]) => name === 'action')) return 'act';
  return Object.hasOwn(VERB_OF, method) ? VERB_OF[method] : undefined;
}

/** Names of targets in messages. */
const PLACES = {
  queryInterface: 'the query interface',
  kindCollection: 'a collection',
  coreCollection: 'a collection',
  mixinCollection: 'the collection of a mixin',
  entity: 'an entity',
  unbound: 'a path above entities',
} as const satisfies Record<Target['is'], string>;

/** Filters stand in header fields, whatever rendering is accepted (HTTP-15). */
function filterIn({ parts }: Parsed): Filter {
  if (parts.length === 0) return NO_FILTER;
  return {
    categories: parts.flatMap(({ categories }) => categories.map(typeId)),
    attributes: Object.assign({}, ...parts.map(({ attributes }) => attributes)),
  };
}

/** Throws `invalid` if a DELETE has both `?all=true` and a selection. */
function checkAll({ all }: Query, filter: Filter, payload: Parsed, hasBody: boolean): void {
  if (!all || (isEmpty(filter) && namesIn(payload).length === 0 && !hasBody)) return;
  throw new OcciError(
    'invalid',
    'The query says all=true, and the request has a filter or a payload: send one of them.',
  );
}

/** Refuses an Idempotency-Key that would have no effect: a client that relies on it might apply a change twice. */
function refuseKey({ headers }: HttpRequest, subject: string): void {
  if (headers['idempotency-key'] === undefined) return;
  throw new OcciError(
    'invalid',
    `${subject} does not use Idempotency-Key: it works on a POST that creates. Send the request without it.`,
  );
}

const NO_QUERY: Query = { filter: NO_FILTER, paging: undefined, action: undefined, all: false };

/** What an operation gets from a request. */
type Asked = Pick<OcciRequest, 'parsed' | 'filter' | 'paging' | 'action' | 'all' | 'bare' | 'emptyLocations'>;

const NOTHING_ASKED: Asked = { ...NO_QUERY, parsed: NOTHING, bare: true, emptyLocations: false };

/** Reads query and content, and refuses what the operation does not use; undefined for a request that has neither. */
async function readParts(
  request: HttpRequest,
  reads: Operation['reads'],
  subject: string,
  isRead: boolean,
  seen: Seen,
) {
  // An empty header field counts as absent, but in a DELETE it may be a selection that was left empty by mistake.
  const bare = request.body === '' && !namesOcciHeaders(request);
  // Fast path: most requests have only a method and a path.
  if (bare && request.query.length === 0) return undefined;
  const query = request.query.length > 0 ? await readQuery(request, reads, subject, isRead, seen) : NO_QUERY;
  const content = readContent(request, reads, subject);
  return { bare, query, ...content, filter: joined(filterIn(content.fields), query.filter) };
}

const subjectOf = (method: string, verb: Verb, is: Target['is']): string =>
  `${verb === 'act' ? 'An action' : method} on ${PLACES[is]}`;

/** The filter of a GET on the query interface. Throws `invalid` as `askedOf` does. */
export async function discoveryFilter(request: HttpRequest, { reads }: Operation, seen: Seen): Promise<Filter> {
  refuseMisspelled(request.headers, true);
  const parts = await readParts(request, reads, subjectOf(request.method, 'get', 'queryInterface'), true, seen);
  return parts?.filter ?? NO_FILTER;
}

/**
 * Reads a request for its operation. Throws `invalid` naming what the operation does not use, before anything is
 * changed.
 */
export async function askedOf(
  request: HttpRequest,
  { reads }: Operation,
  target: Target,
  verb: Verb,
  backend: Backend,
): Promise<Asked> {
  refuseMisspelled(request.headers, verb === 'get');
  const subject = subjectOf(request.method, verb, target.is);
  if (verb !== 'get' && !reads.key) refuseKey(request, subject);
  const parts = await readParts(request, reads, subject, verb === 'get', backend);
  if (parts === undefined) return NOTHING_ASKED;
  const { bare, query, payload, filter, hasBody, emptyLocations } = parts;
  if (reads.query.includes('all')) checkAll(query, filter, payload, hasBody);
  if (reads.payload.includes('itself') && namesIn(payload).length > 0) {
    await checkNamesTarget(payload, reads, target, backend);
  }
  const { paging, action, all } = query;
  return { parsed: payload, filter, paging, action, all, bare, emptyLocations };
}
