import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { principal } from './principal.ts';
import { type AuthScheme, BAD_CREDENTIALS } from './scheme.ts';

/** RFC 7617 §2: credentials are in UTF-8, and the challenge says so. */
const CHALLENGE = 'Basic realm="occi", charset="UTF-8"';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The challenge of HTTP Basic, for the schemes that read it. */
export const basicChallenge = (): string => CHALLENGE;

/** `user:password` from its base64; undefined if it is malformed. RFC 7617 §2 excludes control characters. */
export function decoded(token: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(token) || token.replace(/=+$/, '').length % 4 === 1) return undefined;
  try {
    const text = UTF8.decode(Buffer.from(token, 'base64'));
    return /^[^:]+:/.test(text) && !/\p{Cc}/u.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A user and a password as sent by a client. */
export interface BasicCredentials {
  readonly user: string;
  readonly password: string;
}

/**
 * The Basic credentials of a request; undefined for a request without them. Throws `unauthenticated` for credentials that
 * are malformed, or that are not alone.
 */
export function basicCredentialsOf({ headers }: Pick<HttpRequest, 'headers'>): BasicCredentials | undefined {
  const sent = headers.authorization ?? [];
  const own = sent.filter((value) => /^basic(\s|$)/i.test(value));
  if (own.length === 0) return undefined;
  const [, token = ''] = /^basic +(\S+) *$/i.exec(own[0]!) ?? [];
  const text = sent.length === 1 ? decoded(token) : undefined;
  if (text === undefined) throw new OcciError('unauthenticated', BAD_CREDENTIALS);
  const colon = text.indexOf(':');
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** HTTP Basic (RFC 7617) for a cloud that checks passwords: the scheme verifies nothing and passes them on. */
export const basic: AuthScheme = {
  name: 'basic',
  challenge: basicChallenge,
  authenticate(request) {
    const given = basicCredentialsOf(request);
    if (!given) return undefined;
    return { ...principal('basic', given.user), credentials: `${given.user}:${given.password}` };
  },
};
