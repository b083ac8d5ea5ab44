/**
 * Requests that a browser sends on behalf of a page from another origin. A form or a `fetch` of plain text goes to any
 * server without a preflight, and the browser adds the credentials that it keeps for that server; it only hides the
 * answer from the page. So a request that may change something is accepted or refused by its origin, which a page
 * cannot forge: by `Origin` (https://fetch.spec.whatwg.org/#origin-header) or, without one, by `Sec-Fetch-Site`
 * (https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header). Clients that are not browsers send neither.
 */
import { OcciError } from '../errors.ts';
import { firstHeader, type HttpRequest } from './message.ts';
import { isSafe } from './safe.ts';

/**
 * The endpoint's own pages, and URLs that the user opens directly. `same-site` is not accepted: another port of
 * localhost is the same site.
 */
const FROM_HERE = new Set([undefined, 'same-origin', 'none']);

/** Scheme, host and perhaps a port, and nothing else: no path, no user, no other URL in it as in `blob:`. */
const ORIGIN = /^https?:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d+)?$/i;

/** As a browser writes an origin (RFC 6454 §6.2): in lower case, without the default port of the scheme. */
const written = (origin: string): string => (URL.canParse(origin) ? new URL(origin).origin : origin);

/**
 * Throws `forbidden` for a request that may change something and comes from a page of another origin. `null`, the origin
 * of a sandboxed page, is always another one.
 */
export function refuseCrossSite(request: Pick<HttpRequest, 'method' | 'headers' | 'origin'>): void {
  if (isSafe(request.method)) return;
  const origin = firstHeader(request, 'origin');
  if (origin === undefined) {
    if (FROM_HERE.has(firstHeader(request, 'sec-fetch-site'))) return;
  } else if (ORIGIN.test(origin) && written(origin) === written(request.origin)) return;
  throw new OcciError(
    'forbidden',
    'A web page of another origin may not change anything here; the provider can admit its origin with the setting cors.',
  );
}
