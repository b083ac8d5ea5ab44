/** Header fields that are a slip away from one of OCCI. */
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { nearest } from '../nearest.ts';
import { excerpt } from '../renderings/characters.ts';
import { FIELDS } from '../renderings/text/fields.ts';

/** What begins the name of a field that OCCI defines. */
const PREFIX = 'x-occi-';

const KNOWN = [...FIELDS.keys()].filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));

/**
 * Throws `invalid` for a header field that is a slip away from one of OCCI: a filter that is misspelt would select
 * everything.
 */
export function refuseMisspelt(headers: HttpRequest['headers']): void {
  for (const name in headers) {
    if (!name.startsWith(PREFIX) || FIELDS.has(name)) continue;
    const meant = nearest(name.slice(PREFIX.length), KNOWN);
    if (meant === undefined) continue;
    const spelt = `X-OCCI-${meant.charAt(0).toUpperCase()}${meant.slice(1)}`;
    throw new OcciError('invalid', `The header field ${excerpt(name)} is not known here; did you mean ${spelt}?`);
  }
}
