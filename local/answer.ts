/** What a function returned → the HTTP response that an HTTP API makes of it. */
import { type ServerResponse, STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http';
import type { APIGatewayProxyResultV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { EVENT_LIMIT, REFUSALS, type RefusalStatus } from './event.ts';

/**
 * Sends the result in one write.
 * @throws {Error} for a result that the gateway would not send either: a status outside 200–599, a header that HTTP
 *   does not allow, more than 6 MB. Nothing has been sent then.
 */
export const sendResult = (res: ServerResponse, result: APIGatewayProxyResultV2): void => {
  const { statusCode, headers, cookies, body = '', isBase64Encoded } = structured(result);
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new Error(`the status is ${statusCode}`);
  if (isOver(result, body.length)) throw new Error('the response is over 6 MB');

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
  // Node checks values itself, but when it throws for one of these the response is unfit for another answer.
  if (bodiless) for (let at = 0; at < head.length; at += 2) validateHeaderValue(head[at]!, head[at + 1]!);
  res.writeHead(status, head);
  if (typeof bytes !== 'string') res.end(bytes);
  else if (bodyLength > bytes.length) res.end(Buffer.from(bytes));
  // All in ASCII, so that it is copied, not encoded. Node takes both names for the same, but joins only "latin1" with
  // the head to one text; the other goes beside it in one write, and its memory is free again at once.
  else res.end(bytes, bodyLength < LONG ? 'latin1' : 'binary');
};

/** From this length on, copying a body once more together with its head costs more than sending two pieces. */
const LONG = 16_384;

/** The value with each byte of its UTF-8 as a character, which is how Node sends it. */
const asBytes = (value: string): string =>
  Buffer.byteLength(value) === value.length ? value : Buffer.from(value).toString('latin1');

/** The gateway's own answer: its sentence as JSON. */
export const sendRefusal = (res: ServerResponse, status: RefusalStatus): void => {
  const body = refusalBody(status);
  // With its reason: one that failed while it was written has left its own behind.
  const reason = STATUS_CODES[status];
  const head = ['content-type', 'application/json', 'content-length', String(body.length)];
  if (status === 503) head.push('retry-after', '1');
  res.writeHead(status, reason, head);
  res.end(body);
};

/** The body of the gateway's own answer. */
export const refusalBody = (status: RefusalStatus): string => JSON.stringify({ message: REFUSALS[status] });

/** The connection is the gateway's affair, and so is the length of what it sends on it. */
const OWN_TO_THE_GATEWAY = /^(?:connection|content-length|keep-alive|transfer-encoding|upgrade)$/i;

/** Header names that were found to be valid, and to be sent; functions use few. */
const SENT_NAMES = new Set<string>();
const MOST_NAMES = 100;

/** False for a header that is the gateway's affair. Throws for a name that is none. */
const isSent = (name: string): boolean => {
  if (OWN_TO_THE_GATEWAY.test(name)) return false;
  validateHeaderName(name);
  if (SENT_NAMES.size < MOST_NAMES) SENT_NAMES.add(name);
  return true;
};

/** A result without a status is a 200 whose body it is. */
const structured = (result: APIGatewayProxyResultV2): APIGatewayProxyStructuredResultV2 => {
  if (typeof result === 'object' && result && 'statusCode' in result) return result;
  const body = typeof result === 'string' ? result : JSON.stringify(result ?? null);
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
};

/** As JSON a body grows a little, by quotes and line ends; only one that is near the limit is counted exactly. */
const isOver = (result: APIGatewayProxyResultV2, length: number): boolean =>
  length > EVENT_LIMIT / 2 && Buffer.byteLength(JSON.stringify(result)) > EVENT_LIMIT;
