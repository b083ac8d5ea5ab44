/** Verifies the tokens of one issuer. Loaded with the first token, since `jose` comes with it. */
import { hash } from 'node:crypto';
import { errors, type JWTVerifyResult, jwtVerify } from 'jose';
import type { OidcSettings } from '../../config/auth/oidc.ts';
import { OcciError } from '../../errors.ts';
import { Remembered } from '../../remembered.ts';
import { textsOf } from '../claims.ts';
import { nameIn } from '../names.ts';
import type { Principal } from '../principal.ts';
import { grantsOf } from '../require.ts';
import { BAD_CREDENTIALS } from '../scheme.ts';
import { publishedKeys } from './discovery.ts';
import { IssuerKeys, type KeySet } from './issuer-keys.ts';

/**
 * The caller of a token. Throws `unauthenticated`, `forbidden` and `unavailable`. The signature is checked before any claim:
 * the maker of a forged token does not learn what the claims should be, not even from the time that it takes.
 */
export type Verifier = (token: string) => Promise<Principal>;

/**
 * Types of tokens that prove who asks: access tokens (RFC 9068 §2.1), and `JWT`, which most issuers write in all of
 * theirs. Others, such as `logout+jwt`, were made for another purpose (RFC 8725 §3.11).
 *
 * An ID token is a `JWT` like an access token of Keycloak or EGI Check-in, and cannot be distinguished from one. Its audience is
 * the client that it was made for, so it is taken only where the settings name that client as an audience: as with
 * Kubernetes, the provider decides.
 */
const TYPES: readonly unknown[] = [undefined, 'jwt', 'at+jwt'];

/** Callers whose tokens have been verified: a signature costs about 0.3 ms, a look here a twentieth of it. */
const REMEMBERED_TOKENS = 500;

interface Verified {
  readonly caller: Principal;
  /** The keys that it was verified with: others may lack the one of its signature. */
  readonly keys: KeySet;
  readonly untilMs: number;
}

const typeIn = ({ typ }: { readonly typ?: unknown }): unknown =>
  typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ;

/** The cause is a code only: errors of `jose` hold the claims. */
const refused = (reason: string): OcciError =>
  new OcciError('unauthenticated', BAD_CREDENTIALS, { cause: new Error(reason) });

const reasonOf = (error: unknown): string => (error instanceof errors.JOSEError ? error.code : String(error));

export function verifierOf(settings: OidcSettings, now: () => number): Verifier {
  const { issuer, audience, algorithms, skewSeconds, claim, prefix, require } = settings;
  const issuerKeys = new IssuerKeys(issuer, () => publishedKeys(issuer), now);

  /** The token's claims. `jose` refuses every `crit` that it does not know. */
  const verified = (token: string, keys: KeySet): Promise<JWTVerifyResult> =>
    jwtVerify(token, keys.find, {
      algorithms,
      issuer,
      audience,
      requiredClaims: ['exp'],
      clockTolerance: skewSeconds,
      currentDate: new Date(now()),
    });

  /** Verifies with the known keys, and once more with newer ones if none of them is meant. */
  async function verifiedByAny(
    token: string,
    keys: KeySet,
  ): Promise<{ readonly result: JWTVerifyResult; readonly keys: KeySet }> {
    try {
      return { result: await verified(token, keys), keys };
    } catch (error) {
      const newer = error instanceof errors.JWKSNoMatchingKey ? await issuerKeys.newerThan(keys) : undefined;
      if (newer === undefined || newer === keys) throw error;
      return { result: await verified(token, newer), keys: newer };
    }
  }

  function callerOf({ payload, protectedHeader }: JWTVerifyResult): Principal {
    if (!TYPES.includes(typeIn(protectedHeader))) throw refused('typ');
    // RFC 9449 §7.2: who holds a token that is bound to a key must prove the key, which a bearer cannot.
    if (payload.cnf !== undefined) throw refused('cnf');
    const name = nameIn(payload, claim, prefix);
    if (name === undefined) throw refused('name');
    return { name, scheme: 'oidc', grants: grantsOf(name, require, (one) => textsOf(payload, one)) };
  }

  // By a digest: no token stays in memory.
  const remembered = new Remembered<string, Verified>(REMEMBERED_TOKENS);

  return async (token) => {
    const current = await issuerKeys.current();
    const digest = hash('sha256', token, 'base64url');
    const before = remembered.get(digest);
    if (before?.keys === current && now() < before.untilMs) return before.caller;
    const { result, keys } = await verifiedByAny(token, current).catch((error: unknown) => {
      throw error instanceof OcciError ? error : refused(reasonOf(error));
    });
    const caller = callerOf(result);
    remembered.set(digest, { caller, keys, untilMs: (result.payload.exp! + skewSeconds) * 1000 });
    return caller;
  };
}
