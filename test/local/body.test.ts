/** How much `npm start` holds of what is sent to it: 1 MiB of each body, 64 MiB of all. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyResultV2 } from 'aws-lambda';
import { Bodies, LOCAL_LIMITS } from '../../local/body.ts';
import { createGateway, createGatewayServer } from '../../local/gateway.ts';
import { createRouter } from '../../local/routes.ts';

const MIB = 1024 * 1024;
const PIECE = Buffer.alloc(MIB, 'x');

let bodies: Bodies;
let server: Server;
let port: number;
let handled: number[];
/** What the function waits for. */
let ready: Promise<void>;
const sockets = new Set<Socket>();

beforeEach(async () => {
  bodies = new Bodies(LOCAL_LIMITS);
  handled = [];
  ready = Promise.resolve();
  const router = createRouter([{ name: 'one', module: '', handler: '', routeKeys: ['$default'] }]);
  const handler = async ({ body = '' }): Promise<APIGatewayProxyResultV2> => {
    handled.push(body.length);
    await ready;
    return { statusCode: 200, body: 'ok' };
  };
  server = createGatewayServer(createGateway(router, new Map([['one', handler]]), bodies));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server.close();
  server.closeAllConnections();
});

interface Sender {
  readonly socket: Socket;
  /** Status of the first answer, 0 while there is none. */
  status(): number;
  text(): string;
}

/** Sends a head and as much of a body. */
const sender = (head: readonly string[], ...body: readonly (Buffer | string)[]): Sender => {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  sockets.add(socket);
  let text = '';
  socket.on('data', (part) => {
    text += part.toString('latin1');
  });
  socket.write(['POST / HTTP/1.1', 'Host: x', ...head, '', ''].join('\r\n'));
  for (const part of body) socket.write(part);
  return { socket, text: () => text, status: () => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0) };
};
const announcing = (length: number, ...body: readonly (Buffer | string)[]) =>
  sender([`Content-Length: ${length}`], ...body);

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) {
    expect(bodies.held).toBeLessThanOrEqual(LOCAL_LIMITS.together);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};
const counted = (senders: readonly Sender[], status: number) => senders.filter((one) => one.status() === status).length;

describe('Of one body', () => {
  test('1 MiB is read and handled', async () => {
    const whole = announcing(MIB, PIECE);
    await until(() => whole.status() !== 0);
    expect([whole.status(), handled]).toEqual([200, [MIB]]);
    await until(() => bodies.held === 0);
  });

  test('more is refused as soon as it is announced, and nothing is held', async () => {
    const one = announcing(MIB + 1);
    await until(() => one.status() !== 0);
    expect([one.status(), bodies.held, handled]).toEqual([413, 0, []]);
  });

  test('more is refused as soon as it has come, where it is not announced', async () => {
    const chunk = `${PIECE.length.toString(16)}\r\n`;
    const one = sender(['Transfer-Encoding: chunked'], chunk, PIECE, '\r\n1\r\n');
    await until(() => bodies.held === MIB);
    expect(one.status()).toBe(0);
    one.socket.write('x');
    await until(() => one.status() !== 0);
    expect([one.status(), bodies.held, handled]).toEqual([413, 0, []]);
  });

  test('more is refused to one who waits for the word to send it, on this connection for good', async () => {
    const one = sender([`Content-Length: ${MIB + 1}`, 'Expect: 100-continue']);
    await once(one.socket, 'close');
    expect(one.text()).toMatch(/^HTTP\/1\.1 413 .*connection: close/is);
  });

  test('nothing is held any more once its client has gone', async () => {
    const one = announcing(MIB, PIECE.subarray(1));
    await until(() => bodies.held === MIB - 1);
    one.socket.destroy();
    await until(() => bodies.held === 0);
    expect(handled).toEqual([]);
  });

  test('nothing is held once the request is refused', async () => {
    const socket = connect(port, '127.0.0.1');
    sockets.add(socket);
    socket.write('POST /%zz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 400 /);
    expect(bodies.held).toBe(0);
  });

  test('a slow one has a minute', () => {
    expect([server.requestTimeout, server.headersTimeout]).toEqual([60_000, 60_000]);
  });
});

describe('Of a hundred bodies', () => {
  test('that stop before their end, 64 MiB are held, and the rest are sent away', async () => {
    const senders = Array.from({ length: 100 }, () => announcing(MIB, PIECE.subarray(1)));
    await until(() => counted(senders, 503) >= 36);
    expect(bodies.held).toBeGreaterThan(50 * MIB);
    expect(senders.find((one) => one.status() === 503)!.text()).toMatch(
      /^HTTP\/1\.1 503 Service Unavailable\r\n.*retry-after: 1\r\n.*\{"message":"Service Unavailable"\}$/s,
    );
    for (const { socket } of senders) socket.destroy();
    await until(() => bodies.held === 0);
    const next = announcing(5, 'hello');
    await until(() => next.status() !== 0);
    expect([next.status(), handled]).toEqual([200, [5]]);
  });

  test('that never end, none is held', async () => {
    const chunk = Buffer.concat([Buffer.from(`${MIB.toString(16)}\r\n`), PIECE, Buffer.from('\r\n')]);
    const senders = Array.from({ length: 100 }, () => sender(['Transfer-Encoding: chunked'], chunk, chunk));
    await until(() => counted(senders, 413) + counted(senders, 503) === 100);
    await until(() => bodies.held === 0);
    expect(handled).toEqual([]);
  });

  test('64 are handled at a time; a new one is not read, and what has no body is answered', async () => {
    let open = () => {};
    ready = new Promise((resolve) => {
      open = resolve;
    });
    const first = Array.from({ length: 64 }, () => announcing(MIB, PIECE));
    await until(() => handled.length === 64);
    expect(bodies.held).toBe(64 * MIB);
    const late = [announcing(1), sender(['Content-Length: 1', 'Expect: 100-continue'])];
    await until(() => counted(late, 503) === 2);
    const bodiless = sender([]);
    await until(() => handled.length === 65);
    open();
    await until(() => counted([...first, bodiless], 200) === 65);
    expect(bodies.held).toBe(0);
    const next = announcing(1, 'x');
    await until(() => next.status() !== 0);
    expect(next.status()).toBe(200);
  });
});
