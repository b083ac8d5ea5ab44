import { once } from 'node:events';
import { type Server, STATUS_CODES } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda';
import { createGateway, createGatewayServer } from '../../local/gateway.ts';
import { createRouter } from '../../local/routes.ts';

const MB = 1024 * 1024;
const OK = { statusCode: 200, body: 'ok' };

/** What the function was called with last, and what it does about it. */
let event: APIGatewayProxyEventV2;
let context: Context;
let calls = 0;
let respond: (event: APIGatewayProxyEventV2) => unknown;

let server: Server;
let port: number;

const serve = async (): Promise<void> => {
  const routeKeys = ['ANY /compute', 'ANY /compute/{proxy+}', '$default'];
  const router = createRouter([{ name: 'one', module: '', handler: '', routeKeys }]);
  const handler = async (given: APIGatewayProxyEventV2, givenContext: Context) => {
    [event, context] = [given, givenContext];
    calls++;
    return respond(given) as APIGatewayProxyResultV2;
  };
  server = createGatewayServer(createGateway(router, new Map([['one', handler]])));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
};
const end = (): void => {
  server.close();
  server.closeAllConnections();
};

beforeAll(serve);
beforeEach(() => {
  calls = 0;
  respond = () => OK;
});
afterAll(end);

interface Reply {
  status: number;
  reason: string;
  /** As they came, in order. */
  lines: string[];
  headers: Record<string, string>;
  /** One character for each byte, like the lines. */
  body: string;
  /** Where the body begins in the bytes of the response, and where it ends. */
  bodyAt: number;
  end: number;
}

/** Between two pieces: time enough for the first to arrive alone. */
const PAUSE = 'a pause';

/** Sends bytes as they are (one character for each) and reads one response until its length is there. */
const exchange = (...bytes: (string | Buffer)[]): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let reply: Reply | undefined;
    socket.on('error', reject);
    socket.on('data', (part) => {
      text += part.toString('latin1');
      reply ??= readHead(text);
      if (!reply || text.length < reply.end) return;
      resolve({ ...reply, body: text.slice(reply.bodyAt) });
      socket.destroy();
    });
    const write = async (): Promise<void> => {
      for (const part of bytes) {
        if (part === PAUSE) await new Promise((go) => setTimeout(go, 20));
        else socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
      }
    };
    void write();
  });

/** Sends packets over one connection, each after the answer to the one before; the bodies of so many answers. */
const converse = (packets: readonly string[], answers: number): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').on('error', reject);
    const bodies: string[] = [];
    let text = '';
    let next = 0;
    const send = () => void (packets[next] !== undefined && socket.write(packets[next++]!));
    socket.on('data', (part) => {
      text += part.toString('latin1');
      for (let reply = readHead(text); reply && text.length >= reply.end; reply = readHead(text)) {
        bodies.push(text.slice(reply.bodyAt, reply.end));
        text = text.slice(reply.end);
        send();
      }
      if (bodies.length < answers) return;
      resolve(bodies);
      socket.destroy();
    });
    send();
  });

const readHead = (text: string): Reply | undefined => {
  const bodyAt = text.indexOf('\r\n\r\n') + 4;
  if (bodyAt < 4) return undefined;
  const [first = '', ...lines] = text.slice(0, bodyAt - 4).split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(': ', 2)));
  const [, status, reason = ''] = /^HTTP\/1\.1 (\d+) (.*)$/.exec(first) ?? [];
  const end = bodyAt + Number(headers['content-length'] ?? 0);
  return { status: Number(status), reason, lines, headers, body: '', bodyAt, end };
};

const get = (target: string, ...headers: string[]) =>
  exchange(['GET', target, 'HTTP/1.1\r\n'].join(' '), [`Host: occi:1`, ...headers, '', ''].join('\r\n'));

const post = (body: string | Buffer, ...headers: string[]) => {
  const head = ['POST /compute/ HTTP/1.1', 'Host: occi:1', `Content-Length: ${body.length}`, ...headers, '', ''];
  return exchange(head.join('\r\n'), body);
};

const refusal = (status: number, message: string) => ({
  status,
  reason: STATUS_CODES[status],
  headers: expect.objectContaining({ 'content-type': 'application/json' }),
  body: JSON.stringify({ message }),
});

