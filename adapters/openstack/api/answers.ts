/** Answers of the services: JSON as a value, and each shape of an error as a refusal. */
import type * as z from 'zod';
import type { HttpReply } from '../../../lib/adapter/http-exchange.ts';
import { OcciError } from '../../../lib/errors.ts';
import { Refusal } from './refusal.ts';
import type { ServiceName } from './services.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** JSON, or undefined for what is none: the page of a proxy, or nothing at all. */
function jsonOf({ text }: HttpReply): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `<br /><br />` and line ends, which WebOb appends. */
const withoutMarkup = (sentence: string): string => sentence.replace(/<[^<>]{0,20}>/g, ' ').trim();

/**
 * What an error says, in any of the shapes of the services: `{"badRequest": {"code", "message"}}` (Nova, Cinder),
 * `{"NeutronError": {"type", "message"}}`, `{"error": {"code", "message", "title"}}` (Keystone and its middleware), and
 * `{"message", "code": "404 Not Found", "title"}` (WebOb: Glance, unknown paths). Undefined for what is none of these.
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

const secondsIn = (headers: HttpReply['headers']): number | undefined => {
  const value = headers['retry-after'];
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
};

/**
 * The refusal in an answer. An error that is not in the service's own shape comes from a proxy in front of it, or is a
 * page of the web server: its status alone counts.
 */
export function refusalIn(service: ServiceName, reply: HttpReply): Refusal {
  const retryAfterSeconds = secondsIn(reply.headers);
  return new Refusal(service, reply.status, { ...toldBy(jsonOf(reply)), retryAfterSeconds });
}

/** The value of an answer. Throws `unavailable` for what is not JSON or not of this shape; the cause names the places only. */
export function valueIn<T>(reply: HttpReply, shape: z.ZodType<T>, unknownOutcome: boolean): T {
  const { data, error } = shape.safeParse(jsonOf(reply));
  if (!error) return data as T;
  const places = error.issues.slice(0, 3).map(({ path, code }) => `${path.join('/')} (${code})`);
  throw new OcciError('unavailable', 'The cloud gave an answer that cannot be used.', {
    cause: new Error(`not as expected: ${places.join(', ')}`),
    unknownOutcome,
    headers: { 'Retry-After': '5' },
  });
}
