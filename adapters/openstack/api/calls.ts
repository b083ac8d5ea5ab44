/** Sends calls to the services of one cloud: attempts, time, and reports of each. */
import type * as z from 'zod';
import { ANSWER_MARGIN_MS, attempts } from '../../../lib/adapter/attempts.ts';
import { ConnectionFailure } from '../../../lib/adapter/connection-failure.ts';
import type { NativeCallReport } from '../../../lib/adapter/contract.ts';
import type { Exchange, HttpReply } from '../../../lib/adapter/http-exchange.ts';
import { OcciError } from '../../../lib/errors.ts';
import { notFollowed, refusalIn, valueIn } from './answers.ts';
import type { CallAnswer, CallOptions } from './call.ts';
import type { Path } from './path.ts';
import { type Meaning, Refusal } from './refusal.ts';
import type { ServiceName } from './services.ts';

const AGAIN = { 'Retry-After': '5' };

/** One call, whole. */
export interface NativeCall<T> extends CallOptions {
  readonly service: ServiceName;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Base URL of the service, with a slash at the end. */
  readonly base: string;
  readonly path: Path;
  readonly shape: z.ZodType<T>;
}

interface Limits {
  /** When the request must be answered, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly timeoutSeconds: number;
  readonly onNativeCall?: ((report: NativeCallReport) => void) | undefined;
}

/** The tables of refusals are a sixth of the adapter's code, and are loaded with the first refusal. */
const meaningOfRefusals = async (): Promise<Meaning> => (await import('./refusals/index.ts')).meaning;

/** Performs a call. Throws `Refusal`, and `OcciError` where there is no usable answer. */
export type Calls = <T>(call: NativeCall<T>) => Promise<CallAnswer<T>>;

function urlOf({ base, path, query = {} }: NativeCall<unknown>): string {
  const url = new URL(base + path.text);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
  }
  return url.href;
}

/** Answers that a proxy or a service under load gives without having done anything that counts. */
const isPassing = (error: unknown): boolean =>
  (error instanceof ConnectionFailure && error.reason !== 'tls' && error.reason !== 'tooLarge') ||
  (error instanceof Refusal && [502, 503, 504].includes(error.status));

const outcomeOf = (error: unknown): string =>
  error instanceof Refusal
    ? `refused ${error.status}`
    : error instanceof ConnectionFailure
      ? error.reason
      : 'not understood';

const failedAs = (error: unknown): NativeCallReport['failed'] =>
  error instanceof Refusal
    ? error.status === 429
      ? 'throttled'
      : error.status >= 500
        ? 'broken'
        : undefined
    : 'broken';

/** A failure without an answer as the client sees it; a refusal stays what it is. */
function clientFailure(error: unknown, isRead: boolean): unknown {
  if (!(error instanceof ConnectionFailure)) return error;
  const details = { cause: error, unknownOutcome: !isRead && error.sent, headers: AGAIN };
  if (error.reason === 'timedOut') return new OcciError('timedOut', 'The cloud did not answer in time.', details);
  if (error.reason === 'tooLarge')
    return new OcciError('unavailable', 'The cloud gave an answer that is too large.', details);
  return new OcciError('unavailable', 'The cloud cannot be reached.', details);
}

/** The calls of one request. */
export function callsOf(exchange: Exchange, { deadline, timeoutSeconds, onNativeCall }: Limits): Calls {
  const last = deadline - ANSWER_MARGIN_MS;

  const attempt = async <T>(call: NativeCall<T>, end: number): Promise<CallAnswer<T>> => {
    const { service, method, path, shape, body, headers } = call;
    const isRead = method === 'GET' || method === 'HEAD';
    if (Date.now() >= end) throw new ConnectionFailure('timedOut', 'no time was left for the call', false);
    const started = performance.now();
    let outcome = 'ok';
    let failed: NativeCallReport['failed'];
    try {
      const reply: HttpReply = await exchange({
        url: urlOf(call),
        method,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        end,
        // A kept connection may have ended unseen: what must not be sent twice never meets that.
        fresh: !isRead && call.repeatable !== true,
      });
      if (reply.status >= 400) throw refusalIn(service, reply, isRead, await meaningOfRefusals(), path.name);
      if (reply.status >= 300) throw notFollowed(reply, !isRead);
      return { status: reply.status, headers: reply.headers, value: valueIn(reply, shape, !isRead) };
    } catch (error) {
      outcome = outcomeOf(error);
      failed = failedAs(error);
      throw error;
    } finally {
      const milliseconds = Math.round(performance.now() - started);
      onNativeCall?.({ call: `${service} ${method} ${path.name}`, milliseconds, outcome, failed });
    }
  };

  return async (call) => {
    const isRead = call.method === 'GET' || call.method === 'HEAD';
    const end = Math.min(last, Date.now() + timeoutSeconds * 1000, call.end ?? last);
    const mayRepeat = (error: unknown) => {
      const neverSent = error instanceof ConnectionFailure && !error.sent;
      return isPassing(error) && (isRead || call.repeatable === true || neverSent);
    };
    try {
      return await attempts(() => attempt(call, end), { mayRepeat, end: () => end });
    } catch (error) {
      throw clientFailure(error, isRead);
    }
  };
}
