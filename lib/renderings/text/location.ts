import { memoByObject } from '../../memo-by-object.ts';
import { excerpt, isUriReference } from '../characters.ts';
import type { Cursor } from './cursor.ts';

/**
 * Reads one line or header of locations (TXT-10): a comma list, which may be empty; a semicolon may follow each
 * (ADR-18). Throws `OcciError('invalid')`.
 */
export function readLocations(cursor: Cursor, locations: string[]): void {
  for (const element of cursor.remainder().split(',')) {
    const trimmed = element.trim();
    if (trimmed === '') continue;
    const location = trimmed.endsWith(';') ? trimmed.slice(0, -1).trimEnd() : trimmed;
    if (!isUriReference(location)) cursor.fail(`"${excerpt(location)}" is not a URI`);
    locations.push(location);
  }
}

/**
 * Absolute URLs on this endpoint with `separator` between them and `end` behind the last (D-14). Long listings spend
 * their time in this loop: appending leaves the copying to the code that sends the text, and the repeated pieces are
 * joined once beforehand.
 */
function joined(origin: string, locations: readonly string[], separator: string, end: string): string {
  const between = [separator, origin].join('');
  let text = '';
  for (let index = 0; index < locations.length; index++) {
    text += index === 0 ? origin : between;
    text += locations[index];
  }
  return locations.length === 0 ? '' : text + end;
}

/** Cached texts per list. More origins and separators than this only occur if a client tries out host names. */
const MAX_TEXTS = 8;
const madeOf = memoByObject((_: readonly string[]) => new Map<string, string>());

/**
 * Absolute URLs on this endpoint with `separator` between them (D-14) and `end` behind the last; an empty text without
 * locations. The text is cached for a frozen list, which is one that is reused.
 */
export function writeLocations(origin: string, locations: readonly string[], separator: string, end = ''): string {
  if (!Object.isFrozen(locations)) return joined(origin, locations, separator, end);
  const made = madeOf(locations);
  const key = separator + end + origin;
  let text = made.get(key);
  if (text === undefined) {
    text = joined(origin, locations, separator, end);
    if (made.size < MAX_TEXTS) made.set(key, text);
  }
  return text;
}
