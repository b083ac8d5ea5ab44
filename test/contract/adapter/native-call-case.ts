/**
 * The case that counts native calls: a listing of a thousand entities makes as many as a listing of one. A listing of ids
 * may make fewer than one of entities, and the first of a process more than those that find what it has kept.
 */
import { expect } from '@jest/globals';
import type { Adapter, Draft, Native, NativeEnd } from '../../../lib/adapter/contract.ts';
import { isLinkTerm, type KindTerm } from '../../../lib/occi/kinds/index.ts';
import { end, newToken, TARGET } from './drafts.ts';
import { asKind, idsOf, listOf } from './listings.ts';
import type { Workbench } from './workbench.ts';

export function nativeCallCase(term: KindTerm, bench: Workbench): void {
  const { holds, cloud, adapterOf, eventually, settledOf, drafted, seeded, under } = bench;
  /** Fills a separate tenant, so that nothing else is counted. */
  async function counts(): Promise<void> {
    const own = adapterOf(`counts ${term}`);
    const listing = asKind(own, term);
    const perListing = new Map([idsOf, listOf].map((read) => [read, new Set<number>()]));
    let present = 0;
    for (const size of under.sizes ?? [1, 100, 1000]) {
      for (; present < size; present++) await makeMany(own, term);
      for (const [read, counted] of perListing) {
        await own.identify();
        await read(listing);
        await eventually(async () => {
          const before = cloud().calls();
          const { items, pages } = await read(listing);
          const calls = cloud().calls() - before - pages;
          expect(items.length).toBeGreaterThanOrEqual(size);
          counted.add(calls);
        });
      }
    }
    for (const counted of perListing.values()) expect(counted.size).toBe(1);
  }

  const ends = new WeakMap<Adapter, NativeEnd>();
  const drafts = new Map<KindTerm, Draft>();

  /** Makes many entities from one draft, without reading the catalogue: its calls are not counted, and it can grow. */
  async function oneOfMany(own: Adapter, term: KindTerm, change: Partial<Draft> = {}): Promise<Native> {
    if (!asKind(own, term).create) return seeded(own, term);
    const draft = drafts.get(term) ?? (await drafted(own, term));
    // Some clouds require networks with different addresses, so each network has a draft of its own.
    if (term !== 'network' || !under.addresses) drafts.set(term, draft);
    return asKind(own, term).create!({ ...draft, ...change }, newToken());
  }

  /** Makes one more entity of a kind. Networks and groups can have many users, so all links share one. */
  async function makeMany(own: Adapter, term: KindTerm): Promise<void> {
    if (!isLinkTerm(term) || !asKind(own, term).create) {
      await oneOfMany(own, term);
      return;
    }
    const shared = term === 'storagelink' ? undefined : ends.get(own);
    const target = shared ?? end(await oneOfMany(own, TARGET[term]));
    if (!shared) await settledOf(own, target.kind, target.id);
    ends.set(own, target);
    const { links = [], ...source } = (await under.sourceOf?.(own, term)) ?? {};
    const all = [...links, { kind: term, attributes: {}, mixins: [], target }];
    await oneOfMany(own, 'compute', { ...source, links: all });
  }

  holds(term, 'is listed with as many native calls however many there are', ['entity'], counts, 300_000);
}
