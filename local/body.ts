/** Bodies of requests: how much is read of one, and how much is held of all. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** In bytes. */
export interface BodyLimits {
  /** Of one body, before anything is made of it. */
  readonly each: number;
  /** Of all bodies that are being read or handled. */
  readonly together: number;
}

const MIB = 1024 * 1024;

/** What API Gateway takes. */
export const GATEWAY_LIMITS: BodyLimits = { each: 10 * MIB, together: Number.POSITIVE_INFINITY };
/**
 * What `npm start` takes. On Lambda each request has a process of its own; here all share one, and the caller is known
 * only once the body is read.
 */
export const LOCAL_LIMITS: BodyLimits = { each: MIB, together: 64 * MIB };

/** A client that sends this much more after a refusal is cut off. */
const PATIENCE = 30 * MIB;

/** A body that was read. It counts as held until `release` is called. */
export interface Body {
  readonly bytes: Buffer | undefined;
  release(): void;
}

const NONE: Body = { bytes: undefined, release: () => {} };

/** Reads bodies within limits. */
export class Bodies {
  readonly #limits: BodyLimits;
  #held = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** Bytes of all bodies that are being read or handled. */
  get held(): number {
    return this.#held;
  }

  /**
   * Reads the body, if there is one.
   * @param headers those of the request; Node's own `headers` would be put together for nothing else
   * @param done is called once: with the body, or, as soon as that is known, with the status of a refusal: 413 for one
   *   that is too large, 503 where it does not fit beside the others. What still comes is then read and dropped, since
   *   a client that is cut off may never see the answer. It is not called when the client goes away.
   */
  read(
    req: IncomingMessage,
    res: ServerResponse,
    headers: Readonly<Record<string, string>>,
    done: (body: Body | 413 | 503) => void,
  ): void {
    const length = headers['content-length'];
    if (headers['transfer-encoding'] === undefined && (length === undefined || length === '0')) {
      done(NONE);
      return;
    }
    const waits = headers.expect !== undefined && req.httpVersion === '1.1';
    const refusal = this.#refusalOf(Number(length ?? 0), 0);
    if (refusal) {
      // A client that waits for 100 may send its next request or the body all the same: only a new connection is safe.
      if (waits) res.shouldKeepAlive = false;
      done(refusal);
      drop(req, 0);
      return;
    }
    if (waits) res.writeContinue();
    // Most bodies come in one piece with their head. Such a one is there once this tick is over, since Node lets ticks
    // run after each piece, and is taken as it is: the events of a stream cost more. (This request then never says that
    // it has ended; Node lets go of it with the next one of its connection.)
    process.nextTick(() => {
      const fits = req.readableLength === Number(length) && !this.#refusalOf(0, req.readableLength);
      const whole: Buffer | null = fits ? req.read() : null;
      if (!whole) return this.#collect(req, done);
      this.#held += whole.length;
      done(this.#body(whole, whole.length));
    });
  }

  /** Why a body of this length, of which `more` bytes are to be held now, is not taken; undefined where it is. */
  #refusalOf(length: number, more: number): 413 | 503 | undefined {
    if (length > this.#limits.each) return 413;
    return this.#held + Math.max(length, more) > this.#limits.together ? 503 : undefined;
  }

  #body(bytes: Buffer, held: number): Body {
    return {
      bytes,
      release: () => {
        this.#held -= held;
        held = 0;
      },
    };
  }

  /** Puts a body together that comes in pieces. */
  #collect(req: IncomingMessage, done: (body: Body | 413 | 503) => void): void {
    const parts: Buffer[] = [];
    let bytes = 0;
    const giveBack = () => {
      this.#held -= bytes;
      bytes = 0;
    };
    const onData = (part: Buffer): void => {
      const refusal = bytes + part.length > this.#limits.each ? 413 : this.#refusalOf(0, part.length);
      if (!refusal) {
        parts.push(part);
        bytes += part.length;
        this.#held += part.length;
        return;
      }
      finish();
      const dropped = bytes + part.length;
      giveBack();
      parts.length = 0;
      done(refusal);
      drop(req, dropped);
    };
    const onEnd = (): void => {
      finish();
      done(this.#body(parts.length === 1 ? parts[0]! : Buffer.concat(parts), bytes));
    };
    /** Once, whatever ends it. */
    const finish = (): void => {
      req.off('data', onData).off('end', onEnd).off('close', giveBack);
    };
    req.on('data', onData).on('end', onEnd).on('close', giveBack);
  }
}

/** Reads what still comes of a body that is refused, for a while. */
function drop(req: IncomingMessage, bytes: number): void {
  req.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > PATIENCE) req.destroy();
  });
}
