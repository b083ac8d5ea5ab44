/** Bearer tokens (RFC 6750), as the schemes read them that take one. */
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { memoByObject } from '../memo-by-object.ts';
import { type Claims, isRecord } from './claims.ts';
import { BAD_CREDENTIALS } from './scheme.ts';

/** Longer tokens are refused before anything is read in them. The gateway takes 10,240 bytes of header fields in all. */
const MAX_TOKEN_CHARS = 16_384;

/** RFC 6750 §3: no `error` is in it, since that would say what was wrong. */
const CHALLENGE = 'Bearer realm="occi"';

/** The challenge of the schemes that take bearer tokens. */
export const bearerChallenge = (): string => CHALLENGE;

/**
 * The bearer token of a request; undefined for a request without one. Throws `unauthenticated` for one that is malformed,
 * too long or not alone.
 */
export function bearerTokenOf({ headers }: Pick<HttpRequest, 'headers'>): string | undefined {
  const sent = headers.authorization ?? [];
  const own = sent.filter((value) => /^bearer(\s|$)/i.test(value));
  if (own.length === 0) return undefined;
  const value = own[0]!;
  const token = value.slice('bearer'.length).trim();
  if (sent.length === 1 && token.length <= MAX_TOKEN_CHARS && /^[\w.~+/-]+=*$/.test(token)) return token;
  throw new OcciError('unauthenticated', BAD_CREDENTIALS);
}

/** A signed JSON Web Token whose signature has not been checked. */
export interface UnverifiedJwt {
  readonly token: string;
  /** What it claims. Nothing of it may be believed: it only says which key to look for. */
  readonly unverified: Claims;
}

/** Reads a text as a signed JWT in the compact form; undefined for any other text. */
export function jwtFrom(text: string): UnverifiedJwt | undefined {
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(text) ?? [];
  if (payload === undefined) return undefined;
  try {
    const unverified: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isRecord(unverified) ? { token: text, unverified } : undefined;
  } catch {
    return undefined;
  }
}

/** The JWT in the bearer token of a request, read once for all schemes; undefined for a request without one. */
export const bearerJwtOf = memoByObject((request: Pick<HttpRequest, 'headers'>): UnverifiedJwt | undefined => {
  const token = bearerTokenOf(request);
  return token === undefined ? undefined : jwtFrom(token);
});
