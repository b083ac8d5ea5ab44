/** Answers of pages: JSON for clients that ask for it, and else text that people read. */
import { OcciError } from '../errors.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { rangeFor, readAccept } from '../renderings/accept.ts';
import { commonHeaders } from '../request/answering.ts';

/** What a page answers, in both forms. */
export interface Shown {
  readonly json: unknown;
  readonly text: string;
}

/** True if the client prefers JSON: a browser or curl accepts anything, and gets text. */
function wantsJson({ headers }: Pick<HttpRequest, 'headers'>): boolean {
  const ranges = readAccept((headers.accept ?? []).join());
  const of = (type: string) => rangeFor(type, ranges);
  const [json, text] = [of('application/json'), of('text/plain')];
  if (!json || json.quality === 0 || json.name === '*/*') return false;
  return (
    !text ||
    text.name === '*/*' ||
    json.quality > text.quality ||
    (json.quality === text.quality && json.place < text.place)
  );
}

/** The answer of a page. */
export function answered(request: HttpRequest, { json, text }: Shown, status = 200): HttpResponse {
  const isJson = wantsJson(request);
  const type = isJson ? 'application/json' : 'text/plain; charset=utf-8';
  return {
    status,
    headers: { ...commonHeaders(request), 'Content-Type': type },
    body: isJson ? `${JSON.stringify(json)}\n` : text,
  };
}

/** The answer to a change that has nothing to show. */
export const done = (request: HttpRequest): HttpResponse => ({
  status: 204,
  headers: commonHeaders(request),
  body: '',
});

/** The answer to OPTIONS; `methods` are those of the page. */
export const methodsShown = (request: HttpRequest, methods: string): HttpResponse => ({
  status: 200,
  headers: { ...commonHeaders(request), Allow: methods, 'Content-Type': 'text/plain; charset=utf-8' },
  body: 'OK\n',
});

/** The error for a method that a page does not have. */
export const noSuchMethod = ({ method }: HttpRequest, methods: string): OcciError =>
  new OcciError('methodNotAllowed', `${method.slice(0, 20)} is not defined here.`, { headers: { Allow: methods } });
