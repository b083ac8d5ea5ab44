import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { category, INFRASTRUCTURE, list, make } from '../lib/operations/payloads.ts';

let endpoint: Endpoint;
let web: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute' });
});
afterAll(() => endpoint.stop());

describe('Headers', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'x-occi-constructor'])(
    'one named %s does no harm',
    async (name) => {
      const headers = { [name]: 'x', 'Content-Type': 'text/plain' };
      expect((await endpoint.send('GET', '/compute/', { headers })).status).toBe(200);
    },
  );

  const accepts: Record<string, number> = {
    '': 200,
    ',': 200,
    ';': 200,
    'text/plain;q=': 200,
    'text/plain;q=NaN': 200,
    'text/plain;q=-1': 200,
    'text/plain;q=0': 406,
    'application/rss': 406,
    '"': 406,
    '*': 200,
    '*/*;q=0': 406,
    'text/*': 200,
    constructor: 406,
    'text/plain, application/rss': 200,
  };
  test.each(Object.entries(accepts))('Accept: %j is %d', async (accept, status) => {
    const reply = await endpoint.send('GET', '/compute/', { headers: { Accept: accept } });
    expect(reply.status).toBe(status);
    expect(reply.headers['content-type']).toMatch(/^(text\/plain|text\/occi|text\/uri-list|application\/occi\+json)/);
  });

  test.each([
    'application/rss',
    'text/uri-list',
    'text/html',
    'multipart/form-data',
    'x',
    ';',
    'application/x-www-form-urlencoded',
    'text/plain; charset=utf-16',
    'constructor',
  ])('a body in %j is not read (D-23)', async (contentType) => {
    const reply = await endpoint.send('POST', '/compute/', {
      headers: { 'Content-Type': contentType },
      body: 'Category: x',
    });
    expect(reply.status).toBe(415);
    expect(await list(endpoint, '/compute/')).toEqual([web]);
  });

  test('several types in one Content-Type are read as the first that is known', async () => {
    const body = `Category: ${category(`${INFRASTRUCTURE}network`, 'kind')}`;
    const reply = await endpoint.send('POST', '/network/', {
      headers: { 'Content-Type': 'text/x, text/plain, text/occi' },
      body,
    });
    expect(reply.status).toBe(201);
  });

  test.each(['evil.example.org"><x', 'a b', 'ä.example.org', "x'y", '', '@', 'a/b', 'a,b'])(
    'a Host of %j does no harm',
    async (host) => {
      const call = { headers: { Host: Buffer.from(host).toString('latin1') } };
      const reply = await endpoint.send('GET', '/compute/', call);
      expect([200, 400]).toContain(reply.status);
      const occi = await endpoint.send('GET', '/compute/', { headers: { ...call.headers, Accept: 'text/occi' } });
      expect([200, 400, 406]).toContain(occi.status);
    },
  );

  test('X-Forwarded headers are ignored unless trustProxy is set (ADR-12)', async () => {
    const headers = { 'X-Forwarded-Host': 'evil.example.org', 'X-Forwarded-Proto': 'https', Accept: 'text/uri-list' };
    expect((await endpoint.send('GET', '/compute/', { headers })).body.trim()).toBe(endpoint.url + web);
  });
});
