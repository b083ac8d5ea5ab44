/**
 * What every adapter does, whatever cloud is behind it: one call in `test/adapters/<name>.test.ts` runs all of it.
 * It only uses the contract, so that it runs against a real cloud as well as against a fake.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  Adapter,
  Draft,
  KindAdapter,
  LinkDraft,
  Native,
  NativeEnd,
  NativeId,
} from '../../lib/adapter/contract.ts';
import { isLinkTerm, KINDS, type KindTerm, RESOURCE_KINDS } from '../../lib/occi/kinds/index.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { type Kind, typeId } from '../../lib/occi/types.ts';
import { COURSES, type Course, WRONG } from './adapter/courses.ts';
import { draftOf, EMPTY, end, type Make, newToken, TARGET } from './adapter/drafts.ts';
import { asKind, idsOf, listOf } from './adapter/listings.ts';
import { methodsOf, missing, type Need, termsOf } from './adapter/methods.ts';
import type { AdapterUnderTest, CloudUnderTest } from './adapter/under-test.ts';
import { expectValid, fails } from './adapter/validity.ts';

export type { AdapterUnderTest, CloudUnderTest };
export { fails };

/** Between two looks at what a cloud is doing, in milliseconds. */
const PAUSE = 20;
/** How long a cloud may take to be made ready, and to be left as it was, in milliseconds. */
const TO_AND_FRO = 600_000;

/** The id with another last digit. */
const lastDigitChanged = (id: NativeId): NativeId =>
  id.replace(/[0-9a-f](?=[^0-9a-f]*$)/, (last) => (last === '0' ? '1' : '0'));

