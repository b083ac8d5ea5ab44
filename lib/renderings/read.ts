import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { renderingOf, textOcci, textPlain } from './index.ts';
import { type Message, NOTHING, type Parsed, type Rendering } from './rendering.ts';
import { hasOcciHeaders, namesOcciHeaders, parseTextOcci } from './text-occi/parse.ts';

/**
 * Reads the payload of a request. The Content-Type decides, except that an empty body with OCCI headers is always
 * text/occi: gateways and clients set a Content-Type on requests without a body (DEP-5). A body without Content-Type is
 * text/plain.
 *
 * Throws `OcciError('unsupportedMediaType')` for a body that cannot be read, `OcciError('invalid')` for one that is
 * malformed.
 */
export const readRequest = (request: Message): Parsed => readBody(request) ?? readFilter(request);

/**
 * The payload in the body; undefined without one. The `OK` of text/occi does not count, since its payload is in the
 * headers.
 */
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

/** Reads the OCCI headers only, even if empty: filters are sent there whatever the body is (HTTP-15). */
export const readFilter = (request: Pick<HttpRequest, 'headers'>): Parsed =>
  namesOcciHeaders(request) ? parseTextOcci(request) : NOTHING;