describe('the event', () => {
  test('is one of payload 2.0', async () => {
    await get('/compute/a/?x=1&x=2&y=%20&flag', 'User-Agent: me');
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'ANY /compute/{proxy+}',
      rawPath: '/compute/a/',
      rawQueryString: 'x=1&x=2&y=%20&flag',
      queryStringParameters: { x: '1,2', y: ' ', flag: '' },
      pathParameters: { proxy: 'a/' },
      headers: { host: 'occi:1', 'user-agent': 'me' },
      requestContext: {
        accountId: 'local',
        apiId: 'local',
        domainName: 'occi:1',
        domainPrefix: 'local',
        http: { method: 'GET', path: '/compute/a/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'me' },
        requestId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/),
        routeKey: 'ANY /compute/{proxy+}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
    expect(context.awsRequestId).toBe(event.requestContext.requestId);
    expect(context.functionName).toBe('one');
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(28_000);
    expect(context.getRemainingTimeInMillis()).toBeLessThanOrEqual(29_000);
  });

  test('joins repeated headers in their order, and tells nothing of their capitals', async () => {
    await get('/', 'Category: a; title="x, y"', 'X-OCCI-Attribute: p="1"', 'CATEGORY: b', 'x-occi-attribute: q=2');
    expect(event.headers).toEqual({ host: 'occi:1', category: 'a; title="x, y",b', 'x-occi-attribute': 'p="1",q=2' });
  });

  test('keeps headers that share a name with what objects have', async () => {
    await get('/', 'constructor: a', '__proto__: b', 'toString: c');
    expect(JSON.parse(JSON.stringify(event.headers))).toEqual(
      JSON.parse('{"host":"occi:1","constructor":"a","__proto__":"b","tostring":"c"}'),
    );
  });

  test('holds 3,000 headers, each of them', async () => {
    await get('/', ...Array.from({ length: 3000 }, (_, at) => `c: ${at % 10}`));
    expect(event.headers.c?.split(',')).toHaveLength(3000);
  });

  test('has cookies apart', async () => {
    await get('/', 'Cookie: a=1; b=2', 'Cookie: c=3');
    expect(event.cookies).toEqual(['a=1', 'b=2', 'c=3']);
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test('reads header bytes as UTF-8', async () => {
    await get('/', `X-Title: ${Buffer.from('Zürich ☃').toString('latin1')}`);
    expect(event.headers['x-title']).toBe('Zürich ☃');
  });

  test.each([
    ['/a/b%20c/', '/a/b c/', ''],
    ['/%C3%A9', '/é', ''],
    ['/a%252F', '/a%2F', ''],
    ['/a/c?d=%3F&e=%2F', '/a/c', 'd=%3F&e=%2F'],
    ['/a+b', '/a+b', ''],
    ['/a//b', '/a//b', ''],
    ['/?', '/', ''],
    ['/a?b?c', '/a', 'b?c'],
    ['/a?x=%zz', '/a', 'x=%zz'],
    ['http://other:80/a/?b', '/a/', 'b'],
  ])('of %s has the path %s and the query "%s"', async (target, path, query) => {
    expect((await get(target)).status).toBe(200);
    expect([event.rawPath, event.requestContext.http.path, event.rawQueryString]).toEqual([path, path, query]);
  });

  test('has no body where none was sent', async () => {
    await get('/');
    expect(event).not.toHaveProperty('body');
    await post('');
    expect(event).not.toHaveProperty('body');
  });

  test.each([
    ['text/plain', 'Category: é'],
    ['Text/OCCI; charset=utf-8', ''],
    ['text/plain,text/occi', 'x'],
    ['application/json', '{"a":"☃"}'],
    ['application/occi+json', '{}'],
    [undefined, 'x'],
  ])('has a body of type %s as it is', async (type, body) => {
    await post(Buffer.from(body), ...(type ? [`Content-Type: ${type}`] : []));
    expect(event.isBase64Encoded).toBe(false);
    expect(event.body ?? '').toBe(body);
  });

  test.each([
    ['application/octet-stream', Buffer.from('text')],
    ['application/x-www-form-urlencoded', Buffer.from('a=b')],
    ['text/plain', Buffer.from([0x61, 0xff, 0xfe])],
    [undefined, Buffer.from([0xc3])],
  ])('has a body of type %s that may not be text in base64', async (type, body) => {
    await post(body, ...(type ? [`Content-Type: ${type}`] : []));
    expect(event.isBase64Encoded).toBe(true);
    expect(Buffer.from(event.body ?? '', 'base64')).toEqual(body);
  });

  test('has a chunked body in one piece', async () => {
    const chunks = '3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n';
    await exchange(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`);
    expect(event.body).toBe('abcdefg');
  });

  test('has a body that comes later than its head, and in pieces', async () => {
    const pieces = ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n', 'ab', 'cd', 'ef'];
    await exchange(...pieces.flatMap((piece) => [piece, PAUSE]));
    expect(event.body).toBe('abcdef');
  });

  test('has a body that waited for the word to send it', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n');
    const [word] = await once(socket, 'data');
    expect(String(word)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('ab');
    await once(socket, 'data');
    socket.destroy();
    expect(event.body).toBe('ab');
  });

  test('has the body of a GET', async () => {
    await exchange('GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab');
    expect(event.body).toBe('ab');
  });
});

describe('one connection', () => {
  const sent = (body: string, path = '/') =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
  beforeEach(() => {
    respond = ({ body = 'none' }) => ({ statusCode: 200, body });
  });

  test.each([
    ['two bodies in one packet', [sent('one') + sent('two')], ['one', 'two']],
    ['two bodies, one after the other', [sent('one'), sent('two')], ['one', 'two']],
    ['a body and no body in one packet', [sent('one') + GET], ['one', 'none']],
    ['a body and no body, one after the other', [sent('one'), GET, sent('two')], ['one', 'none', 'two']],
    ['a long body and a short one', [sent('x'.repeat(200_000)), sent('two')], ['x'.repeat(200_000), 'two']],
    ['a body that was refused and another', [sent('one', '/%zz'), sent('two')], ['{"message":"Bad Request"}', 'two']],
  ])('carries %s', async (_, packets, bodies) => {
    expect(await converse(packets, bodies.length)).toEqual(bodies);
  });

  test('carries a body and then ends, where the client says so', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\n';
    const socket = connect(port, '127.0.0.1').end(`${head}one`);
    let text = '';
    socket.on('data', (part) => {
      text += part.toString();
    });
    await once(socket, 'close');
    expect(text).toMatch(/\r\n\r\none$/);
  });
});

test('answers of two connections that are ready in one turn leave at its end', async () => {
  // None takes long, however busy this machine is.
  const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
  const left: string[] = [];
  let open = (): void => {};
  const ready = new Promise<void>((resolve) => {
    open = resolve;
  });
  respond = async ({ rawPath }) => {
    await ready;
    const headers = () => {
      left.push(rawPath);
      return {};
    };
    return Object.defineProperty({ ...OK }, 'headers', { get: headers, enumerable: true });
  };
  const replies = [get('/a'), get('/b')];
  while (calls < 2) await new Promise(setImmediate);
  open();
  for (let n = 0; n < 100; n++) await undefined;
  expect(left).toEqual([]);
  await Promise.all(replies);
  expect(left.toSorted()).toEqual(['/a', '/b']);
  clock.mockRestore();
});

describe('the gateway itself refuses', () => {
  const head = (line: string) => `${line}\r\nHost: x\r\n`;
  const GET = head('GET / HTTP/1.1');

  test.each([
    ['a path that cannot be decoded', head('GET /%zz HTTP/1.1')],
    ['a path with an encoded slash', head('GET /a%2f HTTP/1.1')],
    ['a path with an encoded question mark', head('GET /a/%3Fb HTTP/1.1')],
    ['a path that is not UTF-8', head('GET /%ff HTTP/1.1')],
    ['a target that is no path', head('OPTIONS * HTTP/1.1')],
    ['a space in the path', head('GET /a b HTTP/1.1')],
    ['raw bytes in the path', head('GET /\xc3\xa9 HTTP/1.1')],
    ['no Host', 'GET / HTTP/1.1\r\n'],
    ['a raw LF in a header', `${GET}A: b\nc\r\n`],
    ['a raw CR in a header', `${GET}A: b\rc\r\n`],
    ['a folded header', `${GET}A: b\r\n c\r\n`],
    ['a control character in a header', `${GET}A: b\x01c\r\n`],
    ['two lengths', `${GET}Content-Length: 1\r\nContent-Length: 2\r\n`],
    ['a length and chunks', `${GET}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n`],
    ['a chunk without a length', `${GET}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['what is not HTTP', 'hello\r\n'],
  ])('%s', async (_, bytes) => {
    expect(await exchange(`${bytes}\r\n`)).toMatchObject(refusal(400, 'Bad Request'));
    expect(calls).toBe(0);
  });

  test('more than 10,240 bytes of request line and header values', async () => {
    // The line without its end, the Host, and what is left for one more value.
    const left = 10_240 - 'GET / HTTP/1.1'.length - 'occi:1'.length;
    expect((await get('/', `A: ${'x'.repeat(left)}`)).status).toBe(200);
    expect(await get('/', `A: ${'x'.repeat(left + 1)}`)).toMatchObject(refusal(431, 'Request Header Fields Too Large'));
    expect(await get(`/?${'x'.repeat(10_300)}`)).toMatchObject(refusal(431, 'Request Header Fields Too Large'));
    expect(await get('/', `A: ${'x'.repeat(90_000)}`)).toMatchObject(refusal(431, 'Request Header Fields Too Large'));
    expect(calls).toBe(1);
  });

  test('a body over 10 MB, announced or not', async () => {
    const tooLarge = refusal(413, 'Request Entity Too Large');
    const announced = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${10 * MB + 1}\r\n`;
    expect(await exchange(`${announced}\r\n`)).toMatchObject(tooLarge);
    expect(await exchange(`${announced}Expect: 100-continue\r\n\r\n`)).toMatchObject(tooLarge);
    const chunk = `${MB.toString(16)}\r\n${'x'.repeat(MB)}\r\n`;
    const chunked = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await exchange(chunked, ...Array.from({ length: 12 }, () => chunk))).toMatchObject(tooLarge);
    expect(calls).toBe(0);
  });

  test('an event over 6 MB, base64 and all', async () => {
    const tooLarge = refusal(413, 'Request Entity Too Large');
    const text = 'Content-Type: text/plain';
    expect((await post('x'.repeat(6 * MB - 2000), text)).status).toBe(200);
    expect(await post('x'.repeat(6 * MB), text)).toMatchObject(tooLarge);
    expect(await post('"'.repeat(4 * MB), text)).toMatchObject(tooLarge);
    expect((await post('x'.repeat(4 * MB))).status).toBe(200);
    expect(await post('x'.repeat(5 * MB), 'Content-Type: image/png')).toMatchObject(tooLarge);
  });

  test('and serves the next request on the same connection', async () => {
    const { body } = await exchange('GET /%zz HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n');
    expect(body).toContain('Bad Request');
    expect(calls).toBe(1);
  });
});

describe('a result', () => {
  const answer = async (result: unknown, method = 'GET') => {
    respond = () => result;
    return exchange(`${method} / HTTP/1.1\r\nHost: x\r\n\r\n`);
  };

  test('is sent as it is, with its length', async () => {
    const headers = { 'Content-Type': 'text/occi', Server: 'OCCI/1.2', Link: '</a>; rel="b, c"', 'X-Number': 5 };
    const { status, reason, lines, body } = await answer({ statusCode: 201, headers, body: 'é' });
    expect([status, reason, body]).toEqual([201, 'Created', '\xc3\xa9']);
    expect(lines.slice(0, 5)).toEqual([
      'Content-Type: text/occi',
      'Server: OCCI/1.2',
      'Link: </a>; rel="b, c"',
      'X-Number: 5',
      'content-length: 2',
    ]);
  });

  test('sends one line for each cookie', async () => {
    const { lines } = await answer({ statusCode: 200, cookies: ['a=1', 'b=2'] });
    expect(lines).toEqual(expect.arrayContaining(['set-cookie: a=1', 'set-cookie: b=2']));
  });

  test('may hold bytes in base64', async () => {
    const body = Buffer.from([0, 255, 10]).toString('base64');
    expect((await answer({ statusCode: 200, body, isBase64Encoded: true })).body).toBe('\x00\xff\n');
  });

  test('sends header values beyond ASCII as UTF-8, and so the body', async () => {
    const { lines, body } = await answer({ statusCode: 200, headers: { A: 'é☃' }, body: 'é' });
    expect(lines[0]).toBe(`A: ${Buffer.from('é☃').toString('latin1')}`);
    expect(body).toBe('\xc3\xa9');
  });

  test.each([
    ['short', 'ok'],
    ['long', 'x'.repeat(20_000)],
  ])('sends them once encoded beside a body in ASCII, a %s one', async (_, sent) => {
    const { lines, body } = await answer({ statusCode: 200, headers: { A: 'é☃' }, body: sent });
    expect(lines[0]).toBe(`A: ${Buffer.from('é☃').toString('latin1')}`);
    expect(body).toBe(sent);
  });

  test('decides nothing about the connection', async () => {
    const headers = { Connection: 'close', 'Transfer-Encoding': 'chunked', 'Content-Length': '99', 'Keep-Alive': 'x' };
    const reply = await answer({ ...OK, headers });
    expect(reply.headers).toMatchObject({ connection: 'keep-alive', 'content-length': '2' });
    expect(reply.headers).not.toHaveProperty('transfer-encoding');
    expect(reply.body).toBe('ok');
  });

  test('to HEAD has the length of what it leaves out', async () => {
    const head = async (result: object) => {
      respond = () => result;
      const socket = connect(port, '127.0.0.1');
      socket.end('HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      let text = '';
      for await (const part of socket) text += part;
      expect(text.endsWith('\r\n\r\n')).toBe(true);
      return /content-length: (\d+)/i.exec(text)?.[1];
    };
    expect(await head(OK)).toBe('2');
    expect(await head({ statusCode: 200 })).toBeUndefined();
    expect(await head({ statusCode: 200, headers: { 'Content-Length': '7' } })).toBe('7');
  });

  test.each([204, 304])('of status %i has neither body nor length', async (statusCode) => {
    respond = () => ({ statusCode, body: 'none' });
    const socket = connect(port, '127.0.0.1');
    socket.end('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const part of socket) text += part;
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${statusCode} `));
    expect(text).not.toMatch(/content-length|none/i);
  });

  test('without a status is a 200 in JSON', async () => {
    expect(await answer({ a: 1 })).toMatchObject({ status: 200, body: '{"a":1}' });
    expect(await answer('text')).toMatchObject({ status: 200, body: 'text' });
    expect((await answer(undefined)).headers['content-type']).toBe('application/json');
  });

  describe('that cannot be sent is a 500 without a reason', () => {
    const ERROR = refusal(500, 'Internal Server Error');
    const log = jest.spyOn(console, 'error');
    beforeEach(() => {
      log.mockReset().mockImplementation(() => {});
    });
    afterAll(() => log.mockRestore());

    test.each([
      ['a status below 200', { statusCode: 99 }],
      ['a status of 101', { statusCode: 101 }],
      ['a status above 599', { statusCode: 700 }],
      ['a status that is no number', { statusCode: 'fine' }],
      ['a header with a line end', { statusCode: 200, headers: { A: 'b\r\nC: d' } }],
      ['the same without a body, 204', { statusCode: 204, headers: { A: 'b\r\nC: d' } }],
      ['the same without a body, 304', { statusCode: 304, headers: { A: 'b\r\nC: d' } }],
      ['a cookie with a line end', { statusCode: 200, cookies: ['a\nb'] }],
      ['a header name with a space', { statusCode: 204, headers: { 'A b': 'c' } }],
      ['a control character beside UTF-8', { statusCode: 200, headers: { A: 'é\x01' } }],
      ['a body over 6 MB', { statusCode: 200, body: 'x'.repeat(6 * MB) }],
      ['a body that is over 6 MB as JSON', { statusCode: 200, body: '"'.repeat(4 * MB) }],
    ])('%s', async (_, result) => {
      expect(await answer(result)).toMatchObject(ERROR);
      expect(log).toHaveBeenCalledTimes(1);
    });

    test('an error, whose reason is on stderr', async () => {
      const failure = new Error('secret');
      respond = () => {
        throw failure;
      };
      expect(await get('/')).toMatchObject(ERROR);
      expect(log).toHaveBeenCalledWith('one:', failure);
    });

    test('none within 29 s', async () => {
      // A server of its own, whose timers are all the pretended ones.
      end();
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
      await serve();
      respond = () => new Promise(() => {});
      const reply = get('/');
      while (calls === 0) await new Promise((resolve) => setImmediate(resolve));
      jest.advanceTimersByTime(29_500);
      expect(await reply).toMatchObject(ERROR);
      jest.useRealTimers();
    });

    test('and the server goes on', async () => {
      respond = () => OK;
      expect((await get('/')).status).toBe(200);
    });
  });

  test('of just under 6 MB arrives whole', async () => {
    const { status, body } = await answer({ statusCode: 200, body: 'x'.repeat(6 * MB - 1000) });
    expect([status, body.length]).toEqual([200, 6 * MB - 1000]);
  });
});
