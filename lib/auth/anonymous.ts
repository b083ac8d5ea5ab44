import { OcciError } from '../errors.ts';
import type { AuthScheme } from './scheme.ts';

/** Names that mean this machine wherever they are resolved (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
const LOOPBACK = /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\]|\[0:0:0:0:0:0:0:1\])$/;

/** The name in a `Host`, in small letters and without its port. */
const nameIn = (host: string): string => host.toLowerCase().replace(/:\d*$/, '');

/**
 * Every request is the same caller's. Only for an endpoint that no other machine can reach: `npm start` serves it on
 * loopback alone. A web page could still reach it by DNS rebinding: its owner points the page's own name at 127.0.0.1,
 * and the browser takes the endpoint for a part of the page. `Host` then holds that name, so only names of this machine
 * and that of `publicUrl` are served. Headers of proxies are not read, since a page can send them. A request without
 * `Host` does not come from a browser.
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
