/** One exchange over HTTP with a cloud, for adapters whose cloud has a JSON API: bounded in time and size. */
import * as http from 'node:http';
import * as https from 'node:https';
import {
  answerCutOff,
  answerTimedOut,
  answerTooLarge,
  ConnectionFailure,
  connectionFailureOf,
} from './connection-failure.ts';

export interface HttpQuestion {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** On a connection of its own, for what must not be sent again if a kept one turns out to have ended. */
  readonly fresh?: boolean;
  /** When the answer must be complete, in milliseconds since the epoch. */
  readonly end: number;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case; several fields of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Sends a question, and gives the whole reply, whatever its status; redirects are not followed. Throws `ConnectionFailure`. */
export type Exchange = (question: HttpQuestion) => Promise<HttpReply>;

const joined = (headers: http.IncomingHttpHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

/** A connection that the peer closes while it is idle is opened anew; keeping one saves a handshake for each call. */
const KEPT = { keepAlive: true, keepAliveMsecs: 10_000, maxFreeSockets: 8 } as const;

/** `ca` is trusted instead of the platform's authorities; `answerBytes` bounds what is read of one answer. */
export function exchanges(options: { readonly ca?: string | undefined; readonly answerBytes: number }): Exchange {
  const { ca, answerBytes } = options;
  const trusting = ca === undefined ? {} : { ca };
  const kept = { 'http:': new http.Agent(KEPT), 'https:': new https.Agent({ ...KEPT, ...trusting }) };
  const fresh = { 'http:': new http.Agent(), 'https:': new https.Agent(trusting) };

  return ({ url: text, method, headers, body, end, fresh: isFresh = false }) =>
    new Promise((resolve, reject) => {
      const url = new URL(text);
      if (!/^https?:$/.test(url.protocol)) {
        reject(new ConnectionFailure('unreachable', `${url.protocol} is neither http nor https`, false));
        return;
      }
      const agents = isFresh ? fresh : kept;
      const isSecure = url.protocol === 'https:';
      const bytes = body === undefined ? undefined : Buffer.from(body, 'utf8');
      const length = bytes ? { 'content-length': String(bytes.length) } : {};
      const request = (isSecure ? https : http).request(url, {
        method,
        agent: isSecure ? agents['https:'] : agents['http:'],
        headers: { ...headers, ...length },
      });
      let sent = false;
      const timer = setTimeout(() => request.destroy(answerTimedOut(sent)), Math.max(1, end - Date.now()));
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(connectionFailureOf(error, sent));
      };
      request.on('error', fail);
      request.on('socket', (socket) => {
        const isOpen = !socket.connecting;
        if (isOpen) sent = true;
        else socket.once(isSecure ? 'secureConnect' : 'connect', () => (sent = true));
      });
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const tooLarge = (): void => {
          request.destroy();
          fail(answerTooLarge(answerBytes));
        };
        response.on('error', fail);
        if (Number(response.headers['content-length']) > answerBytes) return tooLarge();
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > answerBytes) tooLarge();
          else chunks.push(chunk);
        });
        response.on('end', () => {
          if (!response.complete) return;
          clearTimeout(timer);
          const { statusCode = 0 } = response;
          resolve({ status: statusCode, headers: joined(response.headers), text: Buffer.concat(chunks).toString() });
        });
        response.on('close', () => {
          if (!response.complete) fail(answerCutOff());
        });
      });
      request.end(bytes);
    });
}
