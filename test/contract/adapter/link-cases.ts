/** Cases about links: their ends and their slots. */
import { expect } from '@jest/globals';
import { end, newToken, TARGET } from './drafts.ts';
import { fails } from './validity.ts';
import type { Workbench } from './workbench.ts';

export function linkCases(term: keyof typeof TARGET, bench: Workbench): void {
  const { holds, own, kind, eventually, ready, readyOf, drafted, make, gone, neverGiven, under } = bench;
  holds(term, 'shows its two ends, and its source shows it', ['create', 'remove'], async () => {
    const draft = await drafted(own(), term);
    const made = await kind(term).create!(draft, newToken());
    expect([made.source, made.target]).toEqual([draft.source, draft.target]);
    const source = await kind('compute').get(draft.source!.id);
    expect(source.links?.map((one) => one.id)).toContain(made.id);
    // A cloud may still be attaching what it has just accepted.
    await eventually(() => kind(term).remove!(made.id));
    await gone(term, made.id);
    expect((await kind('compute').get(draft.source!.id)).links?.map((one) => one.id)).not.toContain(made.id);
    await eventually(() => kind(TARGET[term]).remove!(draft.target!.id));
  });

  holds(term, 'names an end that does not exist', ['create'], async () => {
    const draft = await drafted(own(), term);
    for (const side of ['source', 'target'] as const) {
      const missing = { ...draft[side]!, id: neverGiven(draft[side]!.id) };
      const sentence = await fails(kind(term).create!({ ...draft, [side]: missing }, newToken()), 'invalid');
      // Clients do not know native ids.
      expect(sentence).toContain(missing.kind);
      expect(sentence).not.toContain(missing.id);
    }
  });

  holds(term, 'gives two links made at once two slots', ['create'], async () => {
    const machine = await readyOf(own(), 'compute', await under.sourceOf?.(own(), term));
    const source = end(machine);
    const before = machine.links?.map((one) => one.id) ?? [];
    const targets = [await ready(TARGET[term]), await ready(TARGET[term])];
    const made = await Promise.all(targets.map((target) => make(own(), term, { source, target: end(target) })));
    expect(made[0]!.id).not.toBe(made[1]!.id);
    const all = (await kind('compute').get(source.id)).links ?? [];
    // The cloud may add links of its own to a compute.
    const listed = all.filter((one) => one.kind === term && !before.includes(one.id));
    expect(listed.map((one) => one.id).sort()).toEqual(made.map((one) => one.id).sort());
    const slots = listed.map(
      ({ attributes: { 'occi.networkinterface.interface': nic, 'occi.storagelink.deviceid': disk } }) => nic ?? disk,
    );
    if (slots[0] !== undefined) expect(new Set(slots).size).toBe(2);
  });
}
