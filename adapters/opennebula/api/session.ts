/**
 * Identifies the caller. We verify a session string (`user:password`, `user:token`) with oned before we act in its
 * name, and cache the verdict for a minute under a hash that only this process can compute. Refusals are not cached: a
 * new attempt costs oned one call either way, and a token that was created a second ago must work.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { BoundedCache } from '../../../lib/adapter/cache.ts';
import type { Caller } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { OpenNebulaSettings } from '../config.ts';
import { user } from '../native/index.ts';
import { isUserName, notValid } from './acting-for.ts';
import { type OneClient, OneRefusal } from './client.ts';
import { serviceSession } from './server-cipher.ts';
import type { Verdict } from './verdict.ts';
import { cannotSend } from './xml-text.ts';

/** What one process knows of its callers. */
export interface Sessions {
  readonly key: Buffer;
  readonly now: () => number;
  readonly verdicts: BoundedCache<Promise<Verdict>>;
  /** Sessions of the service account, by user. */
  readonly acting: BoundedCache<string>;
}

/** How long a verdict counts. */
const VERDICT_TTL_MS = 60_000;
/** How long a session of the service account is valid, and how long before its end a new one is made. */
const ACTING_LIFETIME_SECONDS = 1800;
const ACTING_MARGIN_SECONDS = 300;
const MAX_CALLERS = 1000;
/** Maximum length of a session string; longer ones are invalid. */
const MAX_SESSION_CHARS = 2048;

export const keepSessions = (now: () => number = Date.now): Sessions => ({
  key: randomBytes(32),
  now,
  verdicts: new BoundedCache({ maxEntries: MAX_CALLERS, ttlMs: VERDICT_TTL_MS, now }),
  acting: new BoundedCache({
    maxEntries: MAX_CALLERS,
    ttlMs: (ACTING_LIFETIME_SECONDS - ACTING_MARGIN_SECONDS) * 1000,
    now,
  }),
});

const refused = (message: string): OcciError => new OcciError('unauthenticated', message);

/**
 * The caller's session string. Callers who bring no session of their own, because their auth scheme proved them, get
 * one of the service account. Throws `unauthenticated`, without a call, for what cannot be a session.
 */
export function sessionOf(
  sessions: Sessions,
  { serverCipher }: OpenNebulaSettings,
  { name, credentials }: Caller,
): string {
  if (credentials !== undefined) {
    const isSession =
      /^[^:]+:./s.test(credentials) && credentials.length <= MAX_SESSION_CHARS && !cannotSend(credentials);
    if (!isSession) throw refused('The credentials are not a user and a password or token.');
    return credentials;
  }
  if (!serverCipher) throw refused('The request carries no credentials for the cloud.');
  if (!isUserName(name)) throw notValid();
  const known = sessions.acting.get(name);
  if (known !== undefined) return known;
  const expires = Math.floor(sessions.now() / 1000) + ACTING_LIFETIME_SECONDS;
  return sessions.acting.set(name, serviceSession(serverCipher, name, expires));
}

/** An opaque name for the session: the key of everything that is cached per caller. */
export const callerKey = ({ key }: Sessions, session: string): string =>
  createHmac('sha256', key).update(session, 'utf8').digest('base64url');

/** Drops a cached verdict, because oned has refused the session since. */
export const forgetSession = (sessions: Sessions, session: string): void => {
  sessions.verdicts.delete(callerKey(sessions, session));
};

/**
 * The owner of the session: one call per minute and session in this process, however many requests ask at once.
 * `require` throws for a verdict that is not acceptable; that verdict is not cached.
 * Throws `unauthenticated` for an invalid session, `unavailable` or `timedOut` when oned cannot be asked.
 */
export async function proveSession(
  sessions: Sessions,
  client: OneClient,
  session: string,
  require: (verdict: Verdict) => void = () => {},
): Promise<Verdict> {
  const key = callerKey(sessions, session);
  const known = sessions.verdicts.get(key);
  if (known) {
    try {
      return await known;
    } catch (error) {
      // Another request asked and ran out of its own time; that says nothing about this one.
      if (isFailure(error, 'unauthenticated')) throw error;
    }
  }
  const verdict = sessions.verdicts.set(key, ask(client, require));
  try {
    return await verdict;
  } catch (error) {
    if (sessions.verdicts.get(key) === verdict) sessions.verdicts.delete(key);
    throw error;
  }
}

async function ask(client: OneClient, require: (verdict: Verdict) => void): Promise<Verdict> {
  try {
    const { ID, GID, GROUPS, NAME } = await client.call('one.user.info', [-1], user, { repeatable: true });
    const verdict = { uid: ID, gid: GID, groups: GROUPS, name: NAME };
    require(verdict);
    return verdict;
  } catch (error) {
    if (error instanceof OneRefusal && error.code === 256) throw notValid(error);
    if (error instanceof OneRefusal)
      throw new OcciError('internal', 'The cloud does not tell who the caller is.', { cause: error });
    throw error;
  }
}

/** The tenant of a caller: never the name, which may later be given to another user. */
export const tenantOf = ({ tenant }: OpenNebulaSettings, { uid, gid }: Verdict): string =>
  tenant === 'gid' ? `g${gid}` : `u${uid}`;
