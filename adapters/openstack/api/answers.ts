/** Answers of the services: JSON as a value, and each shape of an error as a refusal. */

import type * as z from 'zod';
import type { HttpReply } from '../../../lib/adapter/http-exchange.ts';
import { OcciError } from '../../../lib/errors.ts';
import { firstParse } from '../../../lib/first-parse.ts';
import { type Meaning, Refusal } from './refusal.ts';
import type { ServiceName } from './services.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** JSON, nothing at all, or what is neither: the page of a proxy, or an answer that was cut off. */
type Content = { readonly is: 'json'; readonly value: unknown } | { readonly is: 'nothing' } | { readonly is: 'other' };

function contentOf({ text }: HttpReply): Content {
  if (text === '') return { is: 'nothing' };
  try {
    return { is: 'json', value: JSON.parse(text) as unknown };
  } catch {
    return { is: 'other' };
  }
}

/** `<br /><br />` and line ends, which WebOb appends. */
const withoutMarkup = (sentence: string): string => sentence.replace(/<[^<>]{0,20}>/g, ' ').trim();

/**
 * What an error says, in any of the shapes of the services: `{"badRequest": {"code", "message"}}` (Nova, Cinder),
 * `{"NeutronError": {"type", "message"}}`, `{"error": {"code", "message", "title"}}` (Keystone and its middleware), and
 * `{"message", "code": "404 Not Found", "title"}` (WebOb: Glance, unknown paths). Undefined for any other JSON.
 */
function toldBy(value: unknown): { readonly type: string; readonly sentence: string } | undefined {
  if (!isRecord(value)) return undefined;
  if (typeof value.message === 'string') return { type: textOf(value.title), sentence: withoutMarkup(value.message) };
  const [only] = Object.entries(value);
  if (!only) return undefined;
  const [key, inner] = only;
  if (typeof inner === 'string') return { type: key, sentence: inner };
  if (!isRecord(inner)) return undefined;
  const type = key === 'NeutronError' ? textOf(inner.type) : key === 'error' ? textOf(inner.title) : key;
  return { type, sentence: withoutMarkup(textOf(inner.message)) };
}

/** Longest `Retry-After` that is believed. */
const MAX_RETRY_SECONDS = 86_400;

/** `Retry-After` in seconds, which it may have as a date (RFC 9110 §10.2.3). */
function secondsIn({ 'retry-after': value }: HttpReply['headers']): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), MAX_RETRY_SECONDS);
}

const requestIdIn = ({ 'x-openstack-request-id': id }: HttpReply['headers']): string | undefined =>
  id !== undefined && /^req-[0-9a-f-]{1,60}$/.test(id) ? id : undefined;

/**
 * Statuses that say something of the request or of the thing that it names. Only the service itself can know that: a page
 * of a proxy with one of them must not pass for a machine that is gone.
 */
const ABOUT_THE_THING: readonly number[] = [400, 404, 405, 406, 409, 410, 412, 415];

/** The refusal in an answer. An error that is not in the service's own shape comes from a proxy in front of it. */
export function refusalIn(
  service: ServiceName,
  reply: HttpReply,
  isRead: boolean,
  meaning: Meaning,
  path?: string,
): Refusal {
  const retryAfterSeconds = secondsIn(reply.headers);
  const content = contentOf(reply);
  const told = content.is === 'json' ? toldBy(content.value) : undefined;
  const isFromProxy = told === undefined && ABOUT_THE_THING.includes(reply.status);
  const status = isFromProxy ? 502 : reply.status;
  return new Refusal(service, status, meaning, {
    ...(isFromProxy ? { sentence: `${reply.status}, not in the form of the service` } : told),
    retryAfterSeconds,
    requestId: requestIdIn(reply.headers),
    mayHaveActed: !isRead && status >= 500,
    path,
    isRead,
  });
}

const notUsable = (why: string, unknownOutcome: boolean): OcciError =>
  new OcciError('unavailable', 'The cloud gave an answer that cannot be used.', {
    cause: new Error(why),
    unknownOutcome,
    headers: { 'Retry-After': '5' },
  });

/** The failure of a redirect, which is not followed: the token is for the service that the catalogue names. */
export const notFollowed = ({ status }: HttpReply, unknownOutcome: boolean): OcciError =>
  notUsable(`${status} is a redirect`, unknownOutcome);

/** The value of an answer. Throws `unavailable` for what is not JSON or not of this shape; the cause names the places only. */
export function valueIn<T>(reply: HttpReply, shape: z.ZodType<T>, unknownOutcome: boolean): T {
  const content = contentOf(reply);
  if (content.is === 'other') throw notUsable('not JSON', unknownOutcome);
  const { data, error } = shape.safeParse(content.is === 'json' ? content.value : undefined, firstParse(shape));
  if (!error) return data as T;
  const places = error.issues.slice(0, 3).map(({ path, code }) => `${path.join('/')} (${code})`);
  throw notUsable(`not as expected: ${places.join(', ')}`, unknownOutcome);
}
