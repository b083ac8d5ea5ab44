/** Whole listings of what a catalogue has, page by page. */
import type * as z from 'zod';
import type { Path } from '../api/path.ts';
import type { CatalogueService } from '../api/services.ts';
import type { Cloud } from '../cloud.ts';

interface Listing<A, T extends { readonly id: string }> {
  readonly service: CatalogueService;
  readonly path: Path;
  readonly shape: z.ZodType<A>;
  readonly itemsOf: (answer: A) => readonly T[];
  readonly hasNext: (answer: A) => boolean;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** In pages as long as the service makes them, one where it has no limit. */
  readonly isWhole?: boolean;
}

/** All items of a listing: 1 call per page. */
export async function readAll<A, T extends { readonly id: string }>(
  { client, settings }: Pick<Cloud, 'client' | 'settings'>,
  { service, path, shape, itemsOf, hasNext, query, isWhole }: Listing<A, T>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let marker: string | undefined; ; marker = all.at(-1)!.id) {
    const limit = isWhole ? undefined : settings.page;
    const answer = await client.read(service, path, shape, { query: { ...query, limit, marker } });
    const items = itemsOf(answer);
    all.push(...items);
    if (items.length === 0 || !hasNext(answer)) return all;
  }
}

/** True for an answer whose links name a next page. */
export const linksNext = (links: readonly { readonly rel: string }[]): boolean =>
  links.some(({ rel }) => rel === 'next');
