/** Reads request bodies, with a limit for each and for all of them together. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** In bytes. */
interface BodyLimits {
  /** Largest single body, before it is decoded. */
  readonly each: number;
  /** Total of all bodies that are being read or handled. */
  readonly together: number;
}

const MIB = 1024 * 1024;

/** The limit of API Gateway. */
export const GATEWAY_LIMITS: BodyLimits = { each: 10 * MIB, together: Number.POSITIVE_INFINITY };
/**
 * The limits of `npm start`. On Lambda each request has a process of its own; here all requests share one, and the
 * caller is only known once the body has been read.
 */
export const LOCAL_LIMITS: BodyLimits = { each: MIB, together: 64 * MIB };

/** A client that sends this many bytes after a refusal is disconnected. */
const MAX_DISCARDED_BYTES = 30 * MIB;

/** A body in memory. It counts against the total until `release` is called. */
interface Body {
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

  /** Bytes of all bodies in memory. */
  get held(): number {
    return this.#held;
  }

  /**
   * Reads the body, if there is one.
   * @param headers of the request; reading Node's `request.headers` would build that object for this alone
   * @param done called once, with the body or, as early as possible, with the status of a refusal: 413 for a body that
   *   is too large, 503 for one that does not fit beside the others. The rest of a refused body is read and dropped,
   *   since a client that is disconnected may never see the answer. Not called when the client disconnects.
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
      // A client that waits for 100 Continue may send the body or its next request anyway: only a new connection is safe.
      if (waits) res.shouldKeepAlive = false;
      done(refusal);
      drop(req, 0);
      return;
    }
    if (waits) res.writeContinue();
    // Most bodies arrive in one piece with the head. Such a body is complete at the end of this tick, since Node runs
    // ticks after each chunk; reading it directly is cheaper than stream events. (The request then never emits "end";
    // Node releases it with the next request on the connection.)
    process.nextTick(() => {
      const fits = req.readableLength === Number(length) && !this.#refusalOf(0, req.readableLength);
      const whole: Buffer | null = fits ? req.read() : null;
      if (!whole) return this.#collect(req, done);
      this.#held += whole.length;
      done(this.#body(whole, whole.length));
    });
  }

  /** The status that refuses a body of this length, `more` bytes of which would be kept now; undefined to accept it. */
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

  /** Collects a body that arrives in several chunks. */
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
    /** Called once, however the body ends. */
    const finish = (): void => {
      req.off('data', onData).off('end', onEnd).off('close', giveBack);
    };
    req.on('data', onData).on('end', onEnd).on('close', giveBack);
  }
}

/** Reads and drops the rest of a refused body, up to a limit. */
function drop(req: IncomingMessage, bytes: number): void {
  req.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > MAX_DISCARDED_BYTES) req.destroy();
  });
}
