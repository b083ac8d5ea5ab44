/** One exchange over HTTP, on real sockets: what an answer may be, and each way in which there is none. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ConnectionFailure } from '../../../lib/adapter/connection-failure.ts';
import { type Exchange, exchanges, type HttpQuestion } from '../../../lib/adapter/http-exchange.ts';
import { AUTHORITY, Certificates, SERVER } from '../../certificates.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serving = async (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> =>
  `http://${await listening(createServer(answer))}/`;

/** A server that does with each connection what it likes. */
const connecting = async (meet: (socket: Socket, nth: number) => void): Promise<string> => {
  let count = 0;
  return `http://${await listening(
    createTcpServer((socket) =>
      meet(
        socket.on('error', () => {}),
        count++,
      ),
    ),
  )}/`;
};

const asked = (url: string, more: Partial<HttpQuestion> = {}): HttpQuestion => ({
  url,
  method: 'GET',
  headers: {},
  end: Date.now() + 20_000,
  ...more,
});

const failureOf = async (exchange: Exchange, question: HttpQuestion) => {
  const error = await exchange(question).then(
    ({ status }) => `an answer with ${status}`,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConnectionFailure);
  const { reason, sent } = error as ConnectionFailure;
  return { reason, sent };
};

const exchange = exchanges({ answerBytes: 1000 });
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('An answer', () => {
  test('comes whole, with its status, whatever that is', async () => {
    const url = await serving((request, response) => {
      request.setEncoding('utf8').on('data', (text) => {
        response.writeHead(409, { 'X-Some': ['a', 'b'] }).end(`${request.method} ${text} ${request.headers.accept}`);
      });
    });
    const reply = await exchange(asked(url, { method: 'POST', body: 'grün', headers: { accept: 'x/y' } }));
    expect([reply.status, reply.text, reply.headers['x-some']]).toEqual([409, 'POST grün x/y', 'a, b']);
  });

  test('may be a redirect, which is not followed', async () => {
    let calls = 0;
    const url = await serving((_, response) => {
      calls += 1;
      response.writeHead(302, { Location: '/elsewhere' }).end();
    });
    expect((await exchange(asked(url))).status).toBe(302);
    expect(calls).toBe(1);
  });

  test('of exactly the limit is read', async () => {
    const url = await serving((_, response) => response.end('x'.repeat(1000)));
    expect((await exchange(asked(url))).text).toHaveLength(1000);
  });

  test('is asked for on a connection that was kept, and on a new one if the question is fresh', async () => {
    const ports: (number | undefined)[] = [];
    const url = await serving((request, response) => {
      ports.push(request.socket.remotePort);
      response.end();
    });
    const own = exchanges({ answerBytes: 1000 });
    for (const fresh of [false, false, true]) await own(asked(url, { fresh }));
    expect(ports[1]).toBe(ports[0]);
    expect(ports[2]).not.toBe(ports[0]);
  });
});

describe('There is no answer', () => {
  test.each([
    ['its length says', { 'Content-Length': '1001' }],
    ['it turns out', { 'Transfer-Encoding': 'chunked' }],
  ])('when it is too large, as %s', async (_, headers) => {
    const url = await serving((__, response) => response.writeHead(200, headers as never).end('x'.repeat(1001)));
    expect(await failureOf(exchange, asked(url))).toEqual({ reason: 'tooLarge', sent: true });
  });

  test('when nobody listens', async () => {
    const url = await serving(() => {});
    for (const end of ends.splice(0)) end();
    expect(await failureOf(exchange, asked(url))).toEqual({ reason: 'refused', sent: false });
  });

  test('when the name is no host', async () => {
    expect(await failureOf(exchange, asked('http://no-such-host.invalid/'))).toEqual({
      reason: 'unreachable',
      sent: false,
    });
  });

  test('when the scheme is neither http nor https', async () => {
    expect(await failureOf(exchange, asked('file:///etc/passwd'))).toEqual({ reason: 'unreachable', sent: false });
  });

  test('when nothing comes in time', async () => {
    const url = await serving(() => {});
    expect(await failureOf(exchange, asked(url, { end: Date.now() + 500 }))).toEqual({
      reason: 'timedOut',
      sent: true,
    });
  });

  test('when its rest does not come in time', async () => {
    const url = await serving((_, response) => response.writeHead(200, { 'Content-Length': '9' }).write('x'));
    expect(await failureOf(exchange, asked(url, { end: Date.now() + 500 }))).toEqual({
      reason: 'timedOut',
      sent: true,
    });
  });

  test('when it is cut off', async () => {
    const url = await serving((_, response) => {
      response.writeHead(200, { 'Content-Length': '9' }).write('x', () => response.destroy());
    });
    expect(await failureOf(exchange, asked(url))).toEqual({ reason: 'lost', sent: true });
  });

  test('when it is no HTTP', async () => {
    const url = await connecting((socket) => socket.on('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
    expect(await failureOf(exchange, asked(url))).toEqual({ reason: 'lost', sent: true });
  });

  test('when the connection ends before it', async () => {
    const url = await connecting((socket) => socket.on('data', () => socket.destroy()));
    expect(await failureOf(exchange, asked(url))).toEqual({ reason: 'lost', sent: true });
  });

  test('when a kept connection ends under the next question, which may have been read', async () => {
    const url = await connecting((socket) => {
      let questions = 0;
      socket.on('data', () => (questions++ === 0 ? socket.write(OK) : socket.destroy()));
    });
    const own = exchanges({ answerBytes: 1000 });
    expect((await own(asked(url))).text).toBe('ok');
    expect(await failureOf(own, asked(url))).toEqual({ reason: 'lost', sent: true });
  });

  test('and what was sent or received is in no message', async () => {
    const url = await connecting((socket) => socket.on('data', () => socket.end('HTTP/1.1 2xx secret-answer\r\n')));
    const question = asked(url, { method: 'POST', headers: { 'x-auth-token': 'secret-token' }, body: 'secret-body' });
    const error = await exchange(question).catch((thrown: unknown) => thrown as Error);
    expect(JSON.stringify([error, String(error), (error as Error).stack, (error as Error).cause])).not.toMatch(
      /secret/,
    );
  });
});

describe('TLS', () => {
  const secure = async () => {
    const certificates = new Certificates();
    ends.push(() => certificates.remove());
    const authority = certificates.issue({ subject: '/CN=authority', extensions: AUTHORITY });
    const { pem, key } = certificates.issue({ subject: '/CN=server', issuer: authority, extensions: SERVER });
    const server = createTlsServer({ cert: pem, key: readFileSync(key) }, (_, response) => response.end('ok'));
    return { url: `https://${await listening(server)}/`, ca: authority.pem };
  };

  test('is spoken with a peer whose authority the settings name, on kept and on fresh connections', async () => {
    const { url, ca } = await secure();
    const own = exchanges({ ca, answerBytes: 1000 });
    for (const fresh of [false, false, true]) expect((await own(asked(url, { fresh }))).text).toBe('ok');
  });

  test('is not spoken with another peer, and nothing was sent', async () => {
    const { url } = await secure();
    for (const fresh of [false, true]) {
      expect(await failureOf(exchange, asked(url, { fresh }))).toEqual({ reason: 'tls', sent: false });
    }
  });

  test('is not spoken by a peer without it', async () => {
    const url = (await serving((_, response) => response.end())).replace('http:', 'https:');
    expect(await failureOf(exchange, asked(url))).toEqual({ reason: 'tls', sent: false });
  });
});
