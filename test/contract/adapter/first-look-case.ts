/** The cases of a kind whose entities are found by computing: one native call for the highest number, one for the entity. */
import { expect } from '@jest/globals';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import { asKind, idsOf } from './listings.ts';
import { fails } from './validity.ts';
import type { Workbench } from './workbench.ts';

export function firstLookCase(term: KindTerm, bench: Workbench): void {
  const { holds, cloud, own, kind, adapterOf, make, neverGiven, under } = bench;
  const isNumbered = under.numbered?.includes(term) ?? false;

  holds(term, 'says whether its ids are numbers', [], async () => {
    expect(kind(term).finding?.by).toBe(isNumbered ? 'number' : undefined);
  });
  if (!isNumbered) return;

  holds(term, 'tells the highest of its numbers in one native call', ['entity'], async () => {
    for (const caller of [own(), adapterOf(`numbers ${term}`)]) {
      const finding = asKind(caller, term).finding!;
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

  holds(
    term,
    'shows by its number what it lists, in one native call, and nothing of another tenant',
    ['entity'],
    async () => {
      const { finding } = kind(term);
      const listed = (of = kind(term), id = made.id) => of.finding?.listed?.(id) ?? of.get(id);
      const made = await make(own(), term);
      await own().identify();
      const before = cloud().calls();
      expect((await listed()).id).toBe(made.id);
      expect(cloud().calls() - before).toBe(1);
      expect(finding).toBeDefined();
      await fails(listed(kind(term), neverGiven(made.id)), 'notFound');
      const other = asKind(adapterOf('other caller'), term);
      await fails(listed(other), 'notFound');
    },
  );
}
