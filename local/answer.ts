/** What a function returned → the HTTP response that an HTTP API makes of it. */
import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import type { APIGatewayProxyResultV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { EVENT_LIMIT, isAscii, isPrintable, REFUSALS, type RefusalStatus } from './event.ts';

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
  let ascii = true;
  const add = (name: string, value: string): void => {
    // Before writeHead, which on a 204 leaves the response unfit for another answer when it throws.
    if (!SENT_NAMES.has(name)) rememberName(name);
    if (isPrintable(value)) {
      head.push(name, value);
      return;
    }
    const sent = isAscii(value) ? value : Buffer.from(value).toString('latin1');
    validateHeaderValue(name, sent);
    ascii &&= sent === value;
    head.push(name, sent);
  };
  let ownLength: string | undefined;
  for (const name in headers) {
    const value = String(headers[name]);
    if (!OWN_TO_THE_GATEWAY.test(name)) add(name, value);
    else if (/^content-length$/i.test(name)) ownLength = value;
  }
  for (const cookie of cookies ?? []) add('set-cookie', cookie);
  const bytes = isBase64Encoded ? Buffer.from(body, 'base64') : bytesOf(body, ascii);
  const length = res.req.method === 'HEAD' && body === '' ? ownLength : String(Buffer.byteLength(bytes));
  if (length !== undefined && status !== 204 && status !== 304) head.push('content-length', length);
  res.writeHead(status, head);
  res.end(bytes);
};

/** From this length on, copying a body once more together with its head costs more than sending two pieces. */
const LONG = 16_384;

/**
 * A body as Node sends it fastest. Short and all in ASCII it goes out in one piece with its head (Node would write
 * other characters of the head as UTF-8 twice); long and in ASCII it is copied byte by byte, not encoded.
 */
const bytesOf = (body: string, headIsAscii: boolean): string | Buffer => {
  if (body.length < LONG) return headIsAscii ? body : Buffer.from(body);
  return Buffer.from(body, Buffer.byteLength(body) === body.length ? 'latin1' : 'utf8');
};

/** The gateway's own answer: its sentence as JSON. */
export const sendRefusal = (res: ServerResponse, status: RefusalStatus): void => {
  const body = refusalBody(status);
  res.writeHead(status, ['content-type', 'application/json', 'content-length', String(body.length)]);
  res.end(body);
};

/** The body of the gateway's own answer. */
export const refusalBody = (status: RefusalStatus): string => JSON.stringify({ message: REFUSALS[status] });

/** The connection is the gateway's affair, and so is the length of what it sends on it. */
const OWN_TO_THE_GATEWAY = /^(?:connection|content-length|keep-alive|transfer-encoding|upgrade)$/i;

/** Header names that were found to be valid; functions use few. */
const SENT_NAMES = new Set<string>();
const MOST_NAMES = 100;

const rememberName = (name: string): void => {
  validateHeaderName(name);
  if (SENT_NAMES.size < MOST_NAMES) SENT_NAMES.add(name);
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
