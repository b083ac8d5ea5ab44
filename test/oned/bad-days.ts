import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How a failing site treats a call. */
export type BadDay =
  /** Carries the call out and answers after this many milliseconds. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Answers with the error page of a proxy, with this status. */
  | { readonly kind: 'html'; readonly status?: number }
  /** Carries the call out and closes the connection in the middle of the answer. */
  | { readonly kind: 'cut' }
  /** Carries the call out and closes the connection without an answer, as when the answer to a create is lost. */
  | { readonly kind: 'lost' }
  /** An answer of this many bytes without content. */
  | { readonly kind: 'huge'; readonly bytes: number }
  /** An answer that is not XML. */
  | { readonly kind: 'malformed' }
  /** Well-formed XML-RPC with this value, which is not an answer of oned. */
  | { readonly kind: 'nonsense'; readonly value: string }
  /** Closes every connection at once without carrying the call out. */
  | { readonly kind: 'down' }
  /** Takes the request and never answers. */
  | { readonly kind: 'silent' };

interface Planned {
  readonly day: BadDay;
  /** Undefined: every method. */
  readonly method: string | undefined;
  times: number;
}

/** Which failures occur, how often, and for which methods. */
export class BadDays {
  private planned: Planned[] = [];

  /** From now on, or for the next `times` calls; of one method, or of all. */
  add(day: BadDay, { method, times = Number.POSITIVE_INFINITY }: { method?: string; times?: number } = {}): void {
    this.planned.push({ day, method, times });
  }

  /** Ends all failures. */
  end(): void {
    this.planned = [];
  }

  /** What happens to a call of this method; counts it. */
  next(method: string): BadDay | undefined {
    const found = this.planned.find((plan) => plan.times > 0 && (plan.method === undefined || plan.method === method));
    if (found) found.times -= 1;
    return found?.day;
  }
}

/** Whether the call is carried out although the answer does not arrive whole. */
export const carriesOut = (day: BadDay | undefined): boolean =>
  day === undefined || ['slow', 'cut', 'lost'].includes(day.kind);

const CHUNK_BYTES = 1 << 20;

/** Sends the answer in chunks, so that a test that gives up early does not pay for all of it. */
const pour = (response: ServerResponse, bytes: number): void => {
  const more = (left: number): void => {
    if (left <= 0 || response.destroyed)
      return void response.end('</string></value></param></params></methodResponse>');
    const next = (): void => more(left - CHUNK_BYTES);
    if (response.write('x'.repeat(Math.min(CHUNK_BYTES, left)))) setImmediate(next);
    else response.once('drain', next);
  };
  more(bytes);
};

/** @param answer what a healthy site would have said; empty where the call was not carried out */
export const spoil = (day: BadDay, response: ServerResponse, socket: Socket, answer: string): void => {
  if (day.kind === 'silent') return;
  if (day.kind === 'down' || day.kind === 'lost') return void socket.destroy();
  if (day.kind === 'slow') {
    const later = setTimeout(() => response.end(answer), day.milliseconds);
    response.once('close', () => clearTimeout(later));
    return;
  }
  if (day.kind === 'html') {
    response.writeHead(day.status ?? 502, { 'content-type': 'text/html' });
    return void response.end(
      '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
    );
  }
  if (day.kind === 'malformed') return void response.end('<?xml version="1.0"?><methodResponse><params><param>');
  const head = '<?xml version="1.0"?><methodResponse><params><param><value><string>';
  if (day.kind === 'nonsense')
    return void response.end(`${head}${day.value}</string></value></param></params></methodResponse>`);
  if (day.kind === 'huge') {
    response.write(head);
    pour(response, day.bytes);
    return;
  }
  response.setHeader('content-length', Buffer.byteLength(answer));
  response.write(answer.slice(0, answer.length / 2), () => socket.destroy());
};
