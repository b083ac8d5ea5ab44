import type { HttpRequest } from '../../http/message.ts';
import type { Parsed } from '../rendering.ts';
import { Cursor } from '../text/cursor.ts';
import { FIELDS, FieldReader } from '../text/fields.ts';

/** Header names arrive in lower case. */
const HEADERS = [...FIELDS].filter(([name]) => name === name.toLowerCase());

const SAYS_SOMETHING = /[^ \t,]/;
const saysSomething = (value: string): boolean => SAYS_SOMETHING.test(value);

/** True if a request has any OCCI header, even an empty one, which may be a mistake. */
export function namesOcciHeaders(request: Pick<HttpRequest, 'headers'>): boolean {
  return HEADERS.some(([name]) => request.headers[name]?.length);
}

/** True if a request has any OCCI header that is not empty; an empty one counts as absent (RFC 9110 §5.6.1.2). */
export function hasOcciHeaders(request: Pick<HttpRequest, 'headers'>): boolean {
  return HEADERS.some(([name]) => request.headers[name]?.some(saysSomething));
}

/** Reads the headers of OCCI (TXT-22, TXT-23); others are not looked at. Throws `OcciError('invalid')` naming the header. */
export function parseTextOcci(request: Pick<HttpRequest, 'headers'>): Parsed {
  const reader = new FieldReader();
  for (const [name, field] of HEADERS) {
    for (const value of request.headers[name] ?? []) reader.read(field, new Cursor(value, field));
  }
  return reader.parsed();
}
