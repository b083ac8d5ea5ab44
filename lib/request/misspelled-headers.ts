/** Refuses header fields whose names look like misspellings of a field that this endpoint reads. */
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { nearest } from '../nearest.ts';
import { excerpt } from '../renderings/characters.ts';
import { FIELDS } from '../renderings/text/fields.ts';

/** The prefix of OCCI's header fields, and common misspellings of it. */
const OCCI = /^(?:x[-_]?)?occi[-_]?/;

/** Names of another form cannot be a misspelling of ours. */
const SHORT = /^[a-z_-]{5,20}$/;

const OF_OCCI = [...FIELDS.keys()].filter((name) => OCCI.test(name)).map((name) => name.replace(OCCI, ''));

/** Known names, which are never treated as misspelled: OCCI's fields and HTTP's conditions (RFC 9110 §13.1). */
const KNOWN: ReadonlySet<string> = new Set([
  ...FIELDS.keys(),
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
]);

/** Fields without a prefix. Only those that do not resemble a standard HTTP field. */
const FOR_READS = ['Category'];
const FOR_CHANGES = [...FOR_READS, 'If-Match', 'If-None-Match', 'If-Unmodified-Since'];

const spelt = (name: string): string => `X-OCCI-${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/**
 * The field that a name probably stands for; undefined for a field that is not OCCI's. `field` is undefined for an OCCI
 * field that resembles no known one.
 */
function meantBy(name: string, isRead: boolean): { readonly field: string | undefined } | undefined {
  if (OCCI.test(name)) {
    const field = nearest(name.replace(OCCI, ''), OF_OCCI);
    return field === undefined && isRead ? undefined : { field: field && spelt(field) };
  }
  const field = SHORT.test(name) ? nearest(name, isRead ? FOR_READS : FOR_CHANGES) : undefined;
  return field === undefined ? undefined : { field };
}

/**
 * Throws `invalid` for an unknown header field `X-OCCI-…`, and for a misspelling of `Category` or, in a change, of a
 * condition: a misspelled filter would select everything, and a change would be made without its condition. Reads
 * ignore an unknown OCCI field that resembles no known one.
 */
export function refuseMisspelled(headers: HttpRequest['headers'], isRead: boolean): void {
  for (const name in headers) {
    const meant = KNOWN.has(name) ? undefined : meantBy(name, isRead);
    if (!meant) continue;
    const help = meant.field === undefined ? '.' : `; did you mean ${meant.field}?`;
    throw new OcciError('invalid', `The header field ${excerpt(name)} is not known here${help}`);
  }
}
