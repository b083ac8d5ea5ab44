import { OcciError } from '../../errors.ts';
import type { CategoryDescription } from '../../occi/model.ts';
import { codePoint } from '../characters.ts';
import { oncePer } from '../once.ts';
import type { Answer, RenderContext, Rendered, RenderedError } from '../rendering.ts';
import { describedCategory } from '../text/described.ts';
import { entityLines, type Lines } from '../text/entity.ts';
import { writeLocations } from '../text/location.ts';

const NOT_IN_HEADERS = /[^ -~]/;
const NOT_IN_HEADERS_ALL = /[^ -~]/g;

type Headers = Record<string, string>;

/** Throws where a value cannot stand in a header: it is never cut or altered (decision 11). */
function put(headers: Headers, name: string, value: string): Headers {
  if (value === '') return headers;
  if (NOT_IN_HEADERS.test(value)) {
    const what = `A value holds the character ${codePoint(value, value.search(NOT_IN_HEADERS))}`;
    const why = 'which cannot stand in a header';
    throw new OcciError('notAcceptable', `${what}, ${why}; ask for text/plain or application/occi+json.`);
  }
  headers[name] = value;
  return headers;
}

/** One header per field, its elements joined by a comma and a blank (TXT-23, SUITE-1). */
export function writeHeaders(lines: Lines, headers: Headers = {}): Headers {
  put(headers, 'Category', lines.categories.join(', '));
  put(headers, 'Link', lines.links.join(', '));
  return put(headers, 'X-OCCI-Attribute', lines.attributes.join(', '));
}

const discovery = oncePer((categories: readonly CategoryDescription[]) => categories.map(describedCategory).join(', '));

function fill(headers: Headers, answer: Answer, { origin }: RenderContext): Headers {
  switch (answer.is) {
    case 'done':
      return headers;
    case 'categories':
      return put(headers, 'Category', discovery(answer.categories));
    case 'entity':
      return writeHeaders(entityLines(answer.entity), headers);
    case 'collection':
    case 'created':
      return put(headers, 'X-OCCI-Location', writeLocations(origin, answer.locations, ', '));
  }
}

const contentType = (context: RenderContext): Headers => ({ 'Content-Type': `${context.mediaType}; charset=utf-8` });

/**
 * Writes an answer into headers; the body is `OK` (TXT-22, H11-27). Throws `OcciError('notAcceptable')` for anything
 * outside printable ASCII.
 */
export const renderTextOcci = (answer: Answer, context: RenderContext): Rendered => ({
  headers: fill(contentType(context), answer, context),
  body: 'OK',
});

/** The sentence in the body, and in a header as far as headers can carry it (EXT-18, decision 14). */
export const renderTextOcciError = (error: RenderedError, context: RenderContext): Rendered => ({
  headers: { ...contentType(context), 'X-OCCI-Error': error.message.replace(NOT_IN_HEADERS_ALL, '?') },
  body: error.message,
});
