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

/** Bytes of one unit of a string in JSON, however it is escaped: a body below a sixth of the limit needs no counting. */
const MAX_JSON_BYTES_PER_UNIT = 6;

/** What an answer may have. */
export interface AnswerLimits {
  /** Names and values of all headers. */
  readonly responseHeaderBytes: number;
  /** The body, as a string in JSON. */
  readonly responseBytes: number;
}

/** The limits in the settings of the service; those of Lambda where they leave it to that. */
export const answerLimits = ({
  limits,
}: {
  readonly limits: { readonly responseHeaderBytes: number; readonly responseBytes?: number | undefined };
}): AnswerLimits => ({
  responseHeaderBytes: limits.responseHeaderBytes,
  responseBytes: limits.responseBytes ?? LAMBDA_BYTES,
});

export const acceptsGzip = (request: HttpRequest): boolean =>
  /(^|,)\s*(gzip|\*)\s*(;\s*q=(0?\.\d*[1-9]|1)[\d.]*)?\s*(,|$)/i.test(firstHeader(request, 'accept-encoding') ?? '');

/**
 * The result for an answer. HEAD has what GET has, measured and packed as there, but the body (RFC 9110 §9.3.2). Throws `notAcceptable` when the headers are larger than `headerBytes`, `tooLarge` when the
 * body cannot pass; nothing is ever cut.
 */
export function toResult(
  response: HttpResponse,
  request: HttpRequest,
  headerBytes: number,
  bodyBytes = LAMBDA_BYTES,
): Result {
  const result = resultOrBytes(response, request, headerBytes, bodyBytes);
  if ('tooManyBytes' in result) throw tooLarge(bodyBytes);
  return result;
}

/** As `toResult`, but a body that cannot pass is not thrown: it gives the bytes that it has, packed if the client takes that. */
export function resultOrBytes(
  response: HttpResponse,
  request: HttpRequest,
  headerBytes: number,
  bodyBytes = LAMBDA_BYTES,
): Result | TooLong {
  const result = withBody(response, request, headerBytes, bodyBytes);
  return request.method === 'HEAD' && !('tooManyBytes' in result)
    ? { ...result, body: '', isBase64Encoded: false }
    : result;
}

interface TooLong {
  readonly tooManyBytes: number;
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

function withBody(
  response: HttpResponse,
  request: HttpRequest,
  headerBytes: number,
  bodyBytes: number,
): Result | TooLong {
  const headers = allHeaders(response, request);
  const bytes = bytesOf(headers, headerBytes);
  if (bytes > headerBytes) {
    throw new OcciError(
      'notAcceptable',
      `The answer needs ${bytes} bytes of headers and ${headerBytes} are possible: ask for text/plain or application/occi+json, or for a page of a listing with page and number.`,
    );
  }
  const result = { statusCode: response.status, headers, body: response.body, isBase64Encoded: false };
  if (response.gzipped) return packed(result, response.gzipped, bodyBytes);
  if (response.body.length < bodyBytes / MAX_JSON_BYTES_PER_UNIT) return result;
  const tooManyBytes = Buffer.byteLength(JSON.stringify(response.body));
  if (tooManyBytes <= bodyBytes) return result;
  return acceptsGzip(request) ? packed(result, gzipSync(response.body), bodyBytes) : { tooManyBytes };
}

export const tooLarge = (bodyBytes = LAMBDA_BYTES): OcciError =>
  new OcciError('tooLarge', `The answer is larger than ${bodyBytes} bytes: ask for a part of it with page and number.`);

/** The result with a compressed body, if that can pass. */
function packed(result: Result, gzipped: Buffer, bodyBytes: number): Result | TooLong {
  const body = gzipped.toString('base64');
  if (body.length > bodyBytes) return { tooManyBytes: body.length };
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
