/**
 * Cross-origin requests (https://fetch.spec.whatwg.org/#http-cors-protocol), answered by this service. If the gateway
 * handled CORS it would answer every OPTIONS request, which OCCI needs.
 */
import { VARY } from './caching.ts';
import type { Result } from './result.ts';

export interface CorsSettings {
  readonly origins: '*' | readonly string[];
  readonly credentials: boolean;
  /** Request headers to allow in addition to those that OCCI clients send. */
  readonly headers: readonly string[];
  /** Seconds. */
  readonly maxAge: number;
}

/** The decision for one request: an answer to a preflight, or headers to add to its answer. */
export interface CrossOrigin {
  readonly preflight?: Result;
  readonly headers: Readonly<Record<string, string>>;
  /** True if the page that sent the request may change something. */
  readonly mayChange?: true;
}

const METHODS = 'GET, HEAD, POST, PUT, DELETE, OPTIONS';

/** Request headers that OCCI clients send. */
const SENT = [
  'Accept',
  'Authorization',
  'Category',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Link',
  'User-Agent',
  'X-Auth-Token',
  'X-OCCI-Attribute',
  'X-OCCI-Category',
  'X-OCCI-Link',
  'X-OCCI-Location',
];

/** Response headers that OCCI clients read. Beyond these a page sees only the CORS-safelisted ones. */
const READ = [
  'Accept',
  'Allow',
  'Category',
  'ETag',
  'Link',
  'Location',
  'Retry-After',
  'Server',
  'WWW-Authenticate',
  'X-OCCI-Attribute',
  'X-OCCI-Error',
  'X-OCCI-Location',
  'X-OCCI-Omitted',
  'X-Request-Id',
].join(', ');

/** Types of a body that a page may send anywhere without a preflight (Fetch, "CORS-safelisted request-header"). */
const SENT_UNASKED = /^\s*($|(text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)\b)/i;

/**
 * Headers that no page sends without a preflight. `Authorization` is not among them, nor are the conditions of a
 * cache: a browser adds them by itself.
 */
const SENT_ONCE_ASKED = SENT.filter((name) => !/^(Accept|Authorization|Content-Type|If-.*|User-Agent)$/.test(name)).map(
  (name) => name.toLowerCase(),
);

/** Credentials that a browser never adds by itself, as it does with Basic, Digest, NTLM and Negotiate. */
const SENT_BY_SCRIPT = /^(Bearer|AWS4-HMAC-SHA256) /i;

/**
 * Whether a browser sends such a request only after a preflight. With origins `*` our answer to the preflight allows no
 * credentials, so the browser has added none of its own: whatever the request may do, it does with credentials that the
 * page itself has. A form or a POST of plain text needs no preflight and carries everything that the browser keeps.
 */
function hasAsked(method: unknown, headers: Readonly<Record<string, unknown>>): boolean {
  return (
    method !== 'POST' ||
    !SENT_UNASKED.test(String(headers['content-type'] ?? 'text/plain')) ||
    SENT_BY_SCRIPT.test(String(headers.authorization ?? '')) ||
    SENT_ONCE_ASKED.some((name) => headers[name] !== undefined)
  );
}

/** Makes what decides about requests by these settings. It reads the event as it comes, which may be no event at all. */
export function crossOrigin({
  origins,
  credentials,
  headers: more,
  maxAge,
}: CorsSettings): (event: object) => CrossOrigin {
  // An answer that depends on the origin must not be given to another one by a cache.
  const vary = origins === '*' ? undefined : { Vary: `${VARY}, Origin` };
  const sent = [...SENT, ...more].join(', ');
  const nothing: CrossOrigin = { headers: { ...vary } };

  const grantOf = (origin: string): Record<string, string> | undefined => {
    if (origins !== '*' && !origins.includes(origin)) return undefined;
    return {
      'Access-Control-Allow-Origin': origins === '*' ? '*' : origin,
      ...(credentials && { 'Access-Control-Allow-Credentials': 'true' }),
      ...vary,
    };
  };
  const answerTo = (grant: Record<string, string> | undefined): Result => ({
    statusCode: 204,
    headers: {
      ...(grant && {
        ...grant,
        'Access-Control-Allow-Methods': METHODS,
        'Access-Control-Allow-Headers': sent,
        'Access-Control-Max-Age': String(maxAge),
      }),
      ...vary,
    },
    body: '',
    isBase64Encoded: false,
  });

  return (event) => {
    const { headers, requestContext } = event as {
      readonly headers?: Readonly<Record<string, unknown>>;
      readonly requestContext?: { readonly http?: { readonly method?: unknown } };
    };
    const origin = headers?.origin;
    if (typeof origin !== 'string') return nothing;
    const grant = grantOf(origin);
    const method = requestContext?.http?.method;
    if (method === 'OPTIONS' && headers?.['access-control-request-method'] !== undefined) {
      return { preflight: answerTo(grant), headers: nothing.headers };
    }
    if (!grant) return nothing;
    const granted = { headers: { ...grant, 'Access-Control-Expose-Headers': READ } };
    return origins !== '*' || hasAsked(method, headers!) ? { ...granted, mayChange: true } : granted;
  };
}
