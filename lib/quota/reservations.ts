/** How a ledger changes when a request reserves what it needs, and when it ends. */
import type { LimitName } from '../config/limits.ts';
import type { OcciError } from '../errors.ts';
import type { Attributes } from '../occi/types.ts';
import { usedOf, withStale } from './counting.ts';
import type { Entry, Ledger } from './ledger.ts';
import type { TenantLimits } from './limits.ts';
import { type Amounts, amountsOf, type CountedKind, QUANTITIES, type Quantity, rounded, sumOf } from './quantities.ts';
import { notKnownYet, overQuota, tooManyCreates } from './refusals.ts';

/** An entry that a request asks for. */
export type Wanted = Pick<Entry, 'token' | 'kind' | 'amounts' | 'uuid' | 'to'>;

/** What a create has made. */
export interface Made {
  readonly token: string;
  readonly uuid: string;
  readonly attributes: Attributes;
  /** Until when the cloud may not list it, in milliseconds since the epoch. */
  readonly until: number;
}

/** A refusal, and the limit that was reached. */
export interface Refusal {
  readonly limit: LimitName;
  readonly error: OcciError;
}

/** A change that takes longer counts as crashed: no gateway waits that long. */
const RUN_TIMEOUT_MS = 60_000;

const HOUR_MS = 3_600_000;

/** The creates of the present hour, and when it began and ends, in milliseconds since the epoch. */
export function hourOf({ hour }: Ledger, now: number) {
  const start = Math.floor(now / HOUR_MS) * HOUR_MS;
  return { start, end: start + HOUR_MS, made: hour?.start === start ? hour.made : 0 };
}

/** Refuses more creates than those of the hour. */
export function refusedByHour(
  ledger: Ledger,
  creates: number,
  { createsPerHour: limit }: TenantLimits,
  now: number,
): Refusal | undefined {
  const { made, end } = hourOf(ledger, now);
  if (limit === undefined || creates === 0 || made + creates <= limit) return undefined;
  return { limit: 'createsPerHour', error: tooManyCreates(limit, made, creates, end, now) };
}

/** Refuses entries that need more than the quota leaves. An earlier attempt with the same token is not counted. */
export function refusedByQuota(
  ledger: Ledger,
  wanted: readonly Wanted[],
  limits: TenantLimits,
): (Refusal & { readonly kind: CountedKind }) | undefined {
  const tokens = new Set(wanted.map(({ token }) => token));
  const needed = sumOf(wanted.map(({ amounts }) => amounts));
  for (const [name, need] of Object.entries(needed) as [Quantity, number][]) {
    const limit = limits[name];
    if (limit === undefined || need <= 0) continue;
    const { kind } = QUANTITIES[name];
    const usedBut = (but: (entry: Entry) => boolean): number => usedOf(ledger, kind, but)[name] ?? 0;
    const used = usedBut(({ token }) => tokens.has(token));
    if (rounded(used + need) <= limit) continue;
    // What was under way when the cloud was listed may be counted twice.
    const surely = usedBut(({ token, unsure }) => tokens.has(token) || unsure === true);
    const error = rounded(surely + need) <= limit ? notKnownYet(name) : overQuota(name, limit, used, need);
    return { limit: name, kind, error };
  }
  return undefined;
}

/** The ledger with the entries and creates of a request. */
export function withReserved(ledger: Ledger, wanted: readonly Wanted[], creates: number, now: number): Ledger {
  const tokens = new Set(wanted.map(({ token }) => token));
  const others = ledger.entries.filter(({ token }) => !tokens.has(token));
  const entries = [...others, ...wanted.map((one) => ({ ...one, until: now + RUN_TIMEOUT_MS }))];
  if (creates === 0) return { ...ledger, entries };
  const { start, made } = hourOf(ledger, now);
  return { ...ledger, entries, hour: { start, made: made + creates } };
}

/** The ledger without the entries and creates of a request that had no effect. `start` is the hour that it was counted in. */
export function withGivenBack(ledger: Ledger, tokens: ReadonlySet<string>, creates: number, start: number): Ledger {
  const entries = ledger.entries.filter(({ token }) => !tokens.has(token));
  const { hour } = ledger;
  if (creates === 0 || hour?.start !== start) return { ...ledger, entries };
  return { ...ledger, entries, hour: { start, made: Math.max(0, hour.made - creates) } };
}

/** What an entity has, where the cloud tells it; else what was reserved for it. */
const actual = (kind: CountedKind, attributes: Attributes, reserved: Amounts): Amounts => {
  const known = Object.entries(amountsOf(kind, attributes)).filter(([, amount]) => amount > 0);
  return { ...reserved, ...Object.fromEntries(known) };
};

/** The ledger when a create has succeeded. If the cloud was listed meanwhile, it must be listed again. */
export function withMade(ledger: Ledger, kind: CountedKind, { token, uuid, attributes, until }: Made): Ledger {
  const present = ledger.entries.find((entry) => entry.token === token);
  if (!present) return withStale(ledger, kind);
  const { unsure, amounts, ...entry } = present;
  const done: Entry = { ...entry, amounts: actual(kind, attributes, amounts), uuid, until, done: true };
  const next = { ...ledger, entries: ledger.entries.map((one) => (one === present ? done : one)) };
  return unsure ? withStale(next, kind) : next;
}

/** The ledger when a growth has succeeded. Two growths of one entity do not add up, so it must be listed again. */
export function withGrown(ledger: Ledger, kind: CountedKind, token: string, until: number): Ledger {
  const present = ledger.entries.find((entry) => entry.token === token);
  const entries = ledger.entries.map((entry) => (entry === present ? { ...entry, until, done: true as const } : entry));
  const isAlone = !entries.some(({ uuid, to, token: other }) => to && uuid === present?.uuid && other !== token);
  return isAlone ? { ...ledger, entries } : withStale({ ...ledger, entries }, kind);
}

/** The ledger when a change has succeeded that may have made an entity with an unknown id: only a listing shows it. */
export const withUnknown = (ledger: Ledger, kind: CountedKind, token: string): Ledger =>
  withStale({ ...ledger, entries: ledger.entries.filter((entry) => entry.token !== token) }, kind);
