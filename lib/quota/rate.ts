/**
 * Requests per minute. A container takes shares of the minute's requests from the table and serves requests out of them,
 * so that most requests cost no write. All shares together are never more than the limit.
 */
import type { LimitName } from '../config/limits.ts';
import { isFailure } from '../errors.ts';
import { memoByObject } from '../memo-by-object.ts';
import { Remembered } from '../remembered.ts';
import type { PartitionKey, SiteTable } from '../table/partition-keys.ts';
import { crowded, pause } from './ledger.ts';
import { tooManyRequests } from './refusals.ts';

const MINUTE_MS = 60_000;
const RETRY_TIMEOUT_MS = 5000;
/** Tenants whose shares a process remembers. */
const MIN_TENANTS = 1000;
const SK = 'minute';

/** A share is at most this part of what is left, so that many containers find something. */
const MAX_PART = 10;
/** The first share of a container in a minute is this part of the limit; each later one is twice as large. */
const FIRST_PART = 100;

/** What a container has of a minute. */
interface Share {
  /** The minute, counted from the epoch. */
  minute: number;
  left: number;
  /** Size of the last share. */
  size: number;
  /** All requests of the minute are given out. */
  isOver: boolean;
  /** The share that is being taken: requests that come meanwhile wait for it. */
  taking?: Promise<void> | undefined;
}

const sharesIn = memoByObject((_: SiteTable) => new Remembered<string, Share>(MIN_TENANTS));

/** Counts a request, and tells of a refusal. Throws as `RequestRate.admit`. */
export async function admit(rate: RequestRate, onRefusal: (limit: LimitName) => void): Promise<void> {
  await rate.admit().catch((error: unknown) => {
    if (isFailure(error, 'tooManyRequests')) onRefusal('requestsPerMinute');
    throw error;
  });
}

/** The requests of one tenant. */
export class RequestRate {
  readonly #table: SiteTable;
  readonly #pk: PartitionKey;
  readonly #limit: number;

  constructor(table: SiteTable, pk: PartitionKey, limit: number) {
    this.#table = table;
    this.#pk = pk;
    this.#limit = limit;
  }

  /**
   * Counts one request. Throws `tooManyRequests` with Retry-After when those of the minute are used up: known from memory
   * until it ends. Throws `unavailable` when the table cannot be reached.
   */
  async admit(now = Date.now()): Promise<void> {
    const share = this.#share(now);
    while (share.left === 0 && !share.isOver) {
      share.taking ??= this.#take(share).finally(() => {
        share.taking = undefined;
      });
      await share.taking;
    }
    if (share.left === 0) throw tooManyRequests(this.#limit, (share.minute + 1) * MINUTE_MS, now);
    share.left -= 1;
  }

  /** How many requests are left in this minute, and when it ends, in milliseconds since the epoch: one read. */
  async usage(now = Date.now()): Promise<{ readonly left: number; readonly until: number }> {
    const { minute, left } = this.#share(now);
    const row = await this.#table.get({ pk: this.#pk, sk: SK });
    const given = row?.minute === minute ? (row.given as number) : 0;
    return { left: Math.max(0, this.#limit - given) + left, until: (minute + 1) * MINUTE_MS };
  }

  #share(now: number): Share {
    const shares = sharesIn(this.#table);
    const minute = Math.floor(now / MINUTE_MS);
    const present = shares.get(this.#pk);
    if (present && present.minute >= minute) return present;
    const share: Share = { minute, left: 0, size: 0, isOver: false };
    shares.set(this.#pk, share);
    return share;
  }

  /** Takes the next share of the minute: a read and a conditional write. */
  async #take(share: Share): Promise<void> {
    const started = Date.now();
    for (let attempt = 0; ; attempt++) {
      const row = await this.#table.get({ pk: this.#pk, sk: SK });
      // The clock of another container may be ahead: its minute has begun.
      if (row && (row.minute as number) > share.minute) share.minute = row.minute as number;
      const given = row?.minute === share.minute ? (row.given as number) : 0;
      const rest = this.#limit - given;
      if (rest <= 0) {
        share.isOver = true;
        return;
      }
      const wanted = share.size === 0 ? Math.floor(this.#limit / FIRST_PART) : 2 * share.size;
      const size = Math.max(1, Math.min(wanted, Math.floor(rest / MAX_PART)));
      const next = {
        pk: this.#pk,
        sk: SK,
        minute: share.minute,
        given: given + size,
        version: ((row?.version as number | undefined) ?? 0) + 1,
        expires: (share.minute + 2) * (MINUTE_MS / 1000),
      };
      if (await this.#table.put(next, row ? { version: row.version as number } : 'absent')) {
        share.size = size;
        share.left += size;
        return;
      }
      if (Date.now() - started > RETRY_TIMEOUT_MS) throw crowded();
      await pause(attempt);
    }
  }
}
