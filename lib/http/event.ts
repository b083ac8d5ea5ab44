/**
 * API Gateway HTTP API event, payload 2.0 → `HttpRequest`. Events are validated here. Only the fields that are read are
 * declared. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import * as z from 'zod';
import { OcciError } from '../errors.ts';
import type { HttpRequest } from './message.ts';

const eventSchema = z.object({
  rawPath: z.string(),
  rawQueryString: z.string().default(''),
  headers: z.unknown().optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    requestId: z.string(),
    domainName: z.string(),
    http: z.object({ method: z.string() }),
  }),
});

/** Copies and checks the headers. Every request has them, so this is done by hand rather than by a slower schema. */
function listsOf(headers: unknown): HttpRequest['headers'] {
  // No prototype: a client may send a header named "constructor".
  const lists: Record<string, readonly string[]> = Object.create(null);
  if (headers === undefined) return lists;
  if (typeof headers !== 'object' || headers === null) throw new TypeError('The headers of the event are no object.');
  for (const name of Object.keys(headers)) {
    const value = (headers as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== 'string') throw new TypeError(`The header ${name} of the event is no string.`);
    // The gateway passes headers as UTF-8 and puts the replacement character for invalid bytes.
    if (value.includes('\uFFFD')) throw new OcciError('invalid', `The header ${name} is not valid UTF-8.`);
    lists[name] = [value];
  }
  return lists;
}

/** The authorizer's claims. The scheme that reads them checks their shape. */
const authorizerIn = (event: unknown): unknown =>
  (event as { readonly requestContext: { readonly authorizer?: unknown } }).requestContext.authorizer;

/**
 * The certificate with which the client opened a connection with mutual TLS, as PEM; undefined for a connection without
 * one. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mutual-tls.html Throws a `TypeError` for
 * what no gateway sends.
 */
function certificateIn(event: unknown): string | undefined {
  const { authentication } = (event as { readonly requestContext: { readonly authentication?: unknown } })
    .requestContext;
  if (authentication === undefined || authentication === null) return undefined;
  const { clientCert } = authentication as { readonly clientCert?: unknown };
  if (clientCert === undefined || clientCert === null) return undefined;
  const { clientCertPem: pem } = clientCert as { readonly clientCertPem?: unknown };
  if (typeof pem !== 'string' || pem === '') throw new TypeError('The client certificate of the event is no text.');
  return pem;
}

/** The settings that decide how an event is read, and what of it besides the message itself. */
export interface EventSettings {
  readonly publicUrl?: string | undefined;
  readonly trustProxy: boolean;
  /** Served by `npm start`, over plain http unless `https` says otherwise. */
  readonly local: boolean;
  readonly https?: boolean | undefined;
  readonly limits: {
    /** Largest body, in bytes. */
    readonly bodyBytes: number;
  };
  readonly clients?: {
    /** Whether the answers are to be such that jOCCI can read them. */
    readonly jocci: boolean;
  };
  /** Whether an auth scheme reads what the gateway's authorizer says. */
  readonly authorizer?: boolean;
  /** Whether an auth scheme reads the client certificate. */
  readonly clientCertificate?: boolean;
  /** Query parameters that an authorizer of the gateway reads; they are ignored here. */
  readonly authorizerParameters?: readonly string[] | undefined;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function bodyOf(body: string | undefined, base64: boolean, limit: number): string {
  if (!body) return '';
  const bytes = base64 ? Buffer.from(body, 'base64') : undefined;
  // A string is never longer in characters than in bytes, so short ones need no counting.
  const size = bytes?.length ?? (body.length > limit / 4 ? Buffer.byteLength(body) : 0);
  if (size > limit) throw new OcciError('tooLarge', `The request body is larger than ${limit} bytes.`);
  if (!bytes) return body;
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new OcciError('invalid', 'The request body is not valid UTF-8.', { cause });
  }
}

function queryOf(raw: string, { authorizerParameters = [] }: EventSettings): HttpRequest['query'] {
  if (raw === '') return [];
  const pairs = pairsOf(raw);
  return authorizerParameters.length === 0 ? pairs : pairs.filter(([name]) => !authorizerParameters.includes(name));
}

function pairsOf(raw: string): HttpRequest['query'] {
  return raw
    .split(/[&;]/)
    .filter((pair) => pair !== '')
    .map((pair) => {
      const cut = pair.indexOf('=');
      const text = (part: string) => decodeURIComponent(part.replaceAll('+', ' '));
      try {
        return cut < 0 ? ([text(pair), ''] as const) : ([text(pair.slice(0, cut)), text(pair.slice(cut + 1))] as const);
      } catch (cause) {
        throw new OcciError('invalid', 'The query string is not valid percent-encoding.', { cause });
      }
    });
}

/** A host name or address, with or without a port. The header's value becomes part of every URL, so it is checked. */
const AUTHORITY = /^[\w.:[\]-]+$/;

/** Scheme and authority for absolute URLs (ADR-12). */
function originOf(headers: HttpRequest['headers'], domainName: string, settings: EventSettings): string {
  if (settings.publicUrl) return settings.publicUrl;
  const forwardedHost = settings.trustProxy ? headers['x-forwarded-host']?.[0]?.split(',')[0]?.trim() : undefined;
  const forwardedScheme = settings.trustProxy ? headers['x-forwarded-proto']?.[0]?.split(',')[0]?.trim() : undefined;
  // Ignore an invalid X-Forwarded-Host; fall back to the Host header.
  const authority = forwardedHost !== undefined && AUTHORITY.test(forwardedHost) ? forwardedHost : domainName;
  if (!AUTHORITY.test(authority)) throw new OcciError('invalid', 'The Host header is empty or invalid.');
  const own = settings.local && !settings.https ? 'http' : 'https';
  const scheme = settings.trustProxy ? (forwardedScheme === 'http' ? 'http' : 'https') : own;
  return `${scheme}://${authority}`;
}

/**
 * Collapses repeated slashes, since some clients send one too many before an id (CLIENT-24). They stay at the end: the
 * gateway turns `/compute/%2F` into `/compute//`, and a script with an empty id sends the same; neither may be read as
 * the collection.
 */
function pathOf(rawPath: string): string {
  if (!rawPath.includes('//')) return rawPath;
  let end = rawPath.length;
  while (rawPath[end - 1] === '/') end--;
  return rawPath.slice(0, end).replace(/\/{2,}/g, '/') + rawPath.slice(end);
}

/**
 * Reads an event. Throws a zod error or a `TypeError` for an event that no gateway sends, and an `OcciError` for a
 * client's mistake: `tooLarge` for a body over the limit, `invalid` for bytes that are not UTF-8.
 */
export function toRequest(
  event: unknown,
  settings: EventSettings,
  answerHeaders?: HttpRequest['answerHeaders'],
): HttpRequest {
  const { rawPath, rawQueryString, headers, body, isBase64Encoded, requestContext } = eventSchema.parse(event);
  const lists = listsOf(headers);
  return {
    method: requestContext.http.method,
    path: pathOf(rawPath),
    query: queryOf(rawQueryString, settings),
    headers: lists,
    body: bodyOf(body, isBase64Encoded, settings.limits.bodyBytes),
    origin: originOf(lists, requestContext.domainName, settings),
    requestId: requestContext.requestId,
    authorizer: settings.authorizer ? authorizerIn(event) : undefined,
    clientCertificate: settings.clientCertificate ? certificateIn(event) : undefined,
    listsInLocation: settings.clients?.jocci,
    answerHeaders,
  };
}
