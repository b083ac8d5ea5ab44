import type { Answer, RenderContext, Rendered, RenderedError } from '../rendering.ts';
import { writeLocations } from '../text/location.ts';

/** Absolute URLs, one a line (TXT-26, RFC 2483). Only listings have any; `cannot` keeps the others away. */
export function renderUriList(answer: Answer, context: RenderContext): Rendered {
  const locations = 'locations' in answer ? answer.locations : [];
  const lines = writeLocations(context.origin, locations, '\r\n');
  return {
    headers: { 'Content-Type': 'text/uri-list' },
    body: answer.is === 'collection' && lines !== '' ? `${lines}\r\n` : lines,
  };
}

/** A sentence is no URI: errors are text/plain (decision 14). */
export const renderUriListError = (error: RenderedError): Rendered => ({
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: error.message,
});
