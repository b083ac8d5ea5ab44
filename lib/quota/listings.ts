/** Listings of the cloud for a count: fixed calls per page, never one per entity. */
import { randomInt } from 'node:crypto';
import type { Adapter, KindAdapter, Native, Page, PageQuery } from '../adapter/contract.ts';
import type { Identities } from '../mapping/identity.ts';
import type { MappingStore } from '../mapping/store.ts';
import { memoByObject } from '../memo-by-object.ts';
import type { PartitionKey, SiteTable } from '../table/partition-keys.ts';
import { beforeListing, type Listing } from './counting.ts';
import { RANDOM, type State } from './ledger.ts';
import { type Amounts, amountsOf, type CountedKind } from './quantities.ts';

/** What a listing is made with. */
export interface Counted {
  readonly adapter: Adapter;
  readonly store: MappingStore;
  readonly identities: Identities;
  readonly table: SiteTable;
  readonly pk: PartitionKey;
}

/** Listings that are under way in this process: requests that need the same one share it. */
const underWay = memoByObject((_: SiteTable) => new Map<string, Promise<Listing>>());

async function list(kind: CountedKind, state: State, { adapter, store, identities }: Counted): Promise<Listing> {
  const at = Date.now();
  const one = adapter.kinds[kind] as KindAdapter;
  const annotations = one.lingers ? await store.annotations() : undefined;
  const amounts = new Map<string, Amounts>();
  const deleted = new Set<string>();
  let query: PageQuery | undefined = {};
  while (query) {
    const page: Page<Native> = await one.list(query);
    for (const { id, published, attributes } of page.items) {
      if (!published) amounts.set(identities.of(kind, id).uuid, amountsOf(kind, attributes));
    }
    query = page.next === undefined ? undefined : { cursor: page.next };
  }
  for (const { uuid, deleted: isDeleted } of annotations?.values() ?? []) {
    if (!isDeleted) continue;
    deleted.add(uuid);
    amounts.delete(uuid);
  }
  return { id: randomInt(RANDOM), kind, at, amounts, deleted, before: beforeListing(kind, state) };
}

/** What the cloud has of a kind, after `state` was read. */
export async function listed(kind: CountedKind, state: State, counted: Counted): Promise<Listing> {
  const all = underWay(counted.table);
  const name = `${counted.pk}\n${kind}`;
  const shared = all.get(name);
  // A listing of another request may fail by the deadline of that one.
  if (shared) return await shared.catch(() => list(kind, state, counted));
  const own = list(kind, state, counted);
  all.set(name, own);
  try {
    return await own;
  } finally {
    all.delete(name);
  }
}
