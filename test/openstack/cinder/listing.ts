/** Listings of volumes, snapshots and backups: order, pages, and filters, which the recorded site had none of. */
import type { Asked } from './context.ts';
import { badRequest, invalidInput, type noVolume } from './refusals.ts';

const MAX_LIMIT = 1000;
/** From this microversion on a filter that the site does not have is refused; before, it is ignored. */
const FILTERS_REFUSED = 31;
const NO_FILTERS = ['limit', 'marker', 'offset', 'sort', 'sort_key', 'sort_dir', 'with_count', 'all_tenants'];

interface Listed {
  readonly id: string;
  readonly name: string | null;
  readonly status: string;
  readonly sizeGib: number;
  readonly created: number;
  readonly updated: number | null;
}

const SORT_KEYS = {
  id: ({ id }: Listed) => id,
  name: ({ name }: Listed) => name ?? '',
  status: ({ status }: Listed) => status,
  size: ({ sizeGib }: Listed) => sizeGib,
  created_at: ({ created }: Listed) => created,
  updated_at: ({ updated }: Listed) => updated ?? 0,
} as const;

function refuseFilters({ request: { query }, minor }: Asked): void {
  const filters = [...new Set(query.keys())].filter((name) => !NO_FILTERS.includes(name));
  if (minor < FILTERS_REFUSED || filters.length === 0) return;
  throw badRequest(`Invalid filters ${filters.join(',')} are found in query options.`);
}

function orderIn(query: URLSearchParams): (one: Listed, other: Listed) => number {
  const sort = query.get('sort') ?? 'created_at:desc,id:desc';
  const keys = sort.split(',').map((one) => one.split(':') as [string, string?]);
  if (keys.some(([key]) => !Object.hasOwn(SORT_KEYS, key))) throw invalidInput('Invalid sort key');
  return (one, other) => {
    for (const [key, direction = 'desc'] of keys) {
      const value = SORT_KEYS[key as keyof typeof SORT_KEYS];
      const [left, right] = [value(one), value(other)];
      if (left !== right) return left < right === (direction === 'asc') ? -1 : 1;
    }
    return 0;
  };
}

function limitIn(query: URLSearchParams): number {
  const text = query.get('limit');
  if (text === null) return MAX_LIMIT;
  if (!/^-?\d+$/.test(text)) throw badRequest('limit param must be an integer');
  if (Number(text) < 0) throw badRequest('limit param must be positive');
  return Math.min(Number(text), MAX_LIMIT);
}

export interface Listing<T> {
  readonly rows: readonly T[];
  /** Beside the list in the body: a link to the next page, a count. */
  readonly beside: object;
}

/** A page of what somebody owns. */
export function pageOf<T extends Listed & { readonly projectId: string }>(
  asked: Asked,
  all: Iterable<T>,
  { many, missing }: { readonly many: string; readonly missing: typeof noVolume },
): Listing<T> {
  const { owner, request, base } = asked;
  const { query, path } = request;
  refuseFilters(asked);
  const limit = limitIn(query);
  const own = [...all].filter(({ projectId }) => projectId === owner.projectId).sort(orderIn(query));
  const marker = query.get('marker');
  const at = marker === null ? -1 : own.findIndex(({ id }) => id === marker);
  if (marker !== null && at < 0) throw missing(marker);
  const rows = own.slice(at + 1, at + 1 + limit);
  const kept = [...query].filter(([name]) => name !== 'marker');
  const next = new URLSearchParams([...kept, ['marker', rows.at(-1)?.id ?? '']]);
  // Links name the project, whether the request did or not.
  const end = path.endsWith('/detail') ? '/detail' : '';
  const origin = base.includes(owner.projectId) ? base : `${base}/${owner.projectId}`;
  const isFull = query.has('limit') && limit > 0 && rows.length === limit;
  const beside = {
    ...(isFull && { [`${many}_links`]: [{ rel: 'next', href: `${origin}/${many}${end}?${next}` }] }),
    ...(query.get('with_count')?.toLowerCase() === 'true' && { count: own.length }),
  };
  return { rows, beside };
}
