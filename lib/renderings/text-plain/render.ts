import { memoByObject } from '../../memo-by-object.ts';
import type { CategoryDescription } from '../../occi/category-description.ts';
import type { Answer, RenderContext, Rendered, RenderedError } from '../rendering.ts';
import { describedCategory } from '../text/described.ts';
import { entityLines, type Lines } from '../text/entity.ts';
import { writeLocations } from '../text/location.ts';

const rendered = (body: string, context: RenderContext): Rendered => ({
  headers: { 'Content-Type': `${context.mediaType}; charset=utf-8` },
  body,
});

/** The lines of one field; `name` comes with its colon and blank (CLIENT-10). */
function field(name: string, values: readonly string[]): string {
  let lines = '';
  for (const value of values) lines += `${name}${value}\n`;
  return lines;
}

/**
 * Lines of a body in the order Category, Link, X-OCCI-Attribute (TXT-11). They end in LF, not in the CRLF of TXT-21:
 * three of the field's clients take a CR for a part of the value (CLIENT-18, CLIENT-19, CLIENT-21, CLIENT-24).
 */
export const writeLines = (lines: Lines): string =>
  field('Category: ', lines.categories) + field('Link: ', lines.links) + field('X-OCCI-Attribute: ', lines.attributes);

/** A model's list of categories is one array as long as the model lives. */
const discovery = memoByObject((categories: readonly CategoryDescription[]) =>
  field('Category: ', categories.map(describedCategory)),
);

const LOCATION = 'X-OCCI-Location: ';

/**
 * Every line ends in LF, the last too: `while read` and a shell's prompt need it. But of a create of one entity IM takes
 * all that follows the last slash for the id (CLIENT-2), and some clients take what follows the last line end of a listing
 * for a location.
 */
function lastLineEnd(answer: Answer & { readonly is: 'collection' | 'created' }, context: RenderContext): string {
  const isOneCreated = answer.is === 'created' && answer.locations.length === 1;
  return isOneCreated || context.splitsAtLineEnds ? '' : '\n';
}

function body(answer: Answer, context: RenderContext): string {
  switch (answer.is) {
    case 'done':
      return 'OK\n';
    case 'categories':
      return discovery(answer.categories);
    case 'entity':
      return writeLines(entityLines(answer.entity));
    case 'collection':
    case 'created':
      return writeLocations(LOCATION + context.origin, answer.locations, '\n', lastLineEnd(answer, context));
  }
}

/** Writes an answer as lines of the body (TXT-21). Throws `OcciError('notAcceptable')` for values that hold line breaks. */
export const renderTextPlain = (answer: Answer, context: RenderContext): Rendered =>
  rendered(body(answer, context), context);

/** One sentence (ADR-14). */
export const renderTextPlainError = (error: RenderedError, context: RenderContext): Rendered =>
  rendered(`${error.message}\n`, context);
