/** One POST to oned: the only file that opens a connection. oned closes each after one answer, so none is kept. */
import * as http from 'node:http';
import * as https from 'node:https';
import {
  answerCutOff,
  answerTimedOut,
  answerTooLarge,
  connectionFailureOf,
} from '../../../lib/adapter/connection-failure.ts';
import { SpareBytes } from './spare-bytes.ts';

/** HTTP, but not oned: a status other than 200. Its message is for the log. */
export class NotOk extends Error {
  override readonly name = 'NotOk';

  constructor(status: number | undefined) {
    super(`the answer has the status ${status}`);
  }
}

/**
 * Sends a body and gives what `read` makes of the answer's; `end` (milliseconds since the epoch) bounds all of it.
 * The bytes are used for another answer when `read` has returned, so nothing that it gives may refer to them.
 */
export type Post = <T>(body: string, end: number, read: (bytes: Buffer) => T) => Promise<T>;

/** Connects to `endpoint`; `ca` is trusted instead of the platform's authorities, `answerBytes` bounds what is read. */
export function transport(options: { endpoint: string; ca?: string | undefined; answerBytes: number }): Post {
  const { endpoint, ca, answerBytes } = options;
  const url = new URL(endpoint);
  const secure = url.protocol === 'https:';
  const { request: open } = secure ? https : http;
  const agent = secure
    ? new https.Agent({ keepAlive: false, ...(ca && { ca }) })
    : new http.Agent({ keepAlive: false });

  const spare = new SpareBytes();

  return (body, end, read) =>
    new Promise((resolve, reject) => {
      let sent = false;
      const bytes = Buffer.from(body, 'utf8');
      const headers = { 'content-type': 'text/xml; charset=utf-8', 'content-length': bytes.length, accept: 'text/xml' };
      const request = open(url, { method: 'POST', agent, headers });

      const timer = setTimeout(() => request.destroy(answerTimedOut(sent)), Math.max(1, end - Date.now()));
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(error instanceof NotOk ? error : connectionFailureOf(error, sent));
      };

      request.on('error', fail);
      request.on('socket', (socket) => {
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          sent = true;
        });
      });
      request.on('response', (response) => {
        const answer = spare.take();
        const stop = (error: Error): void => {
          request.destroy();
          fail(error);
        };
        response.on('error', fail);
        if (response.statusCode !== 200) return stop(new NotOk(response.statusCode));
        const length = Number(response.headers['content-length']);
        if (length > answerBytes) return stop(answerTooLarge(answerBytes));
        if (length > 0) answer.expect(length);
        response.on('data', (chunk: Buffer) => {
          if (answer.length + chunk.length > answerBytes) stop(answerTooLarge(answerBytes));
          else answer.add(chunk);
        });
        response.on('end', () => {
          clearTimeout(timer);
          // An answer without a length ends with the connection; whether it is whole is for its reader to say.
          try {
            resolve(read(answer.bytes()));
          } catch (error) {
            reject(error);
          } finally {
            spare.put(answer);
          }
        });
        response.on('close', () => {
          if (!response.complete) fail(answerCutOff());
        });
      });
      request.end(bytes);
    });
}
