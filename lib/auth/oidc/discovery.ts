/** Finds the public keys of an issuer (OpenID Connect Discovery 1.0 §4, RFC 7517 §5). */
import type { JSONWebKeySet } from 'jose';
import { isLoopback } from '../../config/auth/loopback.ts';
import { isRecord } from '../claims.ts';
import { jsonAt } from './document.ts';

/** For both documents together. A function that waits longer would be paid for it and keep the client waiting. */
const TIMEOUT_MS = 3000;

/** Issuers have two or three keys at a time. */
const MAX_KEYS = 100;

/** Keys travel over https; over http only on this machine, for an issuer that is there itself. */
function keysUrl(issuer: URL, found: unknown): URL {
  const url = typeof found === 'string' && URL.canParse(found) ? new URL(found) : undefined;
  const isLocal = url?.protocol === 'http:' && isLoopback(url.hostname) && isLoopback(issuer.hostname);
  if (url !== undefined && (url.protocol === 'https:' || isLocal)) return url;
  throw new Error('the discovery document has no jwks_uri that may be used');
}

/**
 * The keys that the issuer publishes.
 *
 * @throws {Error} for an issuer that is down, too slow, or whose documents are not what they should be
 */
export async function publishedKeys(issuer: string): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const discovery = await jsonAt(new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`), signal);
  // Discovery §4.3: otherwise one issuer could stand in for another.
  if (!isRecord(discovery) || discovery.issuer !== issuer)
    throw new Error('the discovery document is of another issuer');
  const set = await jsonAt(keysUrl(new URL(issuer), discovery.jwks_uri), signal);
  const keys = isRecord(set) && Array.isArray(set.keys) ? set.keys : [];
  if (keys.length === 0 || keys.length > MAX_KEYS || !keys.every(isRecord)) {
    throw new Error(`the key set must have 1 to ${MAX_KEYS} keys`);
  }
  return { keys };
}
