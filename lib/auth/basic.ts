import { OcciError } from '../errors.ts';
import type { AuthScheme } from './scheme.ts';

/** RFC 7617 §2: credentials are in UTF-8, and the challenge says so. */
const CHALLENGE = 'Basic realm="occi", charset="UTF-8"';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const malformed = (): OcciError =>
  new OcciError('unauthenticated', 'The Basic credentials are malformed.', {
    headers: { 'WWW-Authenticate': CHALLENGE },
  });

/** `user:password` from its base64; undefined if it is malformed. RFC 7617 §2 excludes control characters. */
function decoded(token: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(token) || token.replace(/=+$/, '').length % 4 === 1) return undefined;
  try {
    const text = UTF8.decode(Buffer.from(token, 'base64'));
    return /^[^:]+:/.test(text) && !/\p{Cc}/u.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/**
 * HTTP Basic (RFC 7617). The scheme does not verify anything: the cloud does, with `credentials`, which are
 * `user:password` as sent by the client. Throws `unauthenticated` for credentials that are malformed.
 */
export const basic: AuthScheme = {
  name: 'basic',
  challenge: CHALLENGE,
  authenticate({ headers }) {
    const sent = headers.authorization ?? [];
    const own = sent.filter((value) => /^basic(\s|$)/i.test(value));
    if (own.length === 0) return undefined;
    const [, token = ''] = /^basic +(\S+) *$/i.exec(own[0]!) ?? [];
    const credentials = sent.length === 1 ? decoded(token) : undefined;
    if (credentials === undefined) throw malformed();
    return { name: credentials.slice(0, credentials.indexOf(':')), credentials };
  },
};
