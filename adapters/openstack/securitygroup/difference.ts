/** What turns the rules of a group into those that a client wants. */
import type { Wanted } from './rule-entries.ts';
import { type Entry, keyOf, type Label } from './rules.ts';

export interface Difference {
  /** With labels. */
  readonly add: readonly Entry[];
  /** With Neutron's ids. */
  readonly remove: readonly Entry[];
}

/** Digits behind the point of a place between two others. */
const PRECISION = 1e9;

/** The label that all kept entries of a rule have, if they have one. */
function labelOf(kept: readonly Entry[], isAny: boolean): Label | undefined {
  const [first, ...others] = kept.map(({ label }) => label);
  const isOne = first?.isAny === isAny && others.every((one) => one?.place === first.place && one.isAny === isAny);
  return isOne ? first : undefined;
}

/**
 * Rules that are there and wanted stay as they are, so that no traffic is interrupted. New ones get places between those
 * that stay; since those keep theirs, the order of rules that stay does not change.
 */
export function difference(present: readonly Entry[], wanted: readonly Wanted[]): Difference {
  const had = new Map(present.map((entry) => [keyOf(entry), entry]));
  const keys = new Set(wanted.flatMap(({ entries }) => entries.map(keyOf)));
  const rules = wanted.map(({ isAny, entries }) => {
    const kept = entries.flatMap((entry) => had.get(keyOf(entry)) ?? []);
    return { isAny, missing: entries.filter((entry) => !had.has(keyOf(entry))), label: labelOf(kept, isAny), kept };
  });
  const usedBy = (place: number) => rules.filter(({ kept }) => kept.some(({ label }) => label?.place === place)).length;
  const places = rules.map(({ label }) => (label && usedBy(label.place) === 1 ? label.place : undefined));
  const taken = new Set(present.flatMap(({ label }) => label?.place ?? []));
  let before = 0;
  const add = rules.flatMap(({ isAny, missing }, index) => {
    const own = places[index];
    if (own !== undefined) before = Math.max(before, own);
    if (own === undefined && missing.length > 0) {
      const behind = Math.min(...[...taken].filter((place) => place > before));
      before = Number.isFinite(behind)
        ? Math.round(((before + behind) / 2) * PRECISION) / PRECISION
        : Math.floor(before) + 1;
      taken.add(before);
    }
    const label = { place: own ?? before, isAny };
    return missing.map((entry) => ({ ...entry, label }));
  });
  return { add, remove: present.filter((entry) => !keys.has(keyOf(entry))) };
}
