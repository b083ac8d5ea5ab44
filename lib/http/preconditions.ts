/** Conditional requests (RFC 9110 §13): what `If-Match` and `If-None-Match` say, and how tags are compared. */
import { OcciError } from '../errors.ts';
import type { HttpRequest } from './message.ts';
import type { Result } from './result.ts';
import { isSafe } from './safe.ts';

/** An entity tag as a client sends it back; `opaque` is the text between the quotes. */
export interface EntityTag {
  readonly weak: boolean;
  readonly opaque: string;
}

/** The tags of a condition, or `*` for any. */
export type Tags = '*' | readonly EntityTag[];

/** The conditions of a request. */
export interface Preconditions {
  readonly match?: Tags | undefined;
  readonly noneMatch?: Tags | undefined;
}

/** `W/"…"` or `"…"` (RFC 9110 §8.8.3), then a comma or the end; empty list elements are ignored (§5.6.1.2). */
const ELEMENT = /[\t ]*(?:(W\/)?"([\x21\x23-\x7e\x80-\u{10ffff}]*)"[\t ]*)?(?:,|$)/uy;

/** Reads a header. Throws `invalid` for what is neither `*` nor a list of tags. */
function tagsIn(request: Pick<HttpRequest, 'method' | 'headers'>, name: string): Tags | undefined {
  const lines = request.headers[name.toLowerCase()];
  if (lines === undefined) return undefined;
  const text = lines.join(',').trim();
  // An empty condition, such as an unset shell variable, must not turn a conditional change into an unconditional one.
  if (text === '' && isSafe(request.method)) return undefined;
  if (text === '*') return '*';
  const tags: EntityTag[] = [];
  ELEMENT.lastIndex = 0;
  while (ELEMENT.lastIndex < text.length) {
    const [all, weak, opaque] = ELEMENT.exec(text) ?? [];
    if (all === undefined) throw malformed(name);
    if (opaque !== undefined) tags.push({ weak: weak !== undefined, opaque });
  }
  if (tags.length === 0) throw malformed(name);
  return tags;
}

const malformed = (name: string): OcciError =>
  new OcciError('invalid', `${name} must be * or a list of tags in double quotes, as ETag gives them.`);

/** Conditions on a date or a range. They cannot be checked here, and a change must not silently ignore them. */
const UNKNOWN = ['If-Unmodified-Since', 'Content-Range'] as const;

/**
 * The conditions of a request; undefined without any. Reads ignore dates, since nothing here has a modification date
 * (RFC 9110 §13.1.3). Throws `invalid` for a malformed one, and for a change on a condition that cannot be checked.
 */
export function preconditionsOf(request: Pick<HttpRequest, 'method' | 'headers'>): Preconditions | undefined {
  const match = tagsIn(request, 'If-Match');
  const noneMatch = tagsIn(request, 'If-None-Match');
  if (!isSafe(request.method)) {
    const unknown = UNKNOWN.find((name) => (request.headers[name.toLowerCase()]?.[0] ?? '').trim() !== '');
    // If-Match takes precedence over the date (RFC 9110 §13.1.4).
    if (unknown && !(match && unknown === 'If-Unmodified-Since')) {
      throw new OcciError(
        'invalid',
        `${unknown} is not understood here: send If-Match with the ETag of what you read.`,
      );
    }
  }
  return match === undefined && noneMatch === undefined ? undefined : { match, noneMatch };
}

/** True if the tag is among those of `If-Match`, by strong comparison (RFC 9110 §8.8.3.2); `opaque` is a strong one. */
export const matchesStrongly = (tags: Tags, opaque: string): boolean =>
  tags === '*' || tags.some((tag) => !tag.weak && tag.opaque === opaque);

/** True if the tag is among those of `If-None-Match`, by weak comparison. */
export const matchesWeakly = (tags: Tags, opaque: string): boolean =>
  tags === '*' || tags.some((tag) => tag.opaque === opaque);

/** The error for a condition that does not hold. */
export const preconditionFailed = (message: string): OcciError => new OcciError('preconditionFailed', message);

/** Throws `preconditionFailed` if a condition requires that the existing entity does not exist. */
export function requireCreating(conditions: Preconditions | undefined): void {
  if (conditions?.noneMatch === '*') {
    throw preconditionFailed('If-None-Match: * is for a path where nothing is, and this one is taken.');
  }
}

/** Throws `preconditionFailed` if a condition requires an entity at a path that has none. */
export function requireNothing(conditions: Preconditions | undefined): void {
  if (conditions?.match !== undefined)
    throw preconditionFailed('If-Match needs something to change, and nothing is here.');
}

/** Headers that a 304 leaves out: those that describe the content (RFC 9110 §15.4.5). */
const OF_CONTENT = /^(?:content-|category$|link$|location$|x-occi-)/i;

/** The answer to a conditional read: the whole answer, or 304. Throws `preconditionFailed` (RFC 9110 §13.2.2). */
export function asConditioned(result: Result, { match, noneMatch }: Preconditions): Result {
  const tag = result.headers.ETag;
  // Conditions apply to successful answers only (RFC 9110 §13.2.1).
  if (result.statusCode !== 200 || tag === undefined) return result;
  const opaque = tag.slice(1, -1);
  if (match && !matchesStrongly(match, opaque)) {
    throw preconditionFailed('What is here now has none of the tags in If-Match.');
  }
  if (!noneMatch || !matchesWeakly(noneMatch, opaque)) return result;
  const headers = Object.fromEntries(Object.entries(result.headers).filter(([name]) => !OF_CONTENT.test(name)));
  return { statusCode: 304, headers, body: '', isBase64Encoded: false };
}
