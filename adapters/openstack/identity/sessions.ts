/**
 * What a process knows of its callers: proved at Keystone, kept a minute under a hash that only this process can compute.
 * A token that was revoked, a deleted credential and a disabled project are refused when it is over. Refusals are not kept.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BoundedCache, loadOnce } from '../../../lib/adapter/cache.ts';
import type { OwnCredentials } from '../../../lib/adapter/cloud-login.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { Session } from './session.ts';

const TTL_MS = 60_000;
const MAX_CALLERS = 1000;

/** What a proof may tell: a session, or whose credentials they are. */
interface Proof {
  /** When what it says ends, in milliseconds since the epoch. */
  readonly expires: number;
}

/** The result of a proof that may go on for others, or `timedOut` at `deadline`, in milliseconds since the epoch. */
async function inTime<T>(proof: Promise<T>, deadline: number): Promise<T> {
  const over = new AbortController();
  const late = pause(Math.max(0, deadline - Date.now()), undefined, { signal: over.signal }).then(() => {
    throw new OcciError('timedOut', 'The cloud did not answer in time.');
  });
  late.catch(() => {});
  try {
    return await Promise.race([proof, late]);
  } finally {
    over.abort();
  }
}

export class Sessions {
  readonly #key = randomBytes(32);
  readonly #now: () => number;
  readonly #sessions: BoundedCache<Promise<Session>>;
  readonly #users: BoundedCache<Promise<Proof & { readonly userId: string }>>;

  constructor(now: () => number = () => Date.now()) {
    this.#now = now;
    const options = { maxEntries: MAX_CALLERS, ttlMs: TTL_MS, now };
    this.#sessions = new BoundedCache(options);
    this.#users = new BoundedCache(options);
  }

  /** The session of a caller: by `prove`, once for all who ask at the same time, each up to its own `deadline`. */
  async of(caller: OwnCredentials, prove: () => Promise<Session>, deadline: number): Promise<Session> {
    return await this.#proved(this.#sessions, caller, prove, deadline);
  }

  /** The id of the user whose credentials these are; the same way. */
  async userOf(caller: OwnCredentials, prove: () => Promise<string>, deadline: number): Promise<string> {
    const load = async () => ({ userId: await prove(), expires: Number.POSITIVE_INFINITY });
    return (await this.#proved(this.#users, caller, load, deadline)).userId;
  }

  /** Drops what is known of a caller, unless it has been proved anew since. */
  async forget(caller: OwnCredentials, session: Session): Promise<void> {
    const key = this.#keyOf(caller);
    const known = this.#sessions.get(key);
    if ((await known?.catch(() => undefined)) === session) this.#drop(this.#sessions, key, known);
  }

  #keyOf({ credentials, token }: OwnCredentials): string {
    const text = JSON.stringify(token ? [token.sentAs, token.text] : ['basic', credentials]);
    return createHmac('sha256', this.#key).update(text, 'utf8').digest('base64url');
  }

  #drop<P>(cache: BoundedCache<Promise<P>>, key: string, proof: Promise<P> | undefined): void {
    if (cache.get(key) === proof) cache.delete(key);
  }

  async #proved<P extends Proof>(
    cache: BoundedCache<Promise<P>>,
    caller: OwnCredentials,
    prove: () => Promise<P>,
    deadline: number,
  ): Promise<P> {
    const key = this.#keyOf(caller);
    const known = cache.get(key);
    if (known) {
      try {
        const proof = await inTime(known, deadline);
        if (proof.expires > this.#now()) return proof;
        this.#drop(cache, key, known);
      } catch (error) {
        // The process may have slept since another request asked, so that its answer was lost.
        if (isFailure(error, 'unauthenticated') || Date.now() >= deadline) throw error;
      }
    }
    return await inTime(loadOnce(cache, key, prove), deadline);
  }
}
