import { OcciError } from '../errors.ts';
import { principal } from './principal.ts';
import type { AuthScheme } from './scheme.ts';

/** Names that always resolve to this machine (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
const LOOPBACK = /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\]|\[0:0:0:0:0:0:0:1\])$/;

/** The host name in a `Host` header, in lower case and without the port. */
const nameIn = (host: string): string => host.toLowerCase().replace(/:\d*$/, '');

/**
 * Treats every request as coming from one caller. Only for an endpoint that no other machine can reach: `npm start`
 * listens on loopback only. A web page could still reach it by DNS rebinding: its owner points the page's own name at
 * 127.0.0.1, and the browser treats the endpoint as part of the page. `Host` then holds that name, so only names of
 * this machine and of `publicUrl` are served. Proxy headers are ignored, since a page can set them. A request without
 * `Host` does not come from a browser.
 */
export function anonymousUnder(publicUrl?: string): AuthScheme {
  const own = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  return {
    name: 'anonymous',
    authenticate({ headers: { host } }) {
      const name = host && nameIn(host.join());
      if (name === undefined || name === own || LOOPBACK.test(name)) return principal('anonymous', 'anonymous');
      throw new OcciError(
        'forbidden',
        'Without credentials this endpoint answers under the names of its own machine only, such as localhost or 127.0.0.1.',
      );
    },
  };
}
