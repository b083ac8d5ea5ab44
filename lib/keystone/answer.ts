/** Answers in JSON, with the headers that Keystone's have. */
import { KEPT_NOWHERE } from '../http/caching.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { SERVER } from '../http/version.ts';
import type { ErrorForm } from '../request/error-form.ts';

export interface JsonAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent for an answer without a body. */
  readonly body?: object;
}

/** Titles of errors, as Keystone has them. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

export const respondInJson = (
  { status, headers, body }: JsonAnswer,
  { requestId }: Pick<HttpRequest, 'requestId'>,
): HttpResponse => ({
  status,
  headers: {
    Server: SERVER,
    'X-Request-Id': requestId,
    'Cache-Control': KEPT_NOWHERE,
    Vary: 'X-Auth-Token',
    'X-Content-Type-Options': 'nosniff',
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...headers,
  },
  body: body === undefined ? '' : JSON.stringify(body),
});

/** Keystone's form of an error. */
export const errorForm: ErrorForm = ({ status, message, headers }, request) => {
  const body = { error: { code: status, message, title: TITLES[status] ?? 'Error' } };
  return respondInJson({ status, headers, body }, request);
};
