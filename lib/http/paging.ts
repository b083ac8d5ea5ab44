/** `page` and `number` of a collection request (GFD.223 §6, HTTP-12 to HTTP-14), and links to what follows (RFC 8288). */

import { OcciError } from '../errors.ts';
import type { Paging } from '../occi/page.ts';
import type { HttpRequest } from './message.ts';

const MAX_PAGE_ENTRIES = 10_000;

/**
 * A parameter of our own, in links to a next page: the page may end early where it would be too large. A page that a
 * client counts itself is whole or refused, since the client would take the next one for what follows.
 */
export const SHORTER = 'shorter';

function positive(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value) || Number(value) < 1) {
    throw new OcciError('invalid', `The query parameter ${name} must be a whole number from 1 on.`);
  }
  return Number(value);
}

/**
 * The part that is asked for; undefined means everything. Throws `invalid`, and `tooLarge` for a `number` over 10,000,
 * unless the page may be shorter.
 */
export function pagingOf(query: HttpRequest['query']): Paging | undefined {
  const parameter = (name: string) => query.find(([key]) => key === name)?.[1];
  const page = parameter('page');
  const number = parameter('number');
  const shorter = parameter(SHORTER);
  if (shorter !== undefined && (shorter !== 'true' || number === undefined)) {
    throw new OcciError('invalid', 'The query parameter shorter can only be true, and stands beside number.');
  }
  if (page === undefined && number === undefined) return undefined;
  const items = number === undefined ? MAX_PAGE_ENTRIES : positive('number', number);
  if (items > MAX_PAGE_ENTRIES && !shorter) {
    throw new OcciError('tooLarge', `The query parameter number may be at most ${MAX_PAGE_ENTRIES}.`);
  }
  return { page: page === undefined ? 1 : positive('page', page), number: items, ...(shorter && { shorter: true }) };
}

/** The parameters that say which page is meant. */
const OF_PAGES: readonly string[] = ['page', 'number', SHORTER];

/** A `Link` to a page of the listing that a request asks for, with the other parameters of the request. */
export function linkToNext({ origin, path, query }: HttpRequest, { page, number, shorter }: Paging): string {
  const pairs = query.filter(([name]) => !OF_PAGES.includes(name));
  const others = pairs.map(([name, value]) => `&${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('');
  const place = `page=${page}&number=${number}${shorter ? `&${SHORTER}=true` : ''}`;
  return `<${origin}${path.split('/').map(encodeURIComponent).join('/')}?${place}${others}>; rel="next"`;
}
