/**
 * Pages of what a kind lists, by id. A cursor is the id before the page: ids stay in their order, whatever comes and goes
 * between two requests.
 */
import type * as z from 'zod';
import type { NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import type { OpenStackClient } from './client.ts';
import type { Path } from './path.ts';
import { Refusal } from './refusal.ts';

type PagedService = 'compute' | 'network' | 'volume';

/** How each service is asked for an order by id. Neutron wants both names; Nova calls an id `uuid`. */
const BY_ID = {
  compute: { sort_key: 'uuid', sort_dir: 'asc' },
  network: { sort_key: 'id', sort_dir: 'asc' },
  volume: { sort: 'id:asc' },
} as const satisfies Record<PagedService, Readonly<Record<string, string>>>;

interface Listing<A, T> {
  readonly service: PagedService;
  readonly path: Path;
  readonly shape: z.ZodType<A>;
  readonly itemsOf: (answer: A) => readonly T[];
  /** The `…_links` of an answer. */
  readonly linksOf: (answer: A) => readonly { readonly rel: string }[];
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly microversion?: string;
}

interface Pager {
  readonly client: OpenStackClient;
  readonly settings: { readonly page: number };
}

/** A marker that was deleted meanwhile: Nova says 400, Cinder 404, Neutron either 404 or the listing from its start. */
export const isUnknownMarker = (error: unknown): boolean =>
  error instanceof Refusal && (error.status === 404 || (error.status === 400 && /^marker \[/.test(error.sentence)));

/**
 * A page of a listing in the order of ids: 1 call. Where the entity that the cursor names is gone, the listing is read
 * from its start up to what comes behind the cursor: as many calls as there are pages before it. Throws `Refusal`.
 */
export async function readPage<A, T extends { readonly id: NativeId }>(
  { client, settings }: Pager,
  { service, path, shape, itemsOf, linksOf, query, microversion }: Listing<A, T>,
  { cursor }: PageQuery,
): Promise<Page<T>> {
  const read = async (marker: string | undefined) => {
    const answer = await client.read(service, path, shape, {
      query: { ...query, ...BY_ID[service], limit: settings.page, marker },
      ...(microversion !== undefined && { microversion }),
    });
    return { items: itemsOf(answer), hasNext: linksOf(answer).some(({ rel }) => rel === 'next') };
  };
  let page = await read(cursor).catch((error) => {
    if (cursor === undefined || !isUnknownMarker(error)) throw error;
    return read(undefined);
  });
  const isBehind = ({ id }: T) => cursor === undefined || id > cursor;
  while (page.hasNext && page.items.length > 0 && !page.items.some(isBehind)) page = await read(page.items.at(-1)!.id);
  const last = page.items.at(-1);
  return { items: page.items.filter(isBehind), ...(page.hasNext && last && { next: last.id }) };
}
