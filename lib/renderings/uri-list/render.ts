import type { Answer, RenderContext, Rendered, RenderedError } from '../rendering.ts';
import { writeLocations } from '../text/location.ts';

/**
 * Absolute URLs, one a line (TXT-26). Only listings have any; `cannot` keeps the others away. Every line ends, as
 * RFC 2483 §5 wants it, but in LF and not in CRLF: the field's command line client takes a CR for a part of the URL
 * (CLIENT-21).
 */
export function renderUriList(answer: Answer, context: RenderContext): Rendered {
  const locations = 'locations' in answer ? answer.locations : [];
  return { headers: { 'Content-Type': 'text/uri-list' }, body: writeLocations(context.origin, locations, '\n', '\n') };
}

/** A message is not a URI, so errors are text/plain (ADR-14). */
export const renderUriListError = (error: RenderedError): Rendered => ({
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: `${error.message}\n`,
});
