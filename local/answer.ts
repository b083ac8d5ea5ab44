/** Turns the result of a function into the HTTP response that an HTTP API would send. */
import { type ServerResponse, STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http';
import type { APIGatewayProxyResultV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { EVENT_LIMIT_BYTES, REFUSALS, type RefusalStatus } from './event.ts';

/**
 * Sends the result in one write.
 * @throws {Error} for a result that the gateway would reject too: a status outside 200–599, a header that HTTP does
 *   not allow, more than `maxBytes` as JSON. Nothing has been sent by then.
 */
export const sendResult = (
  res: ServerResponse,
  result: APIGatewayProxyResultV2,
  maxBytes = EVENT_LIMIT_BYTES,
): void => {
  const { statusCode, headers, cookies, body = '', isBase64Encoded } = structured(result);
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new Error(`the status is ${statusCode}`);
  if (isOver(result, body.length, maxBytes)) throw new Error(`the response is over ${maxBytes >> 20} MB`);

  const head: string[] = [];
  let ownLength: string | undefined;
  for (const name in headers) {
    const value = String(headers[name]);
    if (SENT_NAMES.has(name) || isSent(name)) head.push(name, asBytes(value));
    else if (/^content-length$/i.test(name)) ownLength = value;
  }
  for (const cookie of cookies ?? []) head.push('set-cookie', asBytes(cookie));
  const bytes = isBase64Encoded ? Buffer.from(body, 'base64') : body;
  const bodyLength = Buffer.byteLength(bytes);
  const length = res.req.method === 'HEAD' && body === '' ? ownLength : String(bodyLength);
  const bodiless = status === 204 || status === 304;
  if (length !== undefined && !bodiless) head.push('content-length', length);
  // Node validates values itself, but once it has thrown for one, the response cannot carry another answer.
  if (bodiless) for (let at = 0; at < head.length; at += 2) validateHeaderValue(head[at]!, head[at + 1]!);
  res.writeHead(status, head);
  if (typeof bytes !== 'string') res.end(bytes);
  else if (bodyLength > bytes.length) res.end(Buffer.from(bytes));
  // All ASCII, so Node copies the text without encoding it. Both names mean the same, but Node joins only "latin1" with
  // the head; "binary" is sent beside it in the same write, and its memory is released at once.
  else res.end(bytes, bodyLength < COPY_LIMIT_BYTES ? 'latin1' : 'binary');
};

/** Above this length, copying the body into one piece with the head costs more than sending two pieces. */
const COPY_LIMIT_BYTES = 16_384;

/** The value with each byte of its UTF-8 as a character, which is how Node sends it. */
const asBytes = (value: string): string =>
  Buffer.byteLength(value) === value.length ? value : Buffer.from(value).toString('latin1');

/** Sends an answer of the gateway itself: one sentence, as JSON. */
export const sendRefusal = (res: ServerResponse, status: RefusalStatus): void => {
  const body = refusalBody(status);
  // Set the reason phrase too: a response that failed half way may still carry its own.
  const reason = STATUS_CODES[status];
  const head = ['content-type', 'application/json', 'content-length', String(body.length)];
  if (status === 503) head.push('retry-after', '1');
  res.writeHead(status, reason, head);
  res.end(body);
};

/** The body of an answer of the gateway itself. */
export const refusalBody = (status: RefusalStatus): string => JSON.stringify({ message: REFUSALS[status] });

/** Headers that the gateway sets itself: those of the connection, and the length. */
const OWN_TO_THE_GATEWAY = /^(?:connection|content-length|keep-alive|transfer-encoding|upgrade)$/i;

/** Header names known to be valid and to be sent; functions use only a few. */
const SENT_NAMES = new Set<string>();
const MAX_NAMES = 100;

/** False for a header that the gateway sets itself. Throws for an invalid name. */
const isSent = (name: string): boolean => {
  if (OWN_TO_THE_GATEWAY.test(name)) return false;
  validateHeaderName(name);
  if (SENT_NAMES.size < MAX_NAMES) SENT_NAMES.add(name);
  return true;
};

/** A result without a status code is the body of a 200. */
const structured = (result: APIGatewayProxyResultV2): APIGatewayProxyStructuredResultV2 => {
  if (typeof result === 'object' && result && 'statusCode' in result) return result;
  const body = typeof result === 'string' ? result : JSON.stringify(result ?? null);
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
};

/** Escapes make a body longer as JSON; only a body near the limit is counted exactly. */
const isOver = (result: APIGatewayProxyResultV2, length: number, maxBytes: number): boolean =>
  length > maxBytes / 2 && Buffer.byteLength(JSON.stringify(result)) > maxBytes;
