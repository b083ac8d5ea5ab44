/**
 * `HttpResponse` → API Gateway result, payload 2.0, within the limits of the gateway and of Lambda (ADR-6, ADR-11).
 */
import { gzipSync } from 'node:zlib';
import { OcciError } from '../errors.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import { firstHeader } from './message.ts';

export interface Result {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** The largest synchronous response of Lambda in bytes of JSON, less room for headers. */
export const LAMBDA_BYTES = 6 * 1024 * 1024 - 64 * 1024;

/** A shorter body cannot exceed the limit, however its characters are escaped in JSON. */
const SURELY_SMALL = LAMBDA_BYTES / 6;

export const acceptsGzip = (request: HttpRequest): boolean =>
  /(^|,)\s*(gzip|\*)\s*(;\s*q=(0?\.\d*[1-9]|1)[\d.]*)?\s*(,|$)/i.test(firstHeader(request, 'accept-encoding') ?? '');

/**
 * The result for an answer. HEAD has what GET has, measured and packed as there, but the body (RFC 9110 §9.3.2). Throws `notAcceptable` when the headers are larger than `headerBytes`, `tooLarge` when the
 * body cannot pass; nothing is ever cut.
 */
export function toResult(response: HttpResponse, request: HttpRequest, headerBytes: number): Result {
  const result = withBody(response, request, headerBytes);
  return request.method === 'HEAD' ? { ...result, body: '', isBase64Encoded: false } : result;
}

/** UTF-8 takes at most three bytes for one unit of a string. */
const MAX_BYTES_PER_UNIT = 3;

/** Bytes of all names and values; counted exactly only near the limit, since every answer passes here. */
function bytesOf(headers: Readonly<Record<string, string>>, limit: number): number {
  let units = 0;
  for (const name in headers) units += name.length + headers[name]!.length;
  if (units > limit || units * MAX_BYTES_PER_UNIT <= limit) return units;
  let bytes = 0;
  for (const name in headers) bytes += name.length + Buffer.byteLength(headers[name]!);
  return bytes;
}

/** The headers of an answer, with those that every answer to this request has. */
const allHeaders = ({ headers }: HttpResponse, { answerHeaders }: HttpRequest): HttpResponse['headers'] =>
  answerHeaders ? { ...headers, ...answerHeaders } : headers;

/** True if the headers take at most `headerBytes`. */
export const headersFit = (response: HttpResponse, request: HttpRequest, headerBytes: number): boolean =>
  bytesOf(allHeaders(response, request), headerBytes) <= headerBytes;

function withBody(response: HttpResponse, request: HttpRequest, headerBytes: number): Result {
  const headers = allHeaders(response, request);
  const bytes = bytesOf(headers, headerBytes);
  if (bytes > headerBytes) {
    throw new OcciError(
      'notAcceptable',
      `The answer needs ${bytes} bytes of headers and ${headerBytes} are possible: ask for text/plain or application/occi+json.`,
    );
  }
  const result = { statusCode: response.status, headers, body: response.body, isBase64Encoded: false };
  if (response.gzipped) return packed(result, response.gzipped);
  if (response.body.length < SURELY_SMALL || Buffer.byteLength(JSON.stringify(response.body)) <= LAMBDA_BYTES)
    return result;
  if (acceptsGzip(request)) return packed(result, gzipSync(response.body));
  throw tooLarge();
}

export const tooLarge = (): OcciError =>
  new OcciError('tooLarge', 'The answer is larger than 6 MB: ask for a part of it with page and number.');

/** The result with a compressed body. Throws `tooLarge` when that cannot pass either. */
function packed(result: Result, gzipped: Buffer): Result {
  const body = gzipped.toString('base64');
  if (body.length > LAMBDA_BYTES) throw tooLarge();
  const { Vary: vary, ETag: tag } = result.headers;
  const headers: Record<string, string> = {
    ...result.headers,
    'Content-Encoding': 'gzip',
    Vary: vary ? `Accept-Encoding, ${vary}` : 'Accept-Encoding',
  };
  // The compressed bytes are another representation (RFC 9110 §8.8.3.3).
  if (tag !== undefined) headers.ETag = tag.replace(/"$/, 'z"');
  return { ...result, headers, body, isBase64Encoded: true };
}
