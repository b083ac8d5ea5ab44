/** Batches responses: those that are ready in the same turn of the event loop are sent together at its end. */
import type { Socket } from 'node:net';

/** Sends a response on this socket, now or at the end of the turn. */
export type Depart = (socket: Socket | null, send: () => void) => void;

/** Longest time that a response waits for others, in milliseconds: a turn may contain long ones. */
const MAX_WAIT_MS = 5;

/**
 * Each write wakes up the process at the other end, which took up to a sixth of a request's time with many connections;
 * when writes follow each other closely, the reader is mostly awake already. If only one connection is active, it is
 * answered at once: there is nothing to wait for.
 * @param now a monotonic clock, in milliseconds
 */
export const departures = (now: () => number = () => performance.now()): Depart => {
  let ready: (() => void)[] = [];
  let since = 0;
  let last: Socket | null = null;
  const sendAll = (): void => {
    const sends = ready;
    ready = [];
    for (const send of sends) send();
  };
  return (socket, send) => {
    const isAlone = socket === last && ready.length === 0;
    last = socket;
    if (isAlone) send();
    else if (ready.push(send) === 1) {
      since = now();
      setImmediate(sendAll);
    } else if (now() - since > MAX_WAIT_MS) sendAll();
  };
};
