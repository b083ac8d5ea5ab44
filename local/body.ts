/** The body of a request, as long as it is one that the gateway takes. */
import type { IncomingMessage } from 'node:http';

/** Bytes of a body before anything is made of it. */
export const BODY_LIMIT = 10 * 1024 * 1024;
/** Someone who sends this much more, though already refused, is cut off. */
const PATIENCE = 3 * BODY_LIMIT;

/** True when the head of the request already says that its body is over the limit. */
export const announcesTooMuch = (headers: Readonly<Record<string, string | string[] | undefined>>): boolean =>
  Number(headers['content-length']) > BODY_LIMIT;

/**
 * Reads the body, if there is one.
 * @param headers those of the request; Node's own `headers` would be put together for nothing else
 * @param done is called once: with the body, with undefined when there is none, or with `tooLarge` as soon as that is
 *   known; what still comes is then read and dropped, since a client that is cut off may never see the answer. It is
 *   not called when the client goes away.
 */
export const readBody = (
  req: IncomingMessage,
  headers: Readonly<Record<string, string>>,
  done: (body: Buffer | undefined | 'tooLarge') => void,
): void => {
  const length = headers['content-length'];
  if (headers['transfer-encoding'] === undefined && (length === undefined || length === '0')) {
    done(undefined);
    return;
  }

  if (announcesTooMuch(headers)) {
    done('tooLarge');
    collect(req, true, done);
    return;
  }
  // Most bodies come in one piece with their head. Such a one is there once this tick is over, since Node lets ticks
  // run after each piece, and is taken as it is: the events of a stream cost more. (This request then never says that
  // it has ended; Node lets go of it with the next one of its connection.)
  process.nextTick(() => {
    const whole: Buffer | null = req.readableLength === Number(length) ? req.read() : null;
    if (whole) done(whole);
    else collect(req, false, done);
  });
};

/** Puts a body together that comes in pieces; `refused` when the answer is given already. */
const collect = (req: IncomingMessage, refused: boolean, done: (body: Buffer | 'tooLarge') => void): void => {
  const parts: Buffer[] = [];
  let bytes = 0;
  req.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes <= BODY_LIMIT) {
      if (!refused) parts.push(part);
    } else if (!refused) {
      refused = true;
      parts.length = 0;
      done('tooLarge');
    } else if (bytes > BODY_LIMIT + PATIENCE) {
      req.destroy();
    }
  });
  req.on('end', () => {
    if (!refused) done(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
  });
};
