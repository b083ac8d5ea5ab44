import { OcciError } from '../errors.ts';
import type { AuthScheme } from './scheme.ts';

/** Names that lead to this machine wherever they are looked up (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
const LOOPBACK = /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\]|\[0:0:0:0:0:0:0:1\])$/;

/** The name in a `Host`, in small letters and without its port. */
const nameIn = (host: string): string => host.toLowerCase().replace(/:\d*$/, '');

/**
 * Everybody is one caller. Only for an endpoint that nobody else can reach: `npm start` serves it on loopback alone.
 * A web page can: its owner lets the page's own name lead to 127.0.0.1, and then the browser takes the endpoint for a
 * part of the page (DNS rebinding). Such a request has that name as its `Host`, so only names of this machine are
 * served, and that of `publicUrl`. What a proxy forwards is not looked at: a page can send it too. No browser leaves
 * `Host` out.
 */
export function anonymousUnder(publicUrl?: string): AuthScheme {
  const own = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  return {
    name: 'anonymous',
    authenticate({ headers: { host } }) {
      const name = host && nameIn(host.join());
      if (name === undefined || name === own || LOOPBACK.test(name)) return { name: 'anonymous' };
      throw new OcciError(
        'forbidden',
        'Without credentials this endpoint answers under the names of its own machine only, such as localhost or 127.0.0.1.',
      );
    },
  };
}

/** The same, for an endpoint without a URL of its own. */
export const anonymous = anonymousUnder();