/** The whole contract. */
export function adapterContract(under: AdapterUnderTest): void {
  const reasons = new Map(under.skip?.flatMap(({ reason, cases }) => cases.map((name) => [name, reason] as const)));
  const patience = (under.patience ?? 5) * 1000;
  const neverGiven = under.neverGiven ?? lastDigitChanged;

  const terms = termsOf(under.kinds);

  /**
   * A case, unless the adapter says why it cannot hold, or lacks a method that the case needs: then it is listed with the
   * reason. A reason without a case is an error of its own.
   */
  const holds = (
    subject: KindTerm | 'the cloud',
    what: string,
    needs: readonly Need[],
    check: () => Promise<void>,
    time = patience + 10_000,
  ) => {
    const said = reasons.get(`${subject} > ${what}`);
    reasons.delete(`${subject} > ${what}`);
    const reason = said ?? (subject === 'the cloud' ? undefined : missing(needs, subject, under));
    if (reason === undefined) test(what, check, time);
    else test.todo(`${what} (${reason})`);
  };

  describe(`${under.name} keeps the contract of an adapter`, () => {
    let cloud: CloudUnderTest;
    let adapter: Adapter;
    const kind = (term: KindTerm): KindAdapter => asKind(adapter, term);
    const callers = new WeakMap<Adapter, string>();
    const adapterOf = (caller: string): Adapter => {
      const other = cloud.adapter(caller);
      callers.set(other, caller);
      return other;
    };

    /** Tries until it holds: clouds answer when they have accepted, and go on working. */
    const eventually = async <T>(check: () => Promise<T>): Promise<T> => {
      const give = Date.now() + patience;
      for (;;) {
        try {
          return await check();
        } catch (error) {
          if (Date.now() > give) throw error;
          await new Promise((resolve) => setTimeout(resolve, PAUSE));
        }
      }
    };

    /** The state of an entity once it does not wait any more. */
    const settledOf = async (of: Adapter, term: KindTerm, id: NativeId): Promise<unknown> => {
      const name = (KINDS[term] as Kind).life!.attribute;
      const give = Date.now() + patience;
      for (;;) {
        const state = (await asKind(of, term).get(id)).attributes[name];
        if (state !== 'waiting' || Date.now() > give) return state;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    };
    const settled = (term: KindTerm, id: NativeId) => settledOf(adapter, term, id);

    const readyOf: Make = async (of, term, change = {}) => {
      const made = await make(of, term, change);
      await settledOf(of, term, made.id);
      return made;
    };

    const drafted = (of: Adapter, term: KindTerm) => draftOf(under, of, term, readyOf);

    const seeded = async (of: Adapter, term: KindTerm): Promise<Native> =>
      asKind(of, term).get(await under.seed!(term, callers.get(of)));

    const make = async (of: Adapter, term: KindTerm, change: Partial<Draft> = {}): Promise<Native> => {
      if (!asKind(of, term).create && under.seed) return seeded(of, term);
      const draft = change.source && change.target ? { ...EMPTY, kind: term } : await drafted(of, term);
      return asKind(of, term).create!({ ...draft, ...change }, newToken());
    };

    const ready = async (term: KindTerm, change: Partial<Draft> = {}): Promise<Native> => {
      const made = await make(adapter, term, change);
      await settled(term, made.id);
      return made;
    };

    /** Waits until an entity that was removed is gone. */
    const gone = (term: KindTerm, id: NativeId) =>
      kind(term).lingers
        ? eventually(() => fails(kind(term).get(id), 'notFound'))
        : fails(kind(term).get(id), 'notFound');

    beforeAll(async () => {
      cloud = await under.start();
      adapter = cloud.adapter();
    }, TO_AND_FRO);
    // Without one, `start` has failed and says so.
    afterAll(() => cloud?.stop(), TO_AND_FRO);

    describe('the cloud', () => {
      holds('the cloud', 'serves the kinds that it says', [], async () => {
        expect(Object.keys(adapter.kinds).sort()).toEqual([...terms].sort());
        for (const term of terms) {
          const methods = methodsOf(adapter.kinds, term);
          // Given by name alone, kinds have all methods, or each case of another is skipped with a reason.
          if (!Array.isArray(under.kinds)) expect([term, methods]).toEqual([term, methodsOf(under.kinds, term)]);
          else if (!methods.includes('create'))
            throw new Error(
              `${term} has no create: give the contract kinds: adapter.kinds, and it leaves out what needs it`,
            );
        }
      });

      holds('the cloud', 'knows each caller by one stable name that is safe in a key', [], async () => {
        const tenant = await adapter.identify();
        expect(tenant).toMatch(/^[^#/\s]+$/);
        expect(await cloud.adapter().identify()).toBe(tenant);
        expect(await adapterOf('somebody/else#').identify()).not.toBe(tenant);
      });

      holds('the cloud', 'offers mixins that depend on a base it acts on', [], async () => {
        const { mixins, defaultOsTemplate } = await adapter.catalogue();
        const bases = adapter.mixins.map((name) => typeId(MIXINS[name]));
        for (const mixin of mixins) {
          expect(mixin.depends?.some((base) => bases.includes(base))).toBe(true);
          expect(mixin.location).toMatch(/^\/[^\s]+\/$/);
          expect(mixin.term).toMatch(/^[a-z][a-z0-9_.-]*$/);
          expect(mixin.title ?? '').not.toMatch(/[,;]/);
        }
        expect(new Set(mixins.map(typeId)).size).toBe(mixins.length);
        expect(new Set(mixins.map((mixin) => mixin.location)).size).toBe(mixins.length);
        if (defaultOsTemplate !== undefined) expect(mixins.map(typeId)).toContain(defaultOsTemplate);
      });

      holds('the cloud', 'refuses a caller that it does not know', [], async () => {
        const { refused } = cloud;
        if (!refused) throw new Error('give a caller whom the cloud refuses, or the reason why there is none');
        await fails((async () => refused().identify())(), 'unauthenticated');
      });

      holds('the cloud', 'says so when it is down', [], async () => {
        const { down } = cloud;
        if (!down) throw new Error('give an adapter whose cloud is down, or the reason why there is none');
        for (const term of terms) await fails(asKind(down(), term).list({}), 'unavailable');
      });
    });

    for (const term of terms) {
      describe(term, () => {
        holds(term, 'lists what was created', ['entity'], async () => {
          const one = await make(adapter, term);
          const other = await make(adapter, term);
          expect(one.kind).toBe(term);
          expect(other.id).not.toBe(one.id);
          expect((await idsOf(kind(term))).items).toEqual(expect.arrayContaining([one.id, other.id]));
        });

        holds(term, 'lists ids and entities in one order that stays', ['entity'], async () => {
          await make(adapter, term);
          await eventually(async () => {
            const { items } = await idsOf(kind(term));
            expect((await listOf(kind(term))).items.map((native) => native.id)).toEqual(items);
            expect((await idsOf(kind(term))).items).toEqual(items);
            expect(new Set(items).size).toBe(items.length);
          });
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
          const made = await make(adapter, term);
          expect(await settled(term, made.id)).toBe((KINDS[term] as Kind).life!.initial);
        });

        holds(term, 'shows only values that the tables allow', ['entity'], async () => {
          const made = await make(adapter, term);
          await settled(term, made.id);
          const { mixins } = await adapter.catalogue();
          expectValid(made, mixins);
          for (const native of (await listOf(kind(term))).items) expectValid(native, mixins);
        });

        holds(term, 'keeps what it was given, unless it says that it cannot', ['create'], async () => {
          const draft = await drafted(adapter, term);
          const sent = { ...draft.attributes, 'occi.core.title': 'two words, a comma and "quotes"; ÄÖ' };
          const { id } = await kind(term).create!({ ...draft, attributes: sent }, newToken());
          const { attributes } = await kind(term).get(id);
          for (const [name, value] of Object.entries(sent)) {
            if (!kind(term).cannotHold?.includes(name)) expect([name, attributes[name]]).toEqual([name, value]);
          }
        });

        holds(term, 'has no entity under an id that it never gave out', ['entity'], async () => {
          const { id } = await make(adapter, term);
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
          const draft = await drafted(adapter, term);
          const token = newToken();
          expect(await kind(term).findByToken?.(token)).toBeUndefined();
          const first = await kind(term).create!(draft, token);
          expect((await kind(term).create!(draft, token)).id).toBe(first.id);
          expect((await kind(term).findByToken?.(token))?.id).toBe(first.id);
          const again = newToken();
          const other = await drafted(adapter, term);
          const both = await Promise.all([kind(term).create!(other, again), kind(term).create!(other, again)]);
          expect(both[0]!.id).toBe(both[1]!.id);
          const { items } = await idsOf(kind(term));
          expect(items.filter((id) => id === first.id || id === both[0]!.id)).toHaveLength(2);
        });

        holds(term, 'shows nothing of it to another tenant', ['entity'], async () => {
          const { id } = await make(adapter, term);
          const other = asKind(adapterOf('somebody else'), term);
          const listed = (await listOf(other)).items.filter((native) => !native.published);
          expect(listed).toEqual([]);
          const [own, never] = [
            await fails(other.get(id), 'notFound'),
            await fails(other.get(neverGiven(id)), 'notFound'),
          ];
          expect(own.replaceAll(id, '')).toBe(never.replaceAll(neverGiven(id), ''));
          if (other.remove) await fails(other.remove(id), 'notFound');
          await kind(term).get(id);
        });

        holds(term, 'lets nobody change what the provider published', [['remove', 'update']], async () => {
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

        if (term in COURSES) actions(term as keyof typeof COURSES);
        if (isLinkTerm(term)) links(term);

        holds(
          term,
          'is listed with as many native calls however many there are',
          ['entity'],
          () => counts(term),
          300_000,
        );
      });
    }

    function actions(term: keyof typeof COURSES): void {
      for (const [action, course] of Object.entries<Course<string>>(COURSES[term])) {
        holds(term, action, ['act', 'entity'], async () => {
          const { id } = await ready(term);
          const act = kind(term).act!;
          if (course.by !== undefined) {
            await act(id, course.by as never, {});
            await settled(term, id);
          }
          await act(id, action as never, course.attributes ?? {});
          const now = (await kind(term).get(id)).attributes[KINDS[term].life.attribute];
          expect(['waiting', course.to]).toContain(now);
          expect(await settled(term, id)).toBe(course.to);
        });
      }

      holds(term, 'refuses an action that its state does not allow', ['act', 'entity'], async () => {
        const { id } = await ready(term);
        const sentence = await fails(kind(term).act!(id, WRONG[term] as never, {}), 'conflict');
        expect(sentence).toContain(WRONG[term]);
        await fails(kind(term).act!(neverGiven(id), WRONG[term] as never, {}), 'notFound');
      });

      if (term === 'compute') computeLinks();
      if (term === 'compute') {
        holds('compute', 'brings the template that save made', ['act', 'create'], async () => {
          const { id } = await ready('compute');
          const { mixin } = await kind('compute').act!(id, 'save' as never, { name: 'My Copy' });
          expect(mixin?.depends).toContain(typeId(MIXINS.os_tpl));
          expect((await adapter.catalogue()).mixins).toContainEqual(mixin);
          expect((await make(adapter, 'compute', { mixins: [mixin!] })).mixins).toContain(typeId(mixin!));
        });
      }
    }

    /** Inline links, where the cloud has storage and networks to link to. */
    function computeLinks(): void {
      const has = (...wanted: KindTerm[]) => wanted.every((term) => terms.includes(term));
      if (!has('networkinterface', 'storagelink', 'network', 'storage')) return;
      const link = (term: KindTerm, target: NativeEnd): LinkDraft => ({
        kind: term,
        attributes: {},
        mixins: [],
        target,
      });

      holds('compute', 'is made with its links', ['create'], async () => {
        const [network, storage] = [await ready('network'), await ready('storage')];
        const drafts = [link('networkinterface', end(network)), link('storagelink', end(storage))];
        const made = await make(adapter, 'compute', { links: drafts });
        // A cloud may link more to a compute by itself.
        expect(made.links?.slice(0, 2).map((one) => [one.kind, one.source, one.target])).toEqual([
          ['networkinterface', end(made), end(network)],
          ['storagelink', end(made), end(storage)],
        ]);
        const listed = (await listOf(kind('compute'))).items.find((one) => one.id === made.id);
        expect(listed?.links?.map((one) => one.id).sort()).toEqual(made.links?.map((one) => one.id).sort());
        for (const one of made.links ?? []) expect((await kind(one.kind).get(one.id)).source).toEqual(end(made));
      });

      holds('compute', 'is not made when one of its links cannot be', ['create'], async () => {
        const [network, storage] = [await ready('network'), await ready('storage')];
        const before = (await idsOf(kind('compute'))).items;
        const missing = { kind: 'storage', id: neverGiven(storage.id) } as const;
        const drafts = [
          link('networkinterface', end(network)),
          link('storagelink', end(storage)),
          link('storagelink', missing),
        ];
        expect(await fails(make(adapter, 'compute', { links: drafts }), 'invalid')).toContain('storage');
        expect((await idsOf(kind('compute'))).items.filter((id) => !before.includes(id))).toEqual([]);
        await kind('storage').remove!(storage.id);
        await kind('network').remove!(network.id);
      });

      holds('compute', 'takes its links with it', ['create', 'remove'], async () => {
        const [network, storage] = [await ready('network'), await ready('storage')];
        const drafts = [link('networkinterface', end(network)), link('storagelink', end(storage))];
        const made = await ready('compute', { links: drafts });
        await fails(kind('storage').remove!(storage.id), 'conflict');
        await fails(kind('network').remove!(network.id), 'conflict');
        await kind('compute').remove!(made.id);
        await gone('compute', made.id);
        for (const one of made.links ?? []) await fails(kind(one.kind).get(one.id), 'notFound');
        await eventually(() => kind('storage').remove!(storage.id));
        await eventually(() => kind('network').remove!(network.id));
      });
    }

    function links(term: keyof typeof TARGET): void {
      holds(term, 'shows its two ends, and its source shows it', ['create', 'remove'], async () => {
        const draft = await drafted(adapter, term);
        const made = await kind(term).create!(draft, newToken());
        expect([made.source, made.target]).toEqual([draft.source, draft.target]);
        const source = await kind('compute').get(draft.source!.id);
        expect(source.links?.map((one) => one.id)).toContain(made.id);
        await kind(term).remove!(made.id);
        await gone(term, made.id);
        expect((await kind('compute').get(draft.source!.id)).links?.map((one) => one.id)).not.toContain(made.id);
        await eventually(() => kind(TARGET[term]).remove!(draft.target!.id));
      });

      holds(term, 'names an end that does not exist', ['create'], async () => {
        const draft = await drafted(adapter, term);
        for (const side of ['source', 'target'] as const) {
          const missing = { ...draft[side]!, id: neverGiven(draft[side]!.id) };
          const sentence = await fails(kind(term).create!({ ...draft, [side]: missing }, newToken()), 'invalid');
          // Clients know no native ids.
          expect(sentence).toContain(missing.kind);
          expect(sentence).not.toContain(missing.id);
        }
      });

      holds(term, 'gives two links made at once two slots', ['create'], async () => {
        const machine = await readyOf(adapter, 'compute', await under.sourceOf?.(adapter, term));
        const source = end(machine);
        const before = machine.links?.map((one) => one.id) ?? [];
        const targets = [await ready(TARGET[term]), await ready(TARGET[term])];
        const made = await Promise.all(targets.map((target) => make(adapter, term, { source, target: end(target) })));
        expect(made[0]!.id).not.toBe(made[1]!.id);
        const all = (await kind('compute').get(source.id)).links ?? [];
        // A cloud may link more to a compute by itself.
        const listed = all.filter((one) => one.kind === term && !before.includes(one.id));
        expect(listed.map((one) => one.id).sort()).toEqual(made.map((one) => one.id).sort());
        const slots = listed.map(
          ({ attributes: { 'occi.networkinterface.interface': nic, 'occi.storagelink.deviceid': disk } }) =>
            nic ?? disk,
        );
        if (slots[0] !== undefined) expect(new Set(slots).size).toBe(2);
      });
    }

    /** Fills a tenant of its own, so that nothing else is counted. */
    async function counts(term: KindTerm): Promise<void> {
      const own = adapterOf(`counts ${term}`);
      const listing = asKind(own, term);
      const perListing = new Set<number>();
      let present = 0;
      for (const size of under.sizes ?? [1, 100, 1000]) {
        for (; present < size; present++) await makeMany(own, term);
        for (const read of [idsOf, listOf]) {
          await own.identify();
          const before = cloud.calls();
          const { items, pages } = await read(listing);
          perListing.add(cloud.calls() - before - pages);
          expect(items.length).toBeGreaterThanOrEqual(size);
        }
      }
      expect(perListing.size).toBe(1);
    }

    const ends = new WeakMap<Adapter, NativeEnd>();
    const drafts = new Map<KindTerm, Draft>();

    /** An entity of which many are made, from one draft: the catalogue is not what is counted, and a site's grows. */
    async function oneOfMany(own: Adapter, term: KindTerm, change: Partial<Draft> = {}): Promise<Native> {
      if (!asKind(own, term).create) return seeded(own, term);
      const draft = drafts.get(term) ?? (await drafted(own, term));
      // Where networks must not have the same addresses, each has a draft of its own.
      if (term !== 'network' || !under.addresses) drafts.set(term, draft);
      return asKind(own, term).create!({ ...draft, ...change }, newToken());
    }

    /** One more of a kind; networks and groups may have many users, so that their links share one. */
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

    test('every reason to leave a case out belongs to a case', () => {
      expect([...reasons.keys()]).toEqual([]);
    });

    test('every kind of resource is one that the suite knows how to make', () => {
      expect(terms.filter((term) => !(term in RESOURCE_KINDS) && !isLinkTerm(term))).toEqual([]);
    });
  });
}
