/** One POST to oned: the only file that opens a connection. oned closes each after one answer, so none is kept. */
import * as http from 'node:http';
import * as https from 'node:https';
import { SpareBytes } from './spare-bytes.ts';

/**
 * - `refused`, `unreachable`: no connection could be made.
 * - `lost`: the connection ended before the answer was complete.
 * - `tls`: the certificate is not trusted, or the peer does not speak TLS.
 * - `timedOut`: the answer was not complete in time.
 * - `tooLarge`: the answer is longer than the limit.
 * - `notOk`: HTTP, but not oned: a status other than 200.
 */
type TransportReason = 'refused' | 'unreachable' | 'lost' | 'tls' | 'timedOut' | 'tooLarge' | 'notOk';

/** No usable answer. Its message is for the log and contains nothing that was sent or received. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  readonly reason: TransportReason;
  /** True when the call may have reached oned. */
  readonly sent: boolean;

  constructor(reason: TransportReason, message: string, sent: boolean) {
    super(message);
    this.reason = reason;
    this.sent = sent;
  }
}

/**
 * Sends a body and gives what `read` makes of the answer's; `end` (milliseconds since the epoch) bounds all of it.
 * The bytes are used for another answer when `read` has returned, so nothing that it gives may refer to them.
 */
export type Post = <T>(body: string, end: number, read: (bytes: Buffer) => T) => Promise<T>;

const NO_CONNECTION = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL']);

/** Without the error itself: Node's hold the bytes that were received. */
function failureOf(error: NodeJS.ErrnoException, sent: boolean): TransportFailure {
  if (error instanceof TransportFailure) return error;
  const code = error.code ?? '';
  const message = `the connection failed: ${code || error.name}`;
  if (code === 'ECONNREFUSED') return new TransportFailure('refused', message, false);
  if (!sent && NO_CONNECTION.has(code)) return new TransportFailure('unreachable', message, false);
  if (!sent && /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_|EPROTO)/.test(code)) {
    return new TransportFailure('tls', message, false);
  }
  return new TransportFailure('lost', message, sent);
}

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

      const timer = setTimeout(
        () => request.destroy(new TransportFailure('timedOut', 'the answer did not come in time', sent)),
        Math.max(1, end - Date.now()),
      );
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(failureOf(error, sent));
      };

      request.on('error', fail);
      request.on('socket', (socket) => {
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          sent = true;
        });
      });
      request.on('response', (response) => {
        const answer = spare.take();
        const stop = (reason: TransportReason, message: string): void => {
          request.destroy();
          fail(new TransportFailure(reason, message, true));
        };
        response.on('error', fail);
        if (response.statusCode !== 200) return stop('notOk', `the answer has the status ${response.statusCode}`);
        const length = Number(response.headers['content-length']);
        if (length > answerBytes) return stop('tooLarge', `the answer is longer than ${answerBytes} bytes`);
        if (length > 0) answer.expect(length);
        response.on('data', (chunk: Buffer) => {
          if (answer.length + chunk.length > answerBytes)
            stop('tooLarge', `the answer is longer than ${answerBytes} bytes`);
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
          if (!response.complete) fail(new TransportFailure('lost', 'the connection closed within the answer', true));
        });
      });
      request.end(bytes);
    });
}
