/**
 * The case that counts native calls: a listing of a thousand entities makes as many as a listing of one. Where a process
 * keeps what it has listed, its first listing is counted apart from the later ones, and ids apart from entities.
 */
import { expect } from '@jest/globals';
import type { Adapter, Draft, Native, NativeEnd } from '../../../lib/adapter/contract.ts';
import { isLinkTerm, type KindTerm } from '../../../lib/occi/kinds/index.ts';
import { end, newToken, TARGET } from './drafts.ts';
import { asKind, idsOf, listOf } from './listings.ts';
import type { Workbench } from './workbench.ts';

const READS = { ids: idsOf, entities: listOf } as const;

export function nativeCallCase(term: KindTerm, bench: Workbench): void {
  const { holds, cloud, adapterOf, eventually, settledOf, drafted, seeded, under } = bench;
  /** Fills a separate tenant, so that nothing else is counted. */
  async function counts(): Promise<void> {
    const caller = `counts ${term}`;
    const own = adapterOf(caller);
    const { another } = cloud();
    /** The different numbers of calls, beside one a page, by what was listed. */
    const counted = new Map<string, Set<number>>();
    const count = (listing: string, size: number, read: (typeof READS)[keyof typeof READS], reader: () => Adapter) =>
      eventually(async () => {
        const adapter = reader();
        await adapter.identify();
        const before = cloud().calls();
        const { items, pages } = await read(asKind(adapter, term));
        const calls = cloud().calls() - before - pages;
        expect(items.length).toBeGreaterThanOrEqual(size);
        counted.set(listing, (counted.get(listing) ?? new Set()).add(calls));
      });
    if (another) await listOf(asKind(own, term));
    const made: Native[] = [];
    for (const size of under.sizes ?? [1, 100, 1000]) {
      while (made.length < size) made.push(await makeMany(own, term));
      for (const [what, read] of Object.entries(READS)) {
        if (another) await count(`${what}, the first`, size, read, () => another(caller));
        else await count('all', size, read, () => own);
      }
      if (!another) continue;
      // What a process keeps of an entity that is being made, it may have to ask for once more.
      for (const { kind, id } of made) await settledOf(own, kind, id);
      for (const [what, read] of Object.entries(READS)) await count(`${what}, later`, size, read, () => own);
    }
    expect([...counted].filter(([, numbers]) => numbers.size > 1)).toEqual([]);
    for (const what of another ? Object.keys(READS) : []) {
      const [first, later] = [`${what}, the first`, `${what}, later`].map((listing) =>
        Math.max(...counted.get(listing)!),
      );
      expect(later).toBeLessThanOrEqual(first!);
    }
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

  /**
   * Makes one more entity of a kind; of a link, the compute that has it. Networks and groups can have many users, so all
   * links share one.
   */
  async function makeMany(own: Adapter, term: KindTerm): Promise<Native> {
    if (!isLinkTerm(term) || !asKind(own, term).create) return await oneOfMany(own, term);
    const shared = term === 'storagelink' ? undefined : ends.get(own);
    const target = shared ?? end(await oneOfMany(own, TARGET[term]));
    if (!shared) await settledOf(own, target.kind, target.id);
    ends.set(own, target);
    const { links = [], ...source } = (await under.sourceOf?.(own, term)) ?? {};
    const all = [...links, { kind: term, attributes: {}, mixins: [], target }];
    return await oneOfMany(own, 'compute', { ...source, links: all });
  }

  holds(term, 'is listed with as many native calls however many there are', ['entity'], counts, 300_000);
}
