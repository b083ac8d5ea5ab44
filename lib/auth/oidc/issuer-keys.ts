/** The keys of one issuer, as this container knows them: fetched when needed, and not more often than an issuer can bear. */
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { OcciError } from '../../errors.ts';
import { logger } from '../../log.ts';

/** Keys older than this are fetched again, so that one that was withdrawn stops working. */
const FRESH_MS = 600_000;
/** While the issuer cannot be asked, known keys work until this age. */
const USABLE_MS = 3_600_000;
/** Shortest time between two attempts while keys are known: every client can send a token with an unknown key id. */
const REFETCH_MS = 60_000;
/** Shortest time between two attempts while none are known. */
const RETRY_MS = 10_000;

/** A set of keys. The same object as long as the issuer publishes the same keys. */
export interface KeySet {
  readonly find: ReturnType<typeof createLocalJWKSet>;
}

export class IssuerKeys {
  readonly #issuer: string;
  readonly #fetchKeys: () => Promise<JSONWebKeySet>;
  readonly #now: () => number;
  #known: KeySet | undefined;
  #text = '';
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #hasFailed = false;
  #pending: Promise<KeySet> | undefined;

  /** `now` is in milliseconds since the epoch. */
  constructor(issuer: string, fetchKeys: () => Promise<JSONWebKeySet>, now: () => number) {
    this.#issuer = issuer;
    this.#fetchKeys = fetchKeys;
    this.#now = now;
  }

  /** The keys to verify with. Throws `unavailable` when none are known that are young enough, and none can be had. */
  async current(): Promise<KeySet> {
    const age = this.#now() - this.#fetchedAt;
    if (this.#known && age < FRESH_MS) return this.#known;
    if (!this.#known || age >= USABLE_MS) return await this.#fetched(RETRY_MS);
    try {
      return await this.#fetched(REFETCH_MS);
    } catch {
      return this.#known;
    }
  }

  /**
   * Keys that may hold one that `keys` does not; undefined if the issuer was asked too short a time ago. Throws
   * `unavailable` when it cannot be asked.
   */
  async newerThan(keys: KeySet): Promise<KeySet | undefined> {
    if (this.#known !== keys) return this.#known;
    if (!this.#hasFailed && !this.#mayTry(REFETCH_MS)) return undefined;
    return await this.#fetched(REFETCH_MS);
  }

  #mayTry(pauseMs: number): boolean {
    return this.#pending !== undefined || this.#now() - this.#triedAt >= pauseMs;
  }

  /** Fetches the keys, once for all who wait. Throws `unavailable`, at once within `pauseMs` of an attempt that failed. */
  async #fetched(pauseMs: number): Promise<KeySet> {
    if (!this.#mayTry(pauseMs)) throw this.#unavailable(pauseMs);
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = undefined;
    });
    try {
      return await this.#pending;
    } catch {
      throw this.#unavailable(pauseMs);
    }
  }

  async #fetch(): Promise<KeySet> {
    this.#triedAt = this.#now();
    try {
      const set = await this.#fetchKeys();
      const text = JSON.stringify(set);
      if (!this.#known || text !== this.#text) this.#known = { find: createLocalJWKSet(set) };
      this.#text = text;
      this.#fetchedAt = this.#now();
      this.#hasFailed = false;
      return this.#known;
    } catch (error) {
      this.#hasFailed = true;
      // Written once for each attempt, not for each request that would have needed the keys.
      logger.warn('issuer', { issuer: this.#issuer, error: error as Error });
      throw error;
    }
  }

  #unavailable(pauseMs: number): OcciError {
    const seconds = Math.max(1, Math.ceil((this.#triedAt + pauseMs - this.#now()) / 1000));
    return new OcciError('unavailable', 'The keys of the token issuer cannot be read at present.', {
      headers: { 'Retry-After': String(seconds) },
      logged: true,
    });
  }
}
