import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ServiceAnswer, ServiceName } from './service.ts';

/** How a failing cloud treats a call. */
export type BadDay =
  /** Carries the call out and answers after this many milliseconds. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** The page of a proxy, with this status (502), without carrying the call out. */
  | { readonly kind: 'html'; readonly status?: number }
  /** Carries the call out and closes the connection in the middle of the answer. */
  | { readonly kind: 'cut' }
  /** Carries the call out and closes the connection without an answer. */
  | { readonly kind: 'lost' }
  /** Text with status 200 that is not JSON. */
  | { readonly kind: 'malformed' }
  /** This JSON with status 200, without carrying the call out. */
  | { readonly kind: 'nonsense'; readonly body: unknown }
  /** An answer of this many bytes, which is JSON as far as it goes. */
  | { readonly kind: 'huge'; readonly bytes: number }
  /** 429 of a proxy that counts, with Retry-After in seconds. */
  | { readonly kind: 'throttled'; readonly retryAfter?: number }
  /** 401 as for a token that has just expired. */
  | { readonly kind: 'expired' }
  /** Any answer, instead of carrying the call out. */
  | { readonly kind: 'answer'; readonly answer: ServiceAnswer }
  /** Any answer, after the call was carried out. */
  | { readonly kind: 'answerAfter'; readonly answer: ServiceAnswer }
  /** Closes the connection without carrying the call out. */
  | { readonly kind: 'down' }
  /** Takes the request and never answers; `onCall` learns that it has arrived. */
  | { readonly kind: 'silent'; readonly onCall?: () => void };

/** Which calls a bad day is for; all of them, if nothing is said. */
export interface When {
  readonly service?: ServiceName;
  readonly method?: string;
  /** Part of the path, or a pattern for the path. */
  readonly path?: string | RegExp;
  /** Tokens that bring the call. */
  readonly tokens?: ReadonlySet<string>;
  /** How many of these calls go well before; none, if nothing is said. */
  readonly after?: number;
  /** How many calls; all from now on, if nothing is said. */
  readonly times?: number;
}

interface Called {
  readonly service: ServiceName;
  readonly method: string;
  readonly path: string;
  readonly token?: string | undefined;
}

const matches = (when: When, { service, method, path, token }: Called): boolean =>
  (when.tokens === undefined || (token !== undefined && when.tokens.has(token))) &&
  (when.service === undefined || when.service === service) &&
  (when.method === undefined || when.method === method) &&
  (when.path === undefined || (typeof when.path === 'string' ? path.includes(when.path) : when.path.test(path)));

/** Which failures occur, how often, and for which calls. */
export class BadDays {
  private planned: { readonly day: BadDay; readonly when: When; left: number; before: number }[] = [];

  add(day: BadDay, when: When = {}): void {
    this.planned.push({ day, when, left: when.times ?? Number.POSITIVE_INFINITY, before: when.after ?? 0 });
  }

  /** Ends all failures. */
  end(): void {
    this.planned = [];
  }

  /** What happens to a call; counts it. */
  next(called: Called): BadDay | undefined {
    const found = this.planned.find(({ when, left }) => left > 0 && matches(when, called));
    if (!found) return undefined;
    if (found.before > 0) {
      found.before -= 1;
      return undefined;
    }
    found.left -= 1;
    return found.day;
  }
}

/** Whether the call is carried out although its answer does not arrive whole. */
export const carriesOut = (day: BadDay | undefined): boolean =>
  day === undefined || ['slow', 'cut', 'lost', 'answerAfter'].includes(day.kind);

const CHUNK_BYTES = 1 << 20;
const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html' };

/** Sends the answer in chunks, so that a test that gives up early does not pay for all of it. */
const pour = (response: ServerResponse, left: number): void => {
  if (left <= 0 || response.destroyed) return void response.end('"}');
  const next = (): void => pour(response, left - CHUNK_BYTES);
  if (response.write('x'.repeat(Math.min(CHUNK_BYTES, left)))) setImmediate(next);
  else response.once('drain', next);
};

interface Healthy {
  /** The body of what a healthy service would have said. */
  readonly bytes: Buffer;
  /** Sends that, or another answer. */
  send(other?: ServiceAnswer): void;
}

const page = (response: ServerResponse, status: number): void => {
  const title = `${status} Bad Gateway`;
  response.writeHead(status, HTML_TYPE);
  response.end(`<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`);
};

const throttled = (seconds: number): ServiceAnswer => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: { overLimit: { code: 429, message: 'This request was rate-limited.' } },
});

const later = (response: ServerResponse, milliseconds: number, send: () => void): void => {
  const timer = setTimeout(send, milliseconds);
  response.once('close', () => clearTimeout(timer));
};

const json = (response: ServerResponse, start: string | Buffer, then: () => void, lengthBytes?: number): void => {
  response.writeHead(200, { ...JSON_TYPE, ...(lengthBytes !== undefined && { 'content-length': lengthBytes }) });
  response.write(start, then);
};

/** Treats the answer to a call as the bad day says. */
export function spoil(day: BadDay, response: ServerResponse, socket: Socket, { bytes, send }: Healthy): void {
  if (day.kind === 'silent') day.onCall?.();
  else if (day.kind === 'down' || day.kind === 'lost') socket.destroy();
  else if (day.kind === 'slow') later(response, day.milliseconds, send);
  else if (day.kind === 'html') page(response, day.status ?? 502);
  else if (day.kind === 'malformed') json(response, '{"servers": [', () => response.end());
  else if (day.kind === 'nonsense') send({ status: 200, body: day.body });
  else if (day.kind === 'throttled') send(throttled(day.retryAfter ?? 7));
  else if (day.kind === 'expired') send();
  else if (day.kind === 'huge') json(response, '{"x": "', () => pour(response, day.bytes));
  else if (day.kind === 'cut')
    json(response, bytes.subarray(0, bytes.length / 2), () => socket.destroy(), bytes.length + 1);
  else send(day.answer);
}
