/** What a request wants and carries, read the way that its operation takes it. */
import { OcciError } from '../errors.ts';
import { firstHeader, type HttpRequest } from '../http/message.ts';
import { typeId } from '../occi/types.ts';
import type { Verb } from '../operations/index.ts';
import type { Filter, Operation } from '../operations/operation.ts';
import { readFilter, readRequest } from '../renderings/read.ts';
import { NOTHING, type Parsed } from '../renderings/rendering.ts';

/** The term in `?action=`. */
export const actionOf = ({ query }: HttpRequest): string | undefined => query.find(([name]) => name === 'action')?.[1];

const VERB_OF: Readonly<Record<string, Verb>> = { GET: 'get', HEAD: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' };

/** What a method means here; undefined for one that OCCI does not have. */
export function verbOf(request: HttpRequest): Verb | undefined {
  if (request.method === 'POST' && actionOf(request) !== undefined) return 'act';
  return Object.hasOwn(VERB_OF, request.method) ? VERB_OF[request.method] : undefined;
}

const NO_FILTER: Filter = { categories: [], attributes: {} };

/** Payload and filter as the operation takes them. A payload that names nothing must never pass for no payload at all. */
export function payloadOf(request: HttpRequest, { takes }: Operation): { parsed: Parsed; filter: Filter } {
  if (takes === 'payload') return { parsed: readRequest(request), filter: NO_FILTER };
  if (takes === 'filter') return { parsed: NOTHING, filter: filterOf(request) };
  if (takes === undefined) return { parsed: NOTHING, filter: NO_FILTER };
  if (takes === 'filtered payload') {
    // A payload in the headers leaves no place for a filter.
    const inHeaders = request.body.trim() === '' || /^text\/occi\b/i.test(firstHeader(request, 'content-type') ?? '');
    const parsed = readRequest(request);
    return { parsed, filter: inHeaders ? NO_FILTER : without(filterOf(request), parsed) };
  }
  if (request.body.trim() === '') {
    return { parsed: { ...NOTHING, locations: readFilter(request).locations }, filter: filterOf(request) };
  }
  const parsed = readRequest(request);
  const nameless = parsed.parts.filter(({ attributes }) => attributes['occi.core.id'] === undefined);
  if (nameless.length > 0 || parsed.parts.length + parsed.locations.length === 0) {
    throw new OcciError('invalid', 'The payload must name entities by location or id; filters stand in the headers.');
  }
  return { parsed, filter: NO_FILTER };
}

/** A filter without what the payload says as well: some clients send it in both places. */
function without({ categories, attributes }: Filter, { parts }: Parsed): Filter {
  const sent = parts.flatMap((part) => part.categories.map(typeId));
  return { categories: categories.filter((id) => !sent.includes(id)), attributes };
}

/**
 * Filters stand in the headers, whatever rendering is accepted (HTTP-15). Throws `invalid` for headers that filter
 * nothing.
 */
function filterOf(request: HttpRequest): Filter {
  const { parts, locations }: Parsed = readFilter(request);
  if (request.method !== 'DELETE' && locations.length > 0) {
    throw new OcciError('invalid', 'X-OCCI-Location is no filter: Category and X-OCCI-Attribute headers are.');
  }
  if (parts.length === 0) return NO_FILTER;
  if (parts.some(({ links, actions }) => links.length + actions.length > 0)) {
    throw new OcciError('invalid', 'A Link is no filter: Category and X-OCCI-Attribute headers are.');
  }
  return {
    categories: parts.flatMap(({ categories }) => categories.map(typeId)),
    attributes: Object.assign({}, ...parts.map(({ attributes }) => attributes)),
  };
}
