/** What limits a tenant, for one request: its requests, its creates, and what it may have in all. */
import { randomInt } from 'node:crypto';
import type { KindAdapter } from '../adapter/contract.ts';
import type { LimitName } from '../config/limits.ts';
import { isRefusal, OcciError } from '../errors.ts';
import { logger } from '../log.ts';
import type { KindTerm } from '../occi/kinds/index.ts';
import type { Attributes } from '../occi/types.ts';
import type { PartitionKey } from '../table/partition-keys.ts';
import { COUNT_TTL_MS, isOutdated, mayFindLess, usedOf } from './counting.ts';
import { Counts } from './counts.ts';
import { type Ledger, RANDOM } from './ledger.ts';
import type { TenantLimits } from './limits.ts';
import type { Counted } from './listings.ts';
import { type Amounts, amountsOf, type CountedKind, growth, QUANTITIES, QUANTITY_NAMES, sumOf } from './quantities.ts';
import { admit, RequestRate } from './rate.ts';
import {
  hourOf,
  type Refusal,
  refusedByHour,
  refusedByQuota,
  type Wanted,
  withGivenBack,
  withGrown,
  withMade,
  withReserved,
  withUnknown,
} from './reservations.ts';

/** A create that a request is about to make. */
export interface Create {
  readonly token: string;
  readonly kind: KindTerm;
  /** The attributes that the entity will have. */
  readonly attributes: Attributes;
}

/** What has become of it. */
export interface Created {
  readonly token: string;
  readonly uuid: string;
  readonly attributes: Attributes;
}

/** What a tenant has used. */
interface Current {
  readonly used: Amounts;
  readonly hour: ReturnType<typeof hourOf>;
}

/** An eventually consistent cloud may show the former size of an entity for so long. */
const GROWTH_LAG_MS = 60_000;

/** True for a failure that has had no effect. */
const isHarmless = (error: unknown): boolean =>
  isRefusal(error) || (error instanceof OcciError && error.failure === 'notImplemented' && !error.unknownOutcome);

export class Quota {
  readonly limits: TenantLimits;
  readonly rate: RequestRate | undefined;
  readonly #counts: Counts;
  readonly #counted: Counted;
  readonly #onRefusal: (limit: LimitName) => void;
  readonly #kinds: ReadonlySet<KindTerm>;

  /** `rate` is the partition of the requests, `counted.pk` that of the ledger. */
  constructor(
    limits: TenantLimits,
    counted: Counted & { readonly rate: PartitionKey },
    onRefusal: (limit: LimitName) => void,
  ) {
    this.limits = limits;
    const { requestsPerMinute } = limits;
    this.rate =
      requestsPerMinute === undefined ? undefined : new RequestRate(counted.table, counted.rate, requestsPerMinute);
    this.#counted = counted;
    this.#onRefusal = onRefusal;
    this.#counts = new Counts(counted);
    const limited = QUANTITY_NAMES.filter((name) => limits[name] !== undefined).map((name) => QUANTITIES[name].kind);
    this.#kinds = new Set(limited.filter((kind) => counted.adapter.kinds[kind]));
  }

