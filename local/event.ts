/** Turns a node:http request into the event of an HTTP API (payload 2.0), or into the refusal that the gateway sends. */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Router } from './routes.ts';
import { clientCertificateOf } from './tls/client-certificates.ts';

/** Answers that the gateway sends itself; the request never reaches a function. */
export const REFUSALS = {
  400: 'Bad Request',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;
export type RefusalStatus = keyof typeof REFUSALS;

/** Request line and header values together, in bytes. */
const HEAD_LIMIT_BYTES = 10_240;
/** Largest event or result as JSON, in bytes: Lambda's limit for one call. */
export const EVENT_LIMIT_BYTES = 6 * 1024 * 1024;

/** An accepted request and the function that will answer it. */
export interface Call {
  event: APIGatewayProxyEventV2;
  function: string;
}

/** Builds the call for a request whose head and body have been read. */
export const toCall = (
  req: IncomingMessage,
  { headers, cookies, bytes }: Head,
  body: Buffer | undefined,
  router: Router,
): Call | RefusalStatus => {
  const { method = '', url = '', httpVersion } = req;
  if (method.length + url.length + ' HTTP/1.1'.length + 1 + bytes > HEAD_LIMIT_BYTES) return 431;
  const { host } = headers;
  const mark = url.indexOf('?');
  const rawPath = decodePath(mark < 0 ? url : url.slice(0, mark));
  if (!host || rawPath === undefined) return 400;
  const match = router(method, rawPath);
  if (!match) return 404;

  const rawQueryString = mark < 0 ? '' : url.slice(mark + 1);
  const now = Date.now();
  const clientCert = clientCertificateOf(req.socket);
  const event: APIGatewayProxyEventV2 = {
    version: '2.0',
    routeKey: match.routeKey,
    rawPath,
    rawQueryString,
    headers,
    requestContext: {
      accountId: 'local',
      apiId: 'local',
      domainName: host,
      domainPrefix: 'local',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${httpVersion}`,
        sourceIp: req.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: match.routeKey,
      stage: '$default',
      time: logTime(now),
      timeEpoch: now,
    },
    isBase64Encoded: false,
  };
  if (clientCert) event.requestContext.authentication = { clientCert };
  if (cookies) event.cookies = cookies;
  if (rawQueryString) event.queryStringParameters = joinParameters(rawQueryString);
  if (match.proxy !== undefined) event.pathParameters = { proxy: match.proxy };
  if (body?.length) {
    event.isBase64Encoded = !isText(headers['content-type'], body);
    event.body = body.toString(event.isBase64Encoded ? 'base64' : 'utf8');
    if (isOver(event, body.length)) return 413;
  }
  return { event, function: match.function };
};

/** The headers in the form of an event, and the length of their values in bytes. */
interface Head {
  readonly headers: Record<string, string>;
  readonly cookies: string[] | undefined;
  readonly bytes: number;
}

/** Joins repeated headers with commas and keeps cookies apart, as the gateway does; values are UTF-8 here. */
export const readHead = ({ rawHeaders: raw }: IncomingMessage): Head => {
  // No prototype, since a client may send a header named "constructor".
  const headers: Record<string, string> = Object.create(null);
  let cookies: string[] | undefined;
  let bytes = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    const latin1 = raw[at + 1] as string;
    bytes += latin1.length;
    const value = isAscii(latin1) ? latin1 : Buffer.from(latin1, 'latin1').toString();
    if (name === 'cookie') {
      cookies = [...(cookies ?? []), ...value.split(';').map((cookie) => cookie.trim())];
    } else {
      const before = headers[name];
      headers[name] = before === undefined ? value : `${before},${value}`;
    }
  }
  return { headers, cookies, bytes };
};

/** Node decodes header bytes as Latin-1; a value with a non-ASCII byte is decoded again, as UTF-8. */
const isAscii = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
};

/**
 * Decodes once and keeps a trailing slash; undefined if it cannot. The gateway decodes `%2F` and `%3F` too, and ends the
 * path at a decoded "?", so that `/storage/%3Fx` is `/storage/` to the function. Such a path names nothing here; it is
 * refused here, where it can still be distinguished from the collection.
 */
const decodePath = (path: string): string | undefined => {
  // A proxy sends an absolute URL in the request line.
  const plain = path.startsWith('/') ? path : /^https?:\/\/[^/]*(\/.*)$/i.exec(path)?.[1];
  if (!plain?.includes('%')) return plain;
  if (/%2f|%3f/i.test(plain)) return undefined;
  try {
    return decodeURIComponent(plain);
  } catch {
    return undefined;
  }
};

const joinParameters = (query: string): Record<string, string> => {
  const parameters: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  }
  return parameters;
};

/** Textual media types are passed as text; all others, and text that is not valid UTF-8, as base64. */
const isText = (contentType: string | undefined, body: Buffer): boolean =>
  (contentType === undefined || /^\s*text\/|json|xml|javascript/i.test(contentType)) && isUtf8(body);

/** JSON needs at most six characters per byte, so a small body need not be counted. */
const isOver = (event: APIGatewayProxyEventV2, bodyBytes: number): boolean =>
  bodyBytes * 6 > EVENT_LIMIT_BYTES - 200_000 && Buffer.byteLength(JSON.stringify(event)) > EVENT_LIMIT_BYTES;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
let lastSecond = 0;
let lastTime = '';

/** Such as `21/Nov/2026:20:25:00 +0000`; formatted once per second. */
const logTime = (now: number): string => {
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    const [date = '', time = ''] = new Date(now).toISOString().split('T');
    const [year, month, day] = date.split('-');
    lastSecond = second;
    lastTime = `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
  }
  return lastTime;
};
