import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { renderingOf, textOcci, textPlain } from './index.ts';
import { type Message, NOTHING, type Parsed, type Rendering } from './rendering.ts';
import { hasOcciHeaders, namesOcciHeaders, parseTextOcci } from './text-occi/parse.ts';

/**
 * What a request carries. The Content-Type decides, but an empty body with headers of OCCI is text/occi whatever it
 * says: gateways and clients put a Content-Type on requests that have no body (DEP-5). A body without Content-Type is
 * text/plain.
 *
 * Throws `OcciError('unsupportedMediaType')` for a body that cannot be read, `OcciError('invalid')` for one that is
 * malformed.
 */
export const readRequest = (request: Message): Parsed => readBody(request) ?? readFilter(request);

/** The payload in a body; undefined where there is none. The `OK` of text/occi, whose payload is its headers, is none. */
export function readBody(request: Message): Parsed | undefined {
  const body = request.body.trim();
  if (body === '') return undefined;
  const rendering = renderingOfBody(request);
  if (rendering !== textOcci) return rendering.parse!(request);
  if (body === 'OK' && hasOcciHeaders(request)) return undefined;
  throw new OcciError('invalid', 'A text/occi request carries all in its header fields, and this one has a body.');
}

function renderingOfBody(request: Message): Rendering {
  const contentType = (request.headers['content-type'] ?? []).join(',');
  return contentType.trim() === '' ? textPlain : renderingOf(contentType);
}

/** The headers of OCCI alone, be they empty: filters are sent there whatever the body is (HTTP-15). */
export const readFilter = (request: Pick<HttpRequest, 'headers'>): Parsed =>
  namesOcciHeaders(request) ? parseTextOcci(request) : NOTHING;
