/**
 * Requests that a browser sends for a page of somebody else. A form, or a `fetch` of plain text, goes to any server
 * unasked, with the credentials that the browser keeps for it; only what it answers is kept from the page. So what
 * changes something is refused by where it comes from, which no page can hide:
 * `Origin` (https://fetch.spec.whatwg.org/#origin-header) or, where that is absent, `Sec-Fetch-Site`
 * (https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header). Other clients send neither.
 */
import { OcciError } from '../errors.ts';
import { firstHeader, type HttpRequest } from './message.ts';

/** Methods that change nothing (RFC 9110 §9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The endpoint's own page, and what a user types or opens himself. `same-site` is any other port of localhost. */
const FROM_HERE = new Set([undefined, 'same-origin', 'none']);

/** Scheme, name and port as browsers write them: in small letters, without the port that the scheme has anyway. */
const written = (origin: string): string => (URL.canParse(origin) ? new URL(origin).origin : origin);

/**
 * Throws `forbidden` for a request that may change something and comes from a page of another origin. `null`, the origin
 * of pages in a sandbox, is always another one.
 */
export function refuseCrossSite(request: Pick<HttpRequest, 'method' | 'headers' | 'origin'>): void {
  if (SAFE.has(request.method)) return;
  const origin = firstHeader(request, 'origin');
  if (origin === undefined) {
    if (FROM_HERE.has(firstHeader(request, 'sec-fetch-site'))) return;
  } else if (written(origin) === written(request.origin)) return;
  throw new OcciError(
    'forbidden',
    'A web page of another origin may not change anything here; the provider can admit its origin with the setting cors.',
  );
}
