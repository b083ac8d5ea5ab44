import { OcciError } from '../../errors.ts';
import { memoByObject } from '../../memo-by-object.ts';
import type { CategoryDescription } from '../../occi/category-description.ts';
import { codePoint, forbiddenAt } from '../characters.ts';
import type { Answer, RenderContext, Rendered, RenderedError } from '../rendering.ts';
import { describedCategories, OMITTED_OF_CATEGORIES } from '../text/described.ts';
import { entityLines, type Lines, OMITTED_OF_ENTITIES } from '../text/entity.ts';
import { writeLocations } from '../text/location.ts';

const UNPRINTABLE = /[^ -~]/g;

type Headers = Record<string, string>;

/**
 * Checks a header value. A TAB and characters beyond ASCII may stand in one, the latter as the octets of UTF-8, as they
 * are read (RFC 9110 §5.5). Throws if it cannot be sent in a header: it is never truncated or altered (ADR-11).
 */
function checked(value: string): string {
  const at = forbiddenAt(value);
  if (at < 0) return value;
  const what = `A value holds the character ${codePoint(value, at)}, which cannot stand in a header`;
  throw new OcciError('notAcceptable', `${what}; ask for application/occi+json.`);
}

function put(headers: Headers, name: string, value: string): Headers {
  if (value !== '') headers[name] = value;
  return headers;
}

/**
 * One header per field (TXT-23), its elements joined by a bare comma: a client that cuts there and sorts the pieces
 * loses those that begin with a blank (CLIENT-5, CLIENT-13). Locations are joined by a comma and a blank (SUITE-1).
 */
export function writeHeaders(lines: Lines, headers: Headers = {}): Headers {
  put(headers, 'Category', checked(lines.categories.join(',')));
  put(headers, 'Link', checked(lines.links.join(',')));
  return put(headers, 'X-OCCI-Attribute', checked(lines.attributes.join(',')));
}

/** What may be left out of an answer that does not fit into headers (ADR-11). */
export const OMITTED = { categories: OMITTED_OF_CATEGORIES, entity: OMITTED_OF_ENTITIES } as const;

/** The texts of a model's categories, by the number of parts left out. */
const discovery = memoByObject((_: readonly CategoryDescription[]) => new Map<number, string>());

function discovered(categories: readonly CategoryDescription[], omitted: number): string {
  const made = discovery(categories);
  let text = made.get(omitted);
  if (text === undefined) {
    text = checked(describedCategories(categories, omitted).join(','));
    made.set(omitted, text);
  }
  return text;
}

/** Says what is left out: a client that misses it asks in another rendering, or at a link's own location. */
const told = (headers: Headers, parts: readonly string[], omitted: number): Headers =>
  put(headers, 'X-OCCI-Omitted', parts.slice(0, omitted).join(', '));

/**
 * The locations of a listing where jOCCI looks for them: in `Location`, and joined by a bare comma, since it cuts there
 * and refuses blanks (CLIENT-36). It needs the field for an empty listing too; an empty URI reference is valid (RFC 9110 §10.2.2).
 */
const listedInLocation = (headers: Headers, origin: string, locations: readonly string[]): Headers => {
  headers.Location = writeLocations(origin, locations, ',');
  return headers;
};

function fill(headers: Headers, answer: Answer, context: RenderContext): Headers {
  const { origin, omitted = 0 } = context;
  switch (answer.is) {
    case 'done':
      return headers;
    case 'categories':
      put(headers, 'Category', discovered(answer.categories, omitted));
      return told(headers, OMITTED.categories, omitted);
    case 'entity':
      writeHeaders(entityLines(answer.entity, omitted), headers);
      return told(headers, OMITTED.entity, omitted);
    case 'collection':
    case 'created':
      // Paths are ours or of a small alphabet; only the origin may be anything.
      put(headers, 'X-OCCI-Location', writeLocations(checked(origin), answer.locations, ', '));
      return context.listsInLocation && answer.is === 'collection'
        ? listedInLocation(headers, origin, answer.locations)
        : headers;
  }
}

const contentType = (context: RenderContext): Headers => ({ 'Content-Type': `${context.mediaType}; charset=utf-8` });

/**
 * Writes an answer into headers; the body is a line `OK` (TXT-22, H11-27). Throws `OcciError('notAcceptable')` for a value
 * with a line break or another control character.
 */
export const renderTextOcci = (answer: Answer, context: RenderContext): Rendered => ({
  headers: fill(contentType(context), answer, context),
  body: 'OK\n',
});

/** The sentence in the body, and in a header as far as every client can read it there (EXT-18, ADR-14). */
export const renderTextOcciError = (error: RenderedError, context: RenderContext): Rendered => ({
  headers: { ...contentType(context), 'X-OCCI-Error': error.message.replace(UNPRINTABLE, '?') },
  body: `${error.message}\n`,
});
