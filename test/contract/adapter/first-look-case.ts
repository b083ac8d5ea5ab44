/**
 * The cases of a kind whose entities are found by computing: one native call for the entity, and where ids are numbers one
 * for the highest.
 */
import { expect } from '@jest/globals';
import type { KindAdapter, Native, NativeId } from '../../../lib/adapter/contract.ts';
import type { ByNumber } from '../../../lib/adapter/finding.ts';
import { ReversibleIds } from '../../../lib/mapping/reversible-ids.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import { asKind, idsOf } from './listings.ts';
import { fails } from './validity.ts';
import type { Workbench } from './workbench.ts';

export function firstLookCase(term: KindTerm, bench: Workbench): void {
  const { holds, cloud, own, kind, adapterOf, make, neverGiven, under } = bench;
  const by = (['numbered', 'byUuid'] as const).find((way) => under[way]?.includes(term));

  holds(term, 'says whether its ids are numbers or random UUIDs', [], async () => {
    expect(kind(term).finding?.by).toBe(by && ({ numbered: 'number', byUuid: 'uuid' } as const)[by]);
  });
  if (!by) return;

  const listed = (of: KindAdapter, id: NativeId) => of.finding?.listed?.(id) ?? of.get(id);
  /** The native calls of something. */
  const callsOf = async (what: () => Promise<unknown>): Promise<number> => {
    const before = cloud().calls();
    await what();
    return cloud().calls() - before;
  };

  holds(term, 'shows by its native id what it lists, and nothing of another tenant', ['entity'], async () => {
    const made = await make(own(), term);
    const other = adapterOf('other caller');
    await Promise.all([own().identify(), other.identify()]);
    const calls = await callsOf(async () => expect((await listed(kind(term), made.id)).id).toBe(made.id));
    expect(calls).toBe(by === 'numbered' ? 1 : await callsOf(() => kind(term).get(made.id)));
    const ofNobody = await callsOf(() => fails(listed(kind(term), neverGiven(made.id)), 'notFound'));
    expect(await callsOf(() => fails(listed(asKind(other, term), made.id), 'notFound'))).toBe(ofNobody);
  });

  if (by === 'byUuid') {
    holds(term, 'has random UUIDs as native ids, unless it says that it is mixed', ['entity'], async () => {
      const { finding } = kind(term);
      const reversible = new ReversibleIds(own().name, own().site, [term]);
      const made = await make(own(), term);
      expect(reversible.idOf(term, made.id)).toBeDefined();
      if (finding?.by === 'uuid' && finding.isMixed) return;
      for (const id of (await idsOf(kind(term))).items) expect(reversible.idOf(term, id)).toBeDefined();
    });
  }

  if (by !== 'numbered') return;

  holds(term, 'tells the highest of its numbers in one native call', ['entity'], async () => {
    for (const caller of [own(), adapterOf(`numbers ${term}`)]) {
      const finding = asKind(caller, term).finding as ByNumber<Native>;
      await make(caller, term);
      const last = await make(caller, term);
      await caller.identify();
      const before = cloud().calls();
      const highest = await finding.highest();
      expect(cloud().calls() - before).toBe(1);
      expect(highest).toBeGreaterThanOrEqual(Number(last.id));
      const { items } = await idsOf(asKind(caller, term));
      for (const id of items) {
        expect(id).toBe(String(Number(id)));
        expect(Number(id)).toBeLessThanOrEqual(highest!);
      }
    }
  });
}
