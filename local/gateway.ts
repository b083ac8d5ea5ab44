/**
 * The gateway on one machine: HTTP in, the event to the function of its route, the result out. What the real one
 * refuses by itself is refused here, in its words.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda';
import { refusalBody, sendRefusal, sendResult } from './answer.ts';
import { Bodies, GATEWAY_LIMITS } from './body.ts';
import { LAMBDA_TIMEOUT, LocalContext } from './context.ts';
import { type Call, readHead, toCall } from './event.ts';
import { departures } from './response-batching.ts';
import type { Router } from './routes.ts';

/** A Lambda handler, called as Node's runtime calls it. */
export type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyResultV2>;

/** Answers one request. */
export type Listener = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * Makes the listener that serves these functions.
 * @param handlers by function name: one for each that the router can name. One that throws, takes longer than Lambda
 *   allows, or returns what cannot be sent is answered 500 without a reason; the reason stands on stderr.
 * @param bodies how much is read of bodies; as the gateway does if left out
 */
export const createGateway = (
  router: Router,
  handlers: ReadonlyMap<string, Handler>,
  bodies = new Bodies(GATEWAY_LIMITS),
): Listener => {
  const watch = timeouts();
  const depart = departures();
  const send = (res: ServerResponse, result: APIGatewayProxyResultV2, fail: (reason: unknown) => void): void => {
    try {
      if (!res.headersSent) sendResult(res, result);
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

/** Milliseconds between two looks at who has run out of time: one timer for all costs less than one each. */
const LOOK = 500;

/** Watches calls: `fail` is called when one has taken longer than Lambda allows, unless it was called off by then. */
const timeouts = () => {
  const running = new Set<{ readonly until: number; readonly fail: (reason: string) => void }>();
  let looks = false;
  const look = (): void => {
    const now = Date.now();
    for (const call of running) {
      if (call.until > now) break; // they stand in the order in which they began
      running.delete(call);
      call.fail(`no answer within ${LAMBDA_TIMEOUT} ms`);
    }
    looks = running.size > 0;
    if (looks) setTimeout(look, LOOK);
  };
  return (fail: (reason: string) => void): (() => void) => {
    const call = { until: Date.now() + LAMBDA_TIMEOUT, fail };
    running.add(call);
    if (!looks) setTimeout(look, LOOK);
    looks = true;
    return () => void running.delete(call);
  };
};

/** Makes the HTTP server around a listener; it does not listen yet. */
export const createGatewayServer = (listener: Listener): Server => {
  const server = createServer({
    maxHeaderSize: 65_536, // beyond our own limit, so that it is we who answer
    requireHostHeader: false, // likewise
    keepAliveTimeout: 60_000,
    requestTimeout: 60_000, // for all of a request: what is read of a slow one is held
  });
  server.maxHeadersCount = 0; // no limit: Node would drop what is over it, and say nothing
  server.on('request', listener);
  server.on('checkContinue', listener);
  // What Node cannot read: a head without end, raw CR or LF in a header, no HTTP at all.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return socket.destroy();
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
    const body = refusalBody(status);
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n` +
        `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  return server;
};
