/** The query of a request: the parameters that its operation reads, and the filter that they form. */

import type { Backend, Filter } from '../entities/backend.ts';
import { NO_FILTER } from '../entities/listing/filter.ts';
import { FILTER, isParameter, PARAMETER_NAMES, PARAMETERS, type Parameter, type Reads } from '../entities/reads.ts';
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { pagingOf, SHORTER } from '../http/paging.ts';
import { nearest } from '../nearest.ts';
import type { Paging } from '../occi/page.ts';
import { codePoint, excerpt, forbiddenAt } from '../renderings/characters.ts';

export interface Query {
  readonly filter: Filter;
  readonly paging: Paging | undefined;
  readonly action: string | undefined;
  readonly all: boolean;
}

/** What is needed to resolve the names in a query. */
export type Seen = Pick<Backend, 'model' | 'isOurs'>;

const invalid = (message: string): OcciError => new OcciError('invalid', message);

const isOfFilter = ([name]: readonly [string, string]): boolean => (FILTER as readonly string[]).includes(name);

/** True for `occi.core.title`, by which a reader means to filter. */
const isLikeAttribute = (name: string): boolean => /^[a-z][\w-]*(\.[\w-]+)+$/i.test(name);

/**
 * Refuses an unknown parameter. A read ignores it, as is usual on the web, unless it is misspelled, or the query has
 * a filter, or the name is like that of an attribute where a filter may stand.
 */
function refuseUnknown(
  name: string,
  subject: string,
  { mayPass, mayFilter }: Readonly<Record<'mayPass' | 'mayFilter', boolean>>,
): void {
  // Never ignored: the answer would look like that of the tenant.
  if (name === 'tenant') throw invalid(`${subject} does not use the query parameter tenant, which is for admins.`);
  if (mayFilter && isLikeAttribute(name)) {
    const filter = 'a filter is attribute=<name>&value=<value>';
    throw invalid(`${subject} does not use the query parameter ${excerpt(name)}: ${filter}.`);
  }
  const meant = nearest(name, PARAMETER_NAMES);
  if (mayPass && meant === undefined) return;
  const help = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw invalid(`${subject} does not use the query parameter ${excerpt(name)}.${help}`);
}

function refuseUnused(name: Parameter, value: string, subject: string): never {
  if (name !== 'action') throw invalid(`${subject} does not use the query parameter ${name}.`);
  throw invalid(`An action is invoked by POST: send POST with ?action=${excerpt(value)}.`);
}

/** Throws `invalid` for a parameter that the operation does not use, and for one that may not be repeated. */
function check(query: HttpRequest['query'], { query: used }: Reads, subject: string, isRead: boolean): void {
  const mayPass = isRead && !query.some(isOfFilter);
  const seen = new Set<string>();
  for (const [name, value] of query) {
    if (name === SHORTER && used.includes('page')) continue;
    if (!isParameter(name)) {
      refuseUnknown(name, subject, { mayPass, mayFilter: used.includes('attribute') });
      continue;
    }
    if (!used.includes(name)) refuseUnused(name, value, subject);
    else if (seen.has(name) && !PARAMETERS[name].often) {
      throw invalid(`The query parameter ${name} may stand once, and stands several times.`);
    }
    const at = forbiddenAt(value);
    if (at >= 0) throw invalid(`The query parameter ${name} holds the character ${codePoint(value, at)}.`);
    seen.add(name);
  }
}

const valuesOf = (name: Parameter, query: HttpRequest['query']): readonly string[] =>
  query.filter(([key]) => key === name).map(([, value]) => value);

/** The attributes of a filter: the n-th `attribute` has the n-th `value`, and all of them must match. */
function attributesOf(query: HttpRequest['query']): Filter['attributes'] {
  const [names, values] = [valuesOf('attribute', query), valuesOf('value', query)];
  if (names.length !== values.length) {
    throw invalid(`The query has ${names.length} times attribute and ${values.length} times value: they go in pairs.`);
  }
  const attributes: Record<string, string> = Object.create(null);
  for (const [index, name] of names.entries()) {
    const value = values[index]!;
    if (name === '') throw invalid('The query parameter attribute is empty.');
    if ((attributes[name] ?? value) !== value) {
      throw invalid(`The filter names two values of the attribute ${excerpt(name)}.`);
    }
    attributes[name] = value;
  }
  return attributes;
}

async function filterOf(query: HttpRequest['query'], backend: Seen): Promise<Filter> {
  const names = valuesOf('category', query);
  const attributes = attributesOf(query);
  if (names.length === 0) return { categories: [], attributes };
  if (names.includes('')) throw invalid('The query parameter category is empty.');
  const [{ model }, { categoryNamed }] = await Promise.all([
    backend.model(),
    import('../entities/categories/named.ts'),
  ]);
  return { categories: names.map((name) => categoryNamed(name, model, backend)), attributes };
}

function allOf(query: HttpRequest['query']): boolean {
  const [value] = valuesOf('all', query);
  if (value !== undefined && value !== 'true') throw invalid('The query parameter all can only be true.');
  return value === 'true';
}

/**
 * The query as the operation reads it. `subject` names the operation in messages; `isRead` is true for a GET or HEAD,
 * which ignores unknown parameters. Throws `invalid` for what the operation does not use.
 */
export async function readQuery(
  { query }: Pick<HttpRequest, 'query'>,
  reads: Reads,
  subject: string,
  isRead: boolean,
  backend: Seen,
): Promise<Query> {
  check(query, reads, subject, isRead);
  return {
    filter: query.some(isOfFilter) ? await filterOf(query, backend) : NO_FILTER,
    paging: reads.query.includes('page') ? pagingOf(query) : undefined,
    action: valuesOf('action', query)[0],
    all: allOf(query),
  };
}
