/** Header fields whose names are near misses of a field that is read here. */
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { nearest } from '../nearest.ts';
import { excerpt } from '../renderings/characters.ts';
import { FIELDS } from '../renderings/text/fields.ts';

/** What begins the name of a field that OCCI defines, and what is a slip away from it. */
const OCCI = /^(?:x[-_]?)?occi[-_]?/;

/** A long name, or one with other characters, resembles none of ours. */
const SHORT = /^[a-z_-]{5,20}$/;

const OF_OCCI = [...FIELDS.keys()].filter((name) => OCCI.test(name)).map((name) => name.replace(OCCI, ''));

/** Names that may be read here or stand beside a change: HTTP's conditions (RFC 9110 §13.1) among them. */
const KNOWN: ReadonlySet<string> = new Set([
  ...FIELDS.keys(),
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
]);

/** Of the fields without a prefix only those that no standard field of HTTP resembles. */
const FOR_READS = ['Category'];
const FOR_CHANGES = [...FOR_READS, 'If-Match', 'If-None-Match', 'If-Unmodified-Since'];

const spelt = (name: string): string => `X-OCCI-${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** What a name was meant to be; undefined for a field of others. A field of OCCI's own may be meant for none that is known. */
function meantBy(name: string, isRead: boolean): { readonly field: string | undefined } | undefined {
  if (OCCI.test(name)) {
    const field = nearest(name.replace(OCCI, ''), OF_OCCI);
    return field === undefined && isRead ? undefined : { field: field && spelt(field) };
  }
  const field = SHORT.test(name) ? nearest(name, isRead ? FOR_READS : FOR_CHANGES) : undefined;
  return field === undefined ? undefined : { field };
}

/**
 * Throws `invalid` for a header field `X-OCCI-…` that is not known, and for one that is a slip away from `Category` or,
 * in a change, from a condition: a filter that is misspelt would select everything, and a change would be made without
 * its condition. Reads pass over a field of OCCI that resembles none.
 */
export function refuseMisspelled(headers: HttpRequest['headers'], isRead: boolean): void {
  for (const name in headers) {
    const meant = KNOWN.has(name) ? undefined : meantBy(name, isRead);
    if (!meant) continue;
    const help = meant.field === undefined ? '.' : `; did you mean ${meant.field}?`;
    throw new OcciError('invalid', `The header field ${excerpt(name)} is not known here${help}`);
  }
}
