/** How the server ends: what has begun is answered, nothing new is taken. */
import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LAMBDA_TIMEOUT } from './context.ts';

/** Milliseconds that running requests have: every one of them is answered by then. */
const GRACE_MS = LAMBDA_TIMEOUT + 1000;
/** Milliseconds within which a second signal is the first once more: npm passes on what the terminal has sent to both. */
const SAME_SIGNAL_MS = 500;
/** Milliseconds between two looks at connections whose last answer was still going out. */
const SWEEP_MS = 20;

/**
 * Watches the connections of a server.
 * @returns what ends it: resolves when every request that has begun is answered and no connection is open
 */
export const ending = (server: Server): (() => Promise<void>) => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    // A client that asks again and again would keep its connection for ever.
    server.prependListener('request', (_: unknown, response: ServerResponse) => {
      response.shouldKeepAlive = false;
    });
    server.close();
    // Browsers open connections before they need them; without a request they do not count as idle.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    await once(server, 'close');
    clearInterval(sweep);
  };
};

/**
 * Ends the process on a signal, with 0 when all was answered. A second signal ends it at once, with 1, and so does
 * the end of `GRACE_MS`.
 */
export const endOn = (signals: readonly NodeJS.Signals[], end: () => Promise<void>): void => {
  let began: number | undefined;
  const onSignal = async () => {
    if (began !== undefined) {
      if (performance.now() - began > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    began = performance.now();
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    await end();
    process.exit(0);
  };
  for (const signal of signals) process.on(signal, () => void onSignal());
  // npm puts a shell between itself and us that passes no signal on: when npm is killed, the shell goes and we would
  // stay.
  if (process.env.npm_lifecycle_event !== 'start') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    void onSignal();
  }, 250).unref();
};
