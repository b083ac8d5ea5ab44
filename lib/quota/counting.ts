/** Brings a ledger and a listing of the cloud together. */
import { randomInt } from 'node:crypto';
import { type Count, type Entry, type Ledger, RANDOM, type State } from './ledger.ts';
import { type Amounts, type CountedKind, growth, sumOf } from './quantities.ts';

/** What the cloud lists of a kind, and what the ledger said before it was asked. */
export interface Listing {
  /** A random name. */
  readonly id: number;
  readonly kind: CountedKind;
  /** When it began, in milliseconds since the epoch. */
  readonly at: number;
  /** By the UUID of the entity. */
  readonly amounts: ReadonlyMap<string, Amounts>;
  /** Deleted entities, which the cloud may still list. */
  readonly deleted: ReadonlySet<string>;
  readonly before: Before;
}

/** The ledger before a listing: what has changed afterwards may be missing in it. */
export interface Before {
  readonly count: Count | undefined;
  readonly mark: number | undefined;
  /** Tokens of the changes that had succeeded. */
  readonly done: ReadonlySet<string>;
}

export const beforeListing = (kind: CountedKind, { ledger, marks }: State): Before => ({
  count: ledger.counts[kind],
  mark: marks[kind],
  done: new Set(ledger.entries.filter((entry) => entry.done).map(({ token }) => token)),
});

/** A count older than this is made again before it is used, and before a create is refused. */
export const COUNT_TTL_MS = 600_000;
const REFUSAL_TTL_MS = 30_000;
/** The row grows with each change, so a count is made again after so many. */
const MAX_OVER = 50;

/** True if the cloud must be listed before the count of a kind is used again. */
export function isOutdated({ ledger, marks }: State, kind: CountedKind, ttlMs: number, now: number): boolean {
  const count = ledger.counts[kind];
  if (!count || count.stale !== undefined || count.mark !== marks[kind] || now - count.at > ttlMs) return true;
  const isOver = ({ done, until, unlisted }: Entry): boolean => (done ? !unlisted : until <= now);
  return ledger.entries.filter((entry) => entry.kind === kind && isOver(entry)).length > MAX_OVER;
}

/** True if a new count may find less than is used now: the last one is old, or a change may have crashed. */
export const mayFindLess = (state: State, kind: CountedKind, now: number): boolean =>
  isOutdated(state, kind, REFUSAL_TTL_MS, now) ||
  state.ledger.entries.some((entry) => entry.kind === kind && !entry.done && entry.until <= now);

/** An entry after a listing; undefined if the listing includes it, or shows that it came to nothing. */
function afterListing(entry: Entry, { amounts, deleted, at, before }: Listing): Entry | undefined {
  const { uuid, to, done, until, token } = entry;
  const listed = uuid === undefined ? undefined : amounts.get(uuid);
  if (uuid !== undefined && deleted.has(uuid)) return undefined;
  if (listed && !to) return undefined;
  // A cloud that lists at once lists what had succeeded before it was asked.
  const isOver = done ? before.done.has(token) && at >= until : at >= until;
  if (isOver) return undefined;
  if (to) {
    const rest = listed ? growth(listed, to) : entry.amounts;
    return rest && { ...entry, amounts: rest, ...(done && { unlisted: true }) };
  }
  return done ? { ...entry, unlisted: true } : { ...entry, unsure: true };
}

/** The ledger with the count of a listing. A listing that another one has overtaken changes nothing. */
export function withListing(ledger: Ledger, listing: Listing): Ledger {
  const { id, kind, at, amounts, before } = listing;
  const present = ledger.counts[kind];
  if (present?.id !== before.count?.id) return ledger;
  // What was found to be wrong meanwhile may be wrong in this listing too.
  const stale = present?.stale === before.count?.stale ? undefined : present?.stale;
  const count: Count = { id, amounts: sumOf(amounts.values()), at, mark: before.mark, stale };
  const entries = ledger.entries.flatMap((entry) =>
    entry.kind === kind ? (afterListing(entry, listing) ?? []) : entry,
  );
  return { ...ledger, counts: { ...ledger.counts, [kind]: count }, entries };
}

/** The ledger with a count that must be made again before it is used. */
export function withStale(ledger: Ledger, kind: CountedKind): Ledger {
  const count = ledger.counts[kind];
  return count ? { ...ledger, counts: { ...ledger.counts, [kind]: { ...count, stale: randomInt(RANDOM) } } } : ledger;
}

/** What a tenant has of the quantities of a kind, changes under way included. */
export const usedOf = ({ counts, entries }: Ledger, kind: CountedKind, but: (entry: Entry) => boolean = () => false) =>
  sumOf([
    counts[kind]?.amounts ?? {},
    ...entries.filter((one) => one.kind === kind && !but(one)).map((one) => one.amounts),
  ]);
