/** Cases for every kind: listings, identity, tokens, isolation, titles. */
import { expect } from '@jest/globals';
import { KINDS, type KindTerm } from '../../../lib/occi/kinds/index.ts';
import type { Kind } from '../../../lib/occi/types.ts';
import { newToken } from './drafts.ts';
import { asKind, idsOf, listOf } from './listings.ts';
import { expectValid, fails } from './validity.ts';
import type { Workbench } from './workbench.ts';

export function kindCases(term: KindTerm, bench: Workbench): void {
  const { holds, own, kind, adapterOf, eventually, settled, ready, drafted, make, gone, neverGiven } = bench;
  holds(term, 'lists what was created', ['entity'], async () => {
    const one = await make(own(), term);
    const other = await make(own(), term);
    expect(one.kind).toBe(term);
    expect(other.id).not.toBe(one.id);
    await eventually(async () => {
      expect((await idsOf(kind(term))).items).toEqual(expect.arrayContaining([one.id, other.id]));
    });
  });

  holds(term, 'lists ids and entities in one order that stays', ['entity'], async () => {
    // Clouds may list what they are still building elsewhere than when it is there.
    const { id } = await ready(term);
    await eventually(async () => {
      const { items } = await idsOf(kind(term));
      expect(items).toContain(id);
      expect((await listOf(kind(term))).items.map((native) => native.id)).toEqual(items);
      expect((await idsOf(kind(term))).items).toEqual(items);
      expect(new Set(items).size).toBe(items.length);
    });
    // A random order can be the same once by chance; it must also stay the same.
    const { items } = await idsOf(kind(term));
    for (let times = 0; times < 3; times++) {
      expect((await listOf(kind(term))).items.map((native) => native.id)).toEqual(items);
    }
  });

  holds(term, 'gets what was created, as it is listed', ['entity'], async () => {
    const made = await ready(term);
    await eventually(async () => {
      const got = await kind(term).get(made.id);
      expect(got).toMatchObject({ kind: term, id: made.id, mixins: made.mixins });
      expect((await listOf(kind(term))).items).toContainEqual(got);
    });
  });

  holds(term, 'brings a new entity to the state that its table names', ['create'], async () => {
    const made = await make(own(), term);
    expect(await settled(term, made.id)).toBe((KINDS[term] as Kind).life!.initial);
  });

  holds(term, 'shows only values that the tables allow', ['entity'], async () => {
    const made = await make(own(), term);
    await settled(term, made.id);
    const { mixins } = await own().catalogue();
    expectValid(made, mixins);
    for (const native of (await listOf(kind(term))).items) expectValid(native, mixins);
  });

  holds(term, 'keeps what it was given, unless it says that it cannot', ['create'], async () => {
    const draft = await drafted(own(), term);
    const sent = { ...draft.attributes, 'occi.core.title': 'two words, a comma and "quotes"; ÄÖ' };
    const { id } = await kind(term).create!({ ...draft, attributes: sent }, newToken());
    const { attributes } = await kind(term).get(id);
    for (const [name, value] of Object.entries(sent)) {
      if (!kind(term).cannotHold?.includes(name)) expect([name, attributes[name]]).toEqual([name, value]);
    }
  });

  if (term === 'compute' || term === 'storage') {
    holds(term, 'tells the size of a new entity beforehand, and makes nothing by that', ['create'], async () => {
      const draft = await drafted(own(), term);
      const before = await idsOf(kind(term));
      const size = { ...draft.attributes, ...(await kind(term).sizeOfNew?.(draft)) };
      expect((await idsOf(kind(term))).items).toEqual(before.items);
      const { attributes } = await kind(term).create!(draft, newToken());
      for (const name of ['occi.compute.cores', 'occi.compute.memory', 'occi.storage.size']) {
        expect([name, size[name]]).toEqual([name, attributes[name]]);
      }
    });
  }

  if (term === 'storage') {
    const SIZE = 'occi.storage.size';
    for (const asked of [0.1, 1.5]) {
      holds(term, `has at least ${asked} GiB if asked for as much, and shows what it has`, ['create'], async () => {
        const made = await ready(term, { attributes: { [SIZE]: asked } });
        const size = made.attributes[SIZE];
        expect(size).toBeGreaterThanOrEqual(asked);
        expect(size).toBeLessThan(asked + 1);
        const draft = { attributes: { [SIZE]: asked }, mixins: [] };
        expect({ ...draft.attributes, ...(await kind(term).sizeOfNew?.(draft)) }).toEqual({ [SIZE]: size });
        expect((await kind(term).get(made.id)).attributes[SIZE]).toBe(size);
        const again = { set: { [SIZE]: asked }, unset: [], addMixins: [], removeMixins: [] };
        if (kind(term).update) expect((await kind(term).update!(made.id, again)).attributes[SIZE]).toBe(size);
        if (kind(term).act) await kind(term).act!(made.id, 'resize' as never, { size: asked });
        expect((await kind(term).get(made.id)).attributes[SIZE]).toBe(size);
      });
    }
  }

  holds(term, 'has no entity under an id that it never gave out', ['entity'], async () => {
    const { id } = await make(own(), term);
    await fails(kind(term).get(neverGiven(id)), 'notFound');
    await fails(kind(term).get('no such thing'), 'notFound');
  });

  holds(term, 'removes once', ['entity', 'remove'], async () => {
    const { id } = await ready(term);
    await kind(term).remove!(id);
    await gone(term, id);
    await fails(kind(term).remove!(id), 'notFound');
    if (!kind(term).lingers) expect((await idsOf(kind(term))).items).not.toContain(id);
  });

  holds(term, 'makes one of the same token', ['create'], async () => {
    const draft = await drafted(own(), term);
    const token = newToken();
    expect(await kind(term).findByToken?.(token)).toBeUndefined();
    const first = await kind(term).create!(draft, token);
    expect((await kind(term).create!(draft, token)).id).toBe(first.id);
    if (kind(term).findByToken) {
      await eventually(async () => expect((await kind(term).findByToken!(token))?.id).toBe(first.id));
    }
    const again = newToken();
    const other = await drafted(own(), term);
    const both = await Promise.all([kind(term).create!(other, again), kind(term).create!(other, again)]);
    expect(both[0]!.id).toBe(both[1]!.id);
    await eventually(async () => {
      const { items } = await idsOf(kind(term));
      expect(items.filter((id) => id === first.id || id === both[0]!.id)).toHaveLength(2);
    });
  });

  holds(term, 'shows nothing of it to another tenant', ['entity'], async () => {
    const { id } = await make(own(), term);
    const other = asKind(adapterOf('other caller'), term);
    const listed = (await listOf(other)).items.filter((native) => !native.published);
    expect(listed).toEqual([]);
    const [theirs, never] = [
      await fails(other.get(id), 'notFound'),
      await fails(other.get(neverGiven(id)), 'notFound'),
    ];
    expect(theirs.replaceAll(id, '')).toBe(never.replaceAll(neverGiven(id), ''));
    if (other.remove) await fails(other.remove(id), 'notFound');
    await kind(term).get(id);
  });

  holds(term, 'refuses to change what the provider publishes', [['remove', 'update']], async () => {
    for (const native of (await listOf(kind(term))).items.filter((one) => one.published)) {
      if (kind(term).remove) await fails(kind(term).remove!(native.id), 'forbidden');
      const change = { set: { 'occi.core.title': 'mine' }, unset: [], addMixins: [], removeMixins: [] };
      if (kind(term).update) await fails(kind(term).update!(native.id, change), 'forbidden');
    }
  });

  holds(term, 'changes a title', ['entity', 'update'], async () => {
    const { id } = await ready(term);
    const change = { unset: [], addMixins: [], removeMixins: [] };
    const changed = await kind(term).update!(id, { ...change, set: { 'occi.core.title': 'another' } });
    expect(changed.attributes['occi.core.title']).toBe('another');
    expect((await kind(term).get(id)).attributes['occi.core.title']).toBe('another');
    await kind(term).update!(id, { ...change, set: {}, unset: ['occi.core.title'] });
    expect((await kind(term).get(id)).attributes['occi.core.title']).not.toBe('another');
    await fails(kind(term).update!(neverGiven(id), { ...change, set: { 'occi.core.title': 'x' } }), 'notFound');
  });
}
