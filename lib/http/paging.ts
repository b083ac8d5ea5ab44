/** `page` and `number` of a collection request (GFD.223 §6, HTTP-12 to HTTP-14). */

import { OcciError } from '../errors.ts';
import type { HttpRequest } from './message.ts';

const MAX_PAGE_ENTRIES = 10_000;

/** A part of a listing: `number` items from the 1-based `page` on. */
export interface Paging {
  readonly page: number;
  readonly number: number;
}

function positive(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value) || Number(value) < 1) {
    throw new OcciError('invalid', `The query parameter ${name} must be a whole number from 1 on.`);
  }
  return Number(value);
}

/** The part that is asked for; undefined means everything. Throws `invalid`, and `tooLarge` for a `number` over 10,000. */
export function pagingOf(query: HttpRequest['query']): Paging | undefined {
  const parameter = (name: string) => query.find(([key]) => key === name)?.[1];
  const page = parameter('page');
  const number = parameter('number');
  if (page === undefined && number === undefined) return undefined;
  const items = number === undefined ? MAX_PAGE_ENTRIES : positive('number', number);
  if (items > MAX_PAGE_ENTRIES) {
    throw new OcciError('tooLarge', `The query parameter number may be at most ${MAX_PAGE_ENTRIES}.`);
  }
  return { page: page === undefined ? 1 : positive('page', page), number: items };
}
