/** What caches may do with answers: nothing, but for discovery. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';
import { make } from '../operations/payloads.ts';

const NETWORK = 'Category: network; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';
const VARY = 'Accept, Authorization, User-Agent, X-Auth-Token';
const SENT = { headers: { 'Content-Type': 'text/plain' }, body: NETWORK };

let endpoint: Endpoint;
let network: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
  network = await make(endpoint, { kind: 'network' });
});
afterAll(() => endpoint.stop());

const headersOf = async (method: string, path: string, call: Call = {}, at = endpoint) => {
  const { status, headers } = await at.send(method, path, call);
  return { status, cache: headers['cache-control'], vary: headers.vary, type: headers['x-content-type-options'] };
};

describe('No cache keeps', () => {
  test.each<[string, string, () => string, Call, number]>([
    ['an entity', 'GET', () => network, {}, 200],
    ['the head of an entity', 'HEAD', () => network, {}, 200],
    ['a collection', 'GET', () => '/network/', {}, 200],
    ['a listing of all', 'GET', () => '/', {}, 200],
    ['a collection in text/occi', 'GET', () => '/network/', { headers: { Accept: 'text/occi' } }, 200],
    ['what was made', 'POST', () => '/network/', SENT, 201],
    ['what an action answers', 'POST', () => `${network}?action=other`, SENT, 400],
    ['what can be done', 'OPTIONS', () => '/network/', {}, 200],
    ['that there is no such entity', 'GET', () => '/network/none', {}, 404],
    ['that a method is not defined', 'PATCH', () => '/network/', {}, 405],
    ['that a request is wrong', 'GET', () => '/network/?page=x', {}, 400],
    ['that a page is refused', 'DELETE', () => '/network/', { headers: { Origin: 'http://evil.example' } }, 403],
    ['that discovery cannot be shown so', 'GET', () => '/-/', { headers: { Accept: 'text/uri-list' } }, 400],
  ])('%s', async (_, method, path, call, status) => {
    expect(await headersOf(method, path(), call)).toEqual({ status, cache: 'no-store', vary: VARY, type: 'nosniff' });
  });

  test('that credentials are missing', async () => {
    const closed = await startEndpoint({ settings: { auth: [{ gateway: { from: 'jwt' } }] } });
    try {
      const all = { cache: 'no-store', vary: VARY, type: 'nosniff' };
      expect(await headersOf('GET', '/-/', {}, closed)).toEqual({ status: 401, ...all });
    } finally {
      await closed.stop();
    }
  });
});

test.each([
  ['an entity', () => network, 'no-store'],
  ['discovery', () => '/-/', 'private, no-cache'],
])('A 304 for %s has the same headers', async (_, path, cache) => {
  const { headers } = await endpoint.send('GET', path());
  const again = { headers: { 'If-None-Match': headers.etag! } };
  expect(await headersOf('GET', path(), again)).toEqual({ status: 304, cache, vary: VARY, type: 'nosniff' });
});

describe('Discovery', () => {
  test.each(['GET', 'HEAD'])('is kept by its client, who asks each time whether it holds: %s', async (method) => {
    for (const path of ['/-/', '/.well-known/org/ogf/occi/-/']) {
      const kept = { status: 200, cache: 'private, no-cache', vary: VARY, type: 'nosniff' };
      expect(await headersOf(method, path)).toEqual(kept);
      expect(await headersOf(method, path, { headers: { Accept: 'application/occi+json' } })).toEqual(kept);
    }
  });

  test('is not what a POST of a mixin answers', async () => {
    const body =
      'Category: kept; scheme="http://example.org/tags#"; class="mixin"; location="/mixin/kept/"; title="Kept"';
    const { status, cache } = await headersOf('POST', '/-/', { headers: SENT.headers, body });
    expect([status, cache]).toEqual([200, 'no-store']);
  });
});

test('The health keeps ten seconds', async () => {
  expect((await headersOf('GET', '/.well-known/health')).cache).toBe('max-age=10');
});

test('Vary names the origin too where pages of some origins may read', async () => {
  const open = await startEndpoint({ settings: { cors: { origins: ['https://portal.example.org'] } } });
  try {
    expect((await headersOf('GET', '/network/', {}, open)).vary).toBe(`${VARY}, Origin`);
    expect((await headersOf('GET', '/network/none', {}, open)).vary).toBe(`${VARY}, Origin`);
  } finally {
    await open.stop();
  }
});
