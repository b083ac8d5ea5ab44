/** Listings: filters, tags, order, pages, fields. */
import { isAdmin, type ServiceRequest, type TokenOwner } from '../service.ts';
import type { Filter, Kind, Viewer } from './kind.ts';
import { badRequest, notFound, refused } from './refusals.ts';
import type { Row } from './rows.ts';
import { boolean } from './values.ts';

const TAGS: Readonly<Record<string, (wanted: readonly string[], tags: readonly string[]) => boolean>> = {
  tags: (wanted, tags) => wanted.every((tag) => tags.includes(tag)),
  'tags-any': (wanted, tags) => wanted.some((tag) => tags.includes(tag)),
  'not-tags': (wanted, tags) => !wanted.every((tag) => tags.includes(tag)),
  'not-tags-any': (wanted, tags) => !wanted.some((tag) => tags.includes(tag)),
};

const OTHERS = ['fields', 'limit', 'marker', 'page_reverse', 'sort_key', 'sort_dir'];
/** Filters of every kind. */
const COMMON: Readonly<Record<string, Filter<Row>>> = {
  id: 'text',
  name: 'text',
  description: 'text',
  project_id: (row, values) => values.includes(row.projectId),
  tenant_id: (row, values) => values.includes(row.projectId),
  revision_number: 'text',
  created_at: 'text',
  updated_at: 'text',
};

export const viewerOf = (owner: TokenOwner, isCreation = false): Viewer => ({
  isAdmin: isAdmin(owner),
  projectId: owner.projectId ?? '',
  isCreation,
});

/** The fields of a row, or those that the query names. */
export function viewOf<R extends Row>(
  { fields }: Kind<R>,
  row: R,
  viewer: Viewer,
  named: readonly string[] = [],
): object {
  const view: Record<string, unknown> = {};
  if (named.length === 0) for (const field in fields) view[field] = fields[field]!(row, viewer);
  else for (const field of named) if (field in fields) view[field] = fields[field]!(row, viewer);
  return view;
}

type Test<R> = (row: R) => boolean;

function testOf<R extends Row>(kind: Kind<R>, name: string, values: readonly string[], viewer: Viewer): Test<R> {
  const how = kind.filters[name] ?? COMMON[name]!;
  if (typeof how === 'function') return (row) => how(row, values);
  const field = kind.fields[name]!;
  if (how === 'text') return (row) => values.includes(String(field(row, viewer) ?? ''));
  const wanted = values.map((value) => boolean(value, name));
  return (row) => wanted.includes(field(row, viewer) as boolean);
}

function testsOf<R extends Row>(kind: Kind<R>, query: URLSearchParams, viewer: Viewer): Test<R>[] {
  const names = [...new Set(query.keys())].filter((name) => !OTHERS.includes(name));
  const isKnown = (name: string): boolean => name in TAGS || name in kind.filters || name in COMMON;
  const unknown = names.filter((name) => !isKnown(name));
  if (unknown.length > 0)
    throw badRequest(`[${unknown.map((name) => `'${name}'`).join(', ')}] is invalid attribute for filtering`);
  return names.map((name) => {
    const values = query.getAll(name);
    if (!(name in TAGS)) return testOf(kind, name, values, viewer);
    const wanted = values.flatMap((value) => value.split(','));
    return (row) => TAGS[name]!(wanted, row.tags);
  });
}

type Order<R> = (one: R, other: R) => number;

const compared = (one: unknown, other: unknown): number => {
  const [left, right] = [one ?? '', other ?? ''] as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
};

function orderOf<R extends Row>(kind: Kind<R>, query: URLSearchParams, viewer: Viewer): Order<R> {
  const [keys, directions] = [query.getAll('sort_key'), query.getAll('sort_dir')];
  if (keys.length !== directions.length) throw badRequest('The number of sort_keys and sort_dirs must be same');
  const wrong = directions.filter((direction) => !['asc', 'desc'].includes(direction));
  if (wrong.length > 0)
    throw badRequest(`['${wrong.join("', '")}'] is invalid value for sort_dirs, valid value is 'asc' and 'desc'`);
  const unknown = keys.filter((key) => !(key in kind.fields && (key in kind.filters || key in COMMON)));
  if (unknown.length > 0) throw badRequest(`['${unknown.join("', '")}'] is invalid attribute for sort_keys`);
  return (one, other) => {
    for (const [index, key] of keys.entries()) {
      const found = compared(kind.fields[key]!(one, viewer), kind.fields[key]!(other, viewer));
      if (found !== 0) return directions[index] === 'asc' ? found : -found;
    }
    return compared(one.id, other.id);
  };
}

function limitIn(query: URLSearchParams): number {
  const text = query.get('limit');
  if (text === null) return 0;
  if (!/^\d+$/.test(text))
    throw refused(400, 'BadRequest', `Bad limit request: Limit must be an integer 0 or greater and not '${text}'.`);
  return Number(text);
}

interface Page<R> {
  readonly rows: readonly R[];
  readonly limit: number;
  readonly isReverse: boolean;
}

function pageOf<R extends Row>(kind: Kind<R>, sorted: readonly R[], query: URLSearchParams): Page<R> {
  const limit = limitIn(query);
  const isReverse = boolean(query.get('page_reverse') ?? 'false', 'page_reverse') as boolean;
  const marker = query.get('marker');
  if (limit === 0) return { rows: sorted, limit, isReverse };
  if (marker !== null && !kind.rows.has(marker)) throw notFound(`${kind.type}NotFound`, kind.missing(marker));
  const at = marker === null ? -1 : sorted.findIndex(({ id }) => id === marker);
  if (!isReverse) return { rows: sorted.slice(at + 1, at + 1 + limit), limit, isReverse };
  const end = marker === null ? sorted.length : at;
  return { rows: sorted.slice(Math.max(0, end - limit), end), limit, isReverse };
}

function linksOf({ rows, limit, isReverse }: Page<Row>, { origin, path, query }: ServiceRequest): object[] {
  const href = (marker: string | undefined, reverse: boolean): string => {
    const kept = [...query].filter(([name]) => name !== 'marker' && name !== 'page_reverse');
    const all = [
      ...kept,
      ...(marker === undefined ? [] : [['marker', marker]]),
      ...(reverse ? [['page_reverse', 'True']] : []),
    ];
    return `${origin}${path}?${new URLSearchParams(all as [string, string][])}`;
  };
  const isShort = rows.length < limit;
  return [
    ...(isShort && !isReverse ? [] : [{ rel: 'next', href: href(rows.at(-1)?.id, false) }]),
    ...(isShort && isReverse ? [] : [{ rel: 'previous', href: href(rows[0]?.id, true) }]),
  ];
}

/** The body of a listing. */
export function listed<R extends Row>(kind: Kind<R>, request: ServiceRequest, owner: TokenOwner): object {
  const { query } = request;
  const viewer = viewerOf(owner);
  const tests = testsOf(kind, query, viewer);
  const order = orderOf(kind, query, viewer);
  const found: R[] = [];
  for (const row of kind.rows.values()) {
    if ((viewer.isAdmin || kind.isVisible(row, owner)) && tests.every((test) => test(row))) found.push(row);
  }
  const page = pageOf(kind, found.sort(order), query);
  const fields = query.getAll('fields');
  const views = page.rows.map((row) => viewOf(kind, row, viewer, fields));
  if (page.limit === 0) return { [kind.many]: views };
  const links = linksOf(page, request);
  return { [kind.many]: views, ...(links.length > 0 && { [`${kind.many}_links`]: links }) };
}
