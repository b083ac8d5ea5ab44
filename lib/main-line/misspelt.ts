/** Header fields that are named like those of OCCI and are none. */
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { nearest } from '../nearest.ts';
import { excerpt } from '../renderings/characters.ts';
import { FIELDS } from '../renderings/text/fields.ts';

/** What begins the name of a field that OCCI defines, and what is a slip away from it. */
const PREFIX = /^x[-_]?occi[-_]/;

const KNOWN = [...FIELDS.keys()].filter((name) => PREFIX.test(name)).map((name) => name.replace(PREFIX, ''));

const spelt = (name: string): string => `X-OCCI-${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/**
 * Throws `invalid` for a header field `X-OCCI-…` that is not known: a filter that is misspelt would select everything.
 * Reads pass over one that resembles none of OCCI.
 */
export function refuseMisspelt(headers: HttpRequest['headers'], isRead: boolean): void {
  for (const name in headers) {
    if (!name.startsWith('x') || FIELDS.has(name) || !PREFIX.test(name)) continue;
    const meant = nearest(name.replace(PREFIX, ''), KNOWN);
    if (meant === undefined && isRead) continue;
    const help = meant === undefined ? '.' : `; did you mean ${spelt(meant)}?`;
    throw new OcciError('invalid', `The header field ${excerpt(name)} is not known here${help}`);
  }
}