  /** Counts a request. Throws `tooManyRequests` with Retry-After when those of the minute are used up. */
  async admit(): Promise<void> {
    if (this.rate) await admit(this.rate, this.#onRefusal);
  }

  /** True for a kind of which the tenant may not have any amount. */
  limitsKind(kind: KindTerm): kind is CountedKind {
    return this.#kinds.has(kind);
  }

  /**
   * Runs creates, all or none, within the limits: reserves what they need, and gives it back if they are refused. After
   * an unknown outcome the reservation stays until the cloud has been listed. Throws `forbidden` naming the quota,
   * `tooManyRequests` with Retry-After.
   */
  async creating<T>(
    creates: readonly Create[],
    make: () => Promise<T>,
    made: (value: T) => readonly Created[],
  ): Promise<T> {
    const wanted = creates.flatMap(({ token, kind, attributes }) =>
      this.limitsKind(kind) ? [{ token, kind, amounts: amountsOf(kind, attributes) }] : [],
    );
    const isCounted = this.limits.createsPerHour !== undefined && creates.length > 0;
    if (wanted.length === 0 && !isCounted) return await make();
    const giveBack = await this.#reserve(wanted, isCounted ? creates : []);
    const value = await make().catch((error) => this.#failed(error, giveBack));
    const kinds = new Map(wanted.map(({ token, kind }) => [token, kind]));
    if (wanted.length === 0) return value;
    const now = Date.now();
    await this.#settle((ledger) =>
      made(value).reduce((next, one) => {
        const kind = kinds.get(one.token);
        return kind ? withMade(next, kind, { ...one, until: this.#visibleAt(kind, now) }) : next;
      }, ledger),
    );
    return value;
  }

  /** Runs a change of an entity: reserves what it grows by, and notes if it shrinks. Throws `forbidden`. */
  async changing<T>(
    { kind, uuid }: { readonly kind: CountedKind; readonly uuid: string },
    [before, after]: readonly [before: Attributes, after: Attributes],
    change: () => Promise<T>,
  ): Promise<T> {
    const [present, to] = [amountsOf(kind, before), amountsOf(kind, after)];
    const amounts = growth(present, to);
    const token = `growth-${uuid}-${randomInt(RANDOM)}`;
    const giveBack = amounts && (await this.#reserve([{ token, kind, amounts, uuid, to }]));
    const value = await change().catch((error) => this.#failed(error, giveBack));
    if (giveBack) {
      const lag = this.#appearsWithinMs(kind) > 0 ? GROWTH_LAG_MS : 0;
      await this.#settle((ledger) => withGrown(ledger, kind, token, lag === 0 ? 0 : Date.now() + lag));
    }
    if (growth(to, present)) await this.freed(kind);
    return value;
  }

  /** Runs a change that may make another entity with these attributes, whose id the cloud does not return. Throws `forbidden`. */
  async copying<T>(kind: CountedKind, attributes: Attributes, copy: () => Promise<T>): Promise<T> {
    const token = `copy-${randomInt(RANDOM)}`;
    const giveBack = await this.#reserve([{ token, kind, amounts: amountsOf(kind, attributes) }]);
    const value = await copy().catch((error) => this.#failed(error, giveBack));
    await this.#settle((ledger) => withUnknown(ledger, kind, token));
    return value;
  }

  /**
   * Notes that something of a kind was deleted: one write, none for a kind without limits. If it fails, the count is too
   * high until the next one.
   */
  async freed(kind: KindTerm): Promise<void> {
    if (!this.limitsKind(kind)) return;
    await this.#counts.mark(kind).catch((error: unknown) => this.#warn('a delete was not noted for the quota', error));
  }

  /** What the tenant has used, by counts that are at most half a minute old: one query, and listings if due. */
  async current(now = Date.now()): Promise<Current> {
    const kinds = [...this.#kinds] as CountedKind[];
    return await this.#counts.decide<Current>((state, mayList) => {
      const due = kinds.filter((kind) => mayList(kind) && mayFindLess(state, kind, now));
      if (due.length > 0) return { list: due };
      const { ledger } = state;
      return { ledger, value: { used: sumOf(kinds.map((kind) => usedOf(ledger, kind))), hour: hourOf(ledger, now) } };
    });
  }

  /** Reserves entries and creates. Resolves to what gives them back. */
  async #reserve(wanted: readonly Wanted[], creates: readonly Create[] = []): Promise<() => Promise<void>> {
    const kinds = [...new Set(wanted.map(({ kind }) => kind))];
    const reserved = await this.#counts.decide<Refusal | { readonly count: number; readonly start: number }>(
      (state, mayList) => {
        const now = Date.now();
        const { ledger } = state;
        const present = new Set(ledger.entries.map(({ token }) => token));
        const count = creates.filter(({ token }) => !present.has(token)).length;
        const tooMany = refusedByHour(ledger, count, this.limits, now);
        if (tooMany) return { value: tooMany };
        const due = kinds.filter((kind) => mayList(kind) && isOutdated(state, kind, COUNT_TTL_MS, now));
        if (due.length > 0) return { list: due };
        const refusal = refusedByQuota(ledger, wanted, this.limits);
        if (refusal && mayList(refusal.kind) && mayFindLess(state, refusal.kind, now)) return { list: [refusal.kind] };
        // A count that leads to a refusal is kept, so that the next refusal needs none.
        if (refusal) return { ledger, value: refusal };
        const { start } = hourOf(ledger, now);
        return { ledger: withReserved(ledger, wanted, count, now), value: { count, start } };
      },
    );
    if ('error' in reserved) {
      this.#onRefusal(reserved.limit);
      throw reserved.error;
    }
    const tokens = new Set(wanted.map(({ token }) => token));
    return () => this.#settle((ledger) => withGivenBack(ledger, tokens, reserved.count, reserved.start));
  }

  async #failed(error: unknown, giveBack: (() => Promise<void>) | undefined): Promise<never> {
    if (isHarmless(error)) await giveBack?.();
    throw error;
  }

  /** Notes how a change has ended. The change is made, so a failure here only leaves an entry until the next count. */
  async #settle(next: (ledger: Ledger) => Ledger): Promise<void> {
    await this.#counts.amend(next).catch((error: unknown) => this.#warn('a change was not noted for the quota', error));
  }

  #appearsWithinMs(kind: CountedKind): number {
    return ((this.#counted.adapter.kinds[kind] as KindAdapter | undefined)?.appearsWithin ?? 0) * 1000;
  }

  /** When a listing surely has what was made now; 0 if it has it at once. */
  #visibleAt(kind: CountedKind, now: number): number {
    const within = this.#appearsWithinMs(kind);
    return within === 0 ? 0 : now + within;
  }

  #warn(what: string, error: unknown): void {
    logger.warn(what, { partition: this.#counted.pk, error: error as Error });
  }
}
