/** Requests that are odd before anybody looks into their payload: targets, queries, headers, methods. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { category, entity, list, make, plain } from '../lib/operations/payloads.ts';

let endpoint: Endpoint;
let web: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute' });
});
afterAll(() => endpoint.stop());

describe('Paths', () => {
  test.each(['//compute/', '//-/', '//-//', '//.well-known///org/ogf/occi/-/'])(
    '%s: repeated slashes are one',
    async (path) => {
      expect((await endpoint.send('GET', path)).status).toBe(200);
    },
  );

  test.each(['///', '//compute//', '/compute///'])('%s: a path that ends in several is no collection', async (path) => {
    expect((await endpoint.send('GET', path)).status).toBe(404);
  });

  test.each([
    '/constructor',
    '/__proto__',
    '/toString/',
    '/hasOwnProperty',
    '/compute/constructor',
    '/compute/__proto__/',
    '/undefined',
    '/null',
    '/compute/..',
    '/compute/../storage/',
    '/./compute/',
    '/compute/%2e%2e',
    '/compute;v=1/',
    '/compute/*',
    '/COMPUTE/',
    '/compute/%20',
    '/%F0%9F%98%80/',
    "/compute/'",
    '/compute/$%7Bx%7D',
    `/compute/${'x'.repeat(500)}`,
    `/${'a/'.repeat(900)}`,
    `/compute/${'%41'.repeat(500)}`,
  ])('%s is nothing', async (path) => {
    for (const method of ['GET', 'HEAD', 'DELETE', 'POST']) {
      const call = method === 'POST' ? entity('text/plain', { kind: 'compute' }) : {};
      expect((await endpoint.send(method, path, call)).status).toBe(404);
    }
    expect(await list(endpoint, '/compute/')).toEqual([web]);
  });

  test.each(['/compute/a%00b', '/%0d%0aX-Injected:%201', '/compute/%1f', '/compute/%7f/', `/${'x'.repeat(3000)}`])(
    '%s is 400',
    async (path) => {
      for (const method of ['GET', 'PUT']) {
        const reply = await endpoint.send(method, path, entity('text/plain', { kind: 'compute' }));
        expect(reply.status).toBe(400);
        expect(reply.headers['x-injected']).toBeUndefined();
      }
    },
  );

  test.each(['/%', '/%zz', '/%c3%28', '/compute/%e0%a4%a'])(
    '%s cannot be decoded: the gateway refuses it',
    async (path) => {
      expect((await endpoint.send('GET', path)).status).toBe(400);
    },
  );

  test('of 10,000 characters and more never reach us', async () => {
    expect((await endpoint.send('GET', `/${'x'.repeat(10_300)}`)).status).toBe(431);
  });
});

describe('Queries', () => {
  test.each([
    '?constructor',
    '?__proto__=1',
    '?toString=x',
    '?a=b&a=c',
    '?=x',
    '?&&;;',
    '?page',
    '?number',
    '?%E2%98%83=1',
  ])('%s does no harm', async (query) => {
    expect([200, 400]).toContain((await endpoint.send('GET', `/compute/${query}`)).status);
    expect([200, 400]).toContain((await endpoint.send('GET', `/-/${query}`)).status);
  });

  test.each(['?%', '?a=%zz', '?%c3%28=1', '?page=%E0%A4%A'])('%s is 400, in OCCI', async (query) => {
    const reply = await endpoint.send('GET', `/compute/${query}`);
    expect([reply.status, reply.body]).toEqual([400, expect.stringContaining('query')]);
  });

  test.each([
    '__proto__',
    'constructor',
    'toString',
    '%00',
    '%0d%0a',
    'x'.repeat(2000),
    '../start',
    'start?action=stop',
  ])('?action=%s does nothing', async (term) => {
    const reply = await endpoint.send(
      'POST',
      `${web}?action=${term}`,
      plain(`Category: ${category('http://example.org/a#b', 'action')}`),
    );
    expect([400, 404]).toContain(reply.status);
  });
});

describe('Methods', () => {
  test.each(['PATCH', 'PROPFIND', 'TRACE', 'LOCK', 'PURGE', 'REPORT', 'SEARCH', 'MKCOL'])(
    '%s is 405 with Allow, wherever',
    async (method) => {
      for (const path of ['/', '/-/', '/compute/', web, '/mixin/os_tpl/', '/mixin/']) {
        const reply = await endpoint.send(method, path);
        expect(reply.status).toBe(405);
        expect(reply.headers.allow).toMatch(/^GET, HEAD, .*OPTIONS$/);
      }
    },
  );
});

describe('What is no HTTP', () => {
  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(endpoint.url).port), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (data) => {
        answer += data;
        if (/\r\n\r\n/.test(answer)) socket.destroy();
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
      setTimeout(() => socket.destroy(), 3000).unref();
    });

  test.each([
    'GET / HTTP/1.1\r\nHost: x\r\nCategory: a\nX: b\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nCategory: a\rb\r\n\r\n',
    'GET /\r\n\r\n',
    'hello\r\n\r\n',
    'GET /compute/ HTTP/1.1\r\n\r\n',
    'POST /compute/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    'POST /compute/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'POST /compute/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  ])('%j is answered, and not with a 500', async (text) => {
    expect(await raw(text)).toMatch(/^HTTP\/1\.1 [234]\d\d /);
  });

  test.each(['CONNECT / HTTP/1.1\r\nHost: x\r\n\r\n', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'])(
    '%j does not stop the server',
    async (text) => {
      expect(await raw(text)).not.toMatch(/^HTTP\/1\.1 5/);
      expect((await endpoint.send('GET', '/-/')).status).toBe(200);
    },
  );
});
