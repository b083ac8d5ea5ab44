/** What the cases of the contract share: the adapter under test, functions to make and await entities, and `holds`. */
import { test } from '@jest/globals';
import type { Adapter, Draft, KindAdapter, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { KINDS, type KindTerm } from '../../../lib/occi/kinds/index.ts';
import type { Kind } from '../../../lib/occi/types.ts';
import { draftOf, EMPTY, type Make, newToken } from './drafts.ts';
import { asKind } from './listings.ts';
import { missing, type Need, termsOf } from './methods.ts';
import type { AdapterUnderTest, CloudUnderTest } from './under-test.ts';
import { fails } from './validity.ts';

/** Pauses between two looks: they double, since a cloud that takes seconds would be busy with the answers. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 640;

/** Waits before the next look, of which `looks` have been; from 0. */
const pause = (looks: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** looks)));

/** The id with its last digit changed. */
const lastDigitChanged = (id: NativeId): NativeId =>
  id.replace(/[0-9a-f](?=[^0-9a-f]*$)/, (last) => (last === '0' ? '1' : '0'));

export type Workbench = Omit<ReturnType<typeof workbenchFor>, 'without'>;

/** The workbench of one adapter. Cases are declared before `start` runs and access the cloud only when they run. */
export function workbenchFor(under: AdapterUnderTest) {
  const reasons = new Map(under.skip?.flatMap(({ reason, cases }) => cases.map((name) => [name, reason] as const)));
  const patienceMs = (under.patience ?? 5) * 1000;
  const neverGiven = under.neverGiven ?? lastDigitChanged;
  const terms = termsOf(under.kinds);

  let started: { readonly cloud: CloudUnderTest; readonly adapter: Adapter } | undefined;
  const cloud = (): CloudUnderTest => started!.cloud;
  /** The adapter of the main caller, whose entities most cases use. */
  const own = (): Adapter => started!.adapter;
  const kind = (term: KindTerm): KindAdapter => asKind(own(), term);

  /**
   * Declares a case. If the adapter gives a reason to skip it or lacks a method that it needs, the case is listed with
   * the reason. A reason that matches no case is an error.
   */
  const holds = (
    subject: KindTerm | 'the cloud',
    what: string,
    needs: readonly Need[],
    check: () => Promise<void>,
    timeMs = patienceMs + 10_000,
  ) => {
    const said = reasons.get(`${subject} > ${what}`);
    reasons.delete(`${subject} > ${what}`);
    const reason = said ?? (subject === 'the cloud' ? undefined : missing(needs, subject, under));
    if (reason === undefined) test(what, check, timeMs);
    else test.todo(`${what} (${reason})`);
  };

  /** `holds` that declares no case and lists each with the reason. */
  const leaveOut =
    (why: string): typeof holds =>
    (subject, what, needs, check, timeMs) => {
      const name = `${subject} > ${what}`;
      if (!reasons.has(name)) reasons.set(name, why);
      holds(subject, what, needs, check, timeMs);
    };

  const callers = new WeakMap<Adapter, string>();
  const adapterOf = (caller: string): Adapter => {
    const other = cloud().adapter(caller);
    callers.set(other, caller);
    return other;
  };

  /** Retries until the check passes: clouds answer once they have accepted a request, and complete it later. */
  const eventually = async <T>(check: () => Promise<T>): Promise<T> => {
    const give = Date.now() + patienceMs;
    for (let looks = 0; ; looks++) {
      try {
        return await check();
      } catch (error) {
        if (Date.now() > give) throw error;
        await pause(looks);
      }
    }
  };

  /** The state of an entity after it is no longer waiting. */
  const settledOf = async (of: Adapter, term: KindTerm, id: NativeId): Promise<unknown> => {
    const name = (KINDS[term] as Kind).life!.attribute;
    const give = Date.now() + patienceMs;
    for (let looks = 0; ; looks++) {
      const state = (await asKind(of, term).get(id)).attributes[name];
      if (state !== 'waiting' || Date.now() > give) return state;
      await pause(looks);
    }
  };
  const settled = (term: KindTerm, id: NativeId) => settledOf(own(), term, id);

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
    const made = await make(own(), term, change);
    await settled(term, made.id);
    return made;
  };

  /** Waits until a removed entity is gone. */
  const gone = (term: KindTerm, id: NativeId) =>
    kind(term).lingers
      ? eventually(() => fails(kind(term).get(id), 'notFound'))
      : fails(kind(term).get(id), 'notFound');

  const bench = {
    under,
    terms,
    neverGiven,
    async start() {
      const running = await under.start();
      started = { cloud: running, adapter: running.adapter() };
    },
    // Without a cloud, `start` has failed and has reported why.
    stop: async () => await started?.cloud.stop(),
    /** Reasons that match no case. */
    unusedReasons: () => [...reasons.keys()],
    holds,
    cloud,
    own,
    kind,
    adapterOf,
    eventually,
    settled,
    settledOf,
    ready,
    readyOf,
    drafted,
    seeded,
    make,
    gone,
  };
  return {
    ...bench,
    /** The same workbench, on which every case is left out. */
    without: (why: string) => ({ ...bench, holds: leaveOut(why) }),
  };
}
