/**
 * An HTTP API on one machine: takes a request, calls the function of its route with the event, sends the result. It
 * refuses what the real gateway refuses, in the same words.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda';
import { refusalBody, sendRefusal, sendResult } from './answer.ts';
import { Bodies, GATEWAY_LIMITS } from './body.ts';
import { LAMBDA_TIMEOUT_MS, LocalContext } from './context.ts';
import { type Call, EVENT_LIMIT_BYTES, readHead, toCall } from './event.ts';
import { departures } from './response-batching.ts';
import type { Router } from './routes.ts';
import { isRefused } from './tls/client-certificates.ts';
import { createTlsServer, type Tls } from './tls/server.ts';

/** A Lambda handler, called the way Lambda's Node.js runtime calls it. */
export type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyResultV2>;

/** Answers one request. */
export type Listener = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * Makes the listener that serves these functions.
 * @param handlers by function name, one for each function of the router. If one throws, takes longer than Lambda allows,
 *   or returns something that cannot be sent, the client gets a 500 without a reason; the reason goes to stderr.
 * @param bodies limits of request bodies; by default those of the gateway
 * @param maxAnswerBytes of a result as JSON; by default what Lambda passes on
 */
export const createGateway = (
  router: Router,
  handlers: ReadonlyMap<string, Handler>,
  bodies = new Bodies(GATEWAY_LIMITS),
  maxAnswerBytes = EVENT_LIMIT_BYTES,
): Listener => {
  const watch = timeouts();
  const depart = departures();
  const send = (res: ServerResponse, result: APIGatewayProxyResultV2, fail: (reason: unknown) => void): void => {
    try {
      if (!res.headersSent) sendResult(res, result, maxAnswerBytes);
    } catch (error) {
      fail(error);
    }
  };
  const invoke = async (res: ServerResponse, { function: name, event }: Call, release: () => void): Promise<void> => {
    const fail = (reason: unknown) => {
      console.error(`${name}:`, reason);
      if (!res.headersSent) sendRefusal(res, 500);
    };
    const inTime = watch(fail);
    try {
      const handler = handlers.get(name) as Handler;
      const result = await handler(event, new LocalContext(name, event.requestContext.requestId));
      depart(res.socket, () => send(res, result, fail));
    } catch (error) {
      fail(error);
    } finally {
      inTime();
      release();
    }
  };
  return (req, res) => {
    if (isRefused(req.socket)) return;
    const head = readHead(req);
    bodies.read(req, res, head.headers, (body) => {
      if (typeof body === 'number') return sendRefusal(res, body);
      const call = toCall(req, head, body.bytes, router);
      if (typeof call !== 'number') return void invoke(res, call, body.release);
      body.release();
      sendRefusal(res, call);
    });
  };
};

/** Milliseconds between two checks for calls that took too long: one timer for all is cheaper than one each. */
const CHECK_INTERVAL_MS = 500;

/** Watches calls: runs `fail` for a call that takes longer than Lambda allows, unless the watch was cancelled. */
const timeouts = () => {
  const running = new Set<{ readonly until: number; readonly fail: (reason: string) => void }>();
  let looks = false;
  const look = (): void => {
    const now = Date.now();
    for (const call of running) {
      if (call.until > now) break; // ordered by start
      running.delete(call);
      call.fail(`no answer within ${LAMBDA_TIMEOUT_MS} ms`);
    }
    looks = running.size > 0;
    if (looks) setTimeout(look, CHECK_INTERVAL_MS);
  };
  return (fail: (reason: string) => void): (() => void) => {
    const call = { until: Date.now() + LAMBDA_TIMEOUT_MS, fail };
    running.add(call);
    if (!looks) setTimeout(look, CHECK_INTERVAL_MS);
    looks = true;
    return () => void running.delete(call);
  };
};

/**
 * Creates the HTTP server around a listener; it does not listen yet.
 * @param tls key, certificate and authorities, for a server of https
 */
export const createGatewayServer = (listener: Listener, tls?: Tls): Server | HttpsServer => {
  const options = {
    maxHeaderSize: 65_536, // above our own limit, so that we send the answer
    requireHostHeader: false, // for the same reason
    keepAliveTimeout: 60_000,
    requestTimeout: 60_000, // for the whole request: a slow one occupies memory
  };
  const server = tls ? createTlsServer(options, tls) : createServer(options);
  server.maxHeadersCount = 0; // no limit: Node silently drops the headers above it
  server.on('request', listener);
  server.on('checkContinue', listener);
  // Node could not parse it: an unterminated head, a raw CR or LF in a header, or something other than HTTP.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const isHandshake = /^ERR_(SSL|TLS)_/.test(error.code ?? '');
    if (!socket.writable || error.code === 'ECONNRESET' || isHandshake) return socket.destroy();
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
    const body = refusalBody(status);
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n` +
        `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  return server;
};
