/** How a connection to a cloud fails: one list of reasons for all adapters that open connections themselves. */

/**
 * - `refused`, `unreachable`: no connection could be made.
 * - `lost`: the connection ended before the answer was complete.
 * - `tls`: the certificate is not trusted, or the peer does not speak TLS.
 * - `timedOut`: the answer was not complete in time.
 * - `tooLarge`: the answer is longer than the limit.
 */
export type ConnectionFailureReason = 'refused' | 'unreachable' | 'lost' | 'tls' | 'timedOut' | 'tooLarge';

/** No usable answer. Its message is for the log and contains nothing that was sent or received. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  readonly reason: ConnectionFailureReason;
  /** True when the request may have reached the cloud. */
  readonly sent: boolean;

  constructor(reason: ConnectionFailureReason, message: string, sent: boolean) {
    super(message);
    this.reason = reason;
    this.sent = sent;
  }
}

const NO_CONNECTION = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL']);

const TLS = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_|EPROTO)/;

/** The failure that an error of Node's means. Drops the error itself, because it holds the bytes that were received. */
export function connectionFailureOf(error: NodeJS.ErrnoException, sent: boolean): ConnectionFailure {
  if (error instanceof ConnectionFailure) return error;
  const code = error.code ?? '';
  const message = `the connection failed: ${code || error.name}`;
  if (code === 'ECONNREFUSED') return new ConnectionFailure('refused', message, false);
  if (!sent && NO_CONNECTION.has(code)) return new ConnectionFailure('unreachable', message, false);
  if (!sent && TLS.test(code)) return new ConnectionFailure('tls', message, false);
  return new ConnectionFailure('lost', message, sent);
}

export const answerTimedOut = (sent: boolean): ConnectionFailure =>
  new ConnectionFailure('timedOut', 'the answer did not come in time', sent);

export const answerTooLarge = (limitBytes: number): ConnectionFailure =>
  new ConnectionFailure('tooLarge', `the answer is longer than ${limitBytes} bytes`, true);

export const answerCutOff = (): ConnectionFailure =>
  new ConnectionFailure('lost', 'the connection closed within the answer', true);
