/** When answers leave: those that are ready in one turn of the event loop leave together, at its end. */
import type { Socket } from 'node:net';

/** Sends an answer to whoever is at this socket, now or at the end of the turn. */
export type Depart = (socket: Socket | null, send: () => void) => void;

/** Milliseconds from which on an answer does not wait for others: a turn may have long ones to make. */
const LONGEST_WAIT = 5;

/**
 * Each write wakes whoever waits at the other end, and with many connections that was up to a sixth of the time of a
 * request; of writes that follow one another most find the reader awake. A connection that asks again and again, while
 * no other does, is answered at once: there is nothing to wait for.
 * @param now milliseconds of a clock that never goes back
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
    } else if (now() - since > LONGEST_WAIT) sendAll();
  };
};
