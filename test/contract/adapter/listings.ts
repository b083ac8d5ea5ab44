/** Listings of an adapter, read to their end. */
import type { Adapter, KindAdapter } from '../../../lib/adapter/contract.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';

/** The adapter of a kind that it serves. */
export const asKind = (adapter: Adapter, kind: KindTerm): KindAdapter => {
  const served = adapter.kinds[kind] as KindAdapter | undefined;
  if (!served) throw new Error(`${adapter.name} serves no ${kind}`);
  return served;
};

/** All pages of a listing, and their number. */
async function readAll<T>(
  read: (cursor?: string) => Promise<{ readonly items: readonly T[]; readonly next?: string }>,
) {
  const items: T[] = [];
  let pages = 0;
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.next;
    pages++;
  } while (cursor !== undefined);
  return { items, pages };
}

const query = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });
export const idsOf = (adapter: KindAdapter) => readAll((cursor) => adapter.ids(query(cursor)));
export const listOf = (adapter: KindAdapter) => readAll((cursor) => adapter.list(query(cursor)));
