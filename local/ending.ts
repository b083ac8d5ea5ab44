/** Graceful shutdown: running requests are answered, new ones are not accepted. */
import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LAMBDA_TIMEOUT_MS } from './context.ts';

/** Time for running requests to finish, in milliseconds; longer than any of them may take. */
const GRACE_MS = LAMBDA_TIMEOUT_MS + 1000;
/** A second signal within this time counts as the first: npm forwards the one that the terminal sent to both. */
const SAME_SIGNAL_MS = 500;
/** Milliseconds between two checks for connections whose last answer was still being sent. */
const SWEEP_MS = 20;

/**
 * Watches the connections of a server.
 * @returns a function that closes the server; resolves once all running requests are answered and no connection is open
 */
export const ending = (server: Server): (() => Promise<void>) => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    // Otherwise a client that keeps sending requests would hold its connection forever.
    server.prependListener('request', (_: unknown, response: ServerResponse) => {
      response.shouldKeepAlive = false;
    });
    server.close();
    // Browsers open connections in advance; Node does not count them as idle before their first request.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    await once(server, 'close');
    clearInterval(sweep);
  };
};

/**
 * Ends the process on a signal: with 0 once everything is answered, with 1 on a second signal or after `GRACE_MS`.
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
  // npm runs us in a shell that does not forward signals: if npm is killed, the shell ends and we would stay behind.
  if (process.env.npm_lifecycle_event !== 'start') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    void onSignal();
  }, 250).unref();
};
