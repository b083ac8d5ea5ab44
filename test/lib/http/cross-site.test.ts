/** Pages of other origins change nothing, whatever credentials a browser adds. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuthScheme } from '../../../lib/auth/scheme.ts';
import { refuseCrossSite } from '../../../lib/http/cross-site.ts';
import { type Call, type Endpoint, type EndpointOptions, startEndpoint } from '../../endpoint.ts';
import { list, make } from '../operations/payloads.ts';
import { serve } from '../operations/served.ts';

const EVIL = 'http://evil.example';
const PORTAL = 'https://portal.example.org';
const NETWORK = 'Category: network; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';
const TEXT = { 'Content-Type': 'text/plain' };
const REFUSED = /page of another origin/;

let endpoint: Endpoint;
let network: string;
let there: string[];
beforeAll(async () => {
  endpoint = await startEndpoint();
  network = await make(endpoint, { kind: 'network' });
  there = await list(endpoint, '/network/');
});
afterAll(() => endpoint.stop());

const from = (origin: string, more: Call['headers'] = {}): Call => ({ headers: { ...TEXT, Origin: origin, ...more } });
const create = (call: Call, at = endpoint) => at.send('POST', '/network/', { body: NETWORK, ...call });

describe('A page of another origin', () => {
  test.each<[string, string, string]>([
    ['creates nothing', 'POST', '/network/'],
    ['acts on nothing', 'POST', '/network/?action=down'],
    ['deletes no collection', 'DELETE', '/network/'],
    ['deletes nothing of all', 'DELETE', '/'],
    ['defines no mixin', 'POST', '/-/'],
    ['uses no method that is not known', 'PATCH', '/network/'],
  ])('%s', async (_, method, path) => {
    const reply = await endpoint.send(method, path, { ...from(EVIL), body: NETWORK });
    expect([reply.status, reply.body]).toEqual([403, expect.stringMatching(REFUSED)]);
    expect(await list(endpoint, '/network/')).toEqual(there);
  });

  test('deletes and replaces no entity', async () => {
    expect((await endpoint.send('DELETE', network, from(EVIL))).status).toBe(403);
    expect((await endpoint.send('PUT', network, { ...from(EVIL), body: NETWORK })).status).toBe(403);
    expect(await list(endpoint, '/network/')).toEqual(there);
  });

  test.each([
    ['text/plain', 'text/plain', 'body'],
    ['text/occi', 'text/occi', 'x-occi-error'],
    ['application/occi+json', 'application/occi+json', 'body'],
    ['text/uri-list', 'text/plain', 'body'],
  ])('is refused in %s', async (accept, mediaType, where) => {
    const reply = await create(from(EVIL, { Accept: accept }));
    expect(reply.status).toBe(403);
    expect(reply.headers['content-type']).toMatch(mediaType);
    expect(where === 'body' ? reply.body : reply.headers[where]).toMatch(REFUSED);
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test.each(['GET', 'HEAD', 'OPTIONS'])('may send %s, whose answer its browser does not show', async (method) => {
    const reply = await endpoint.send(method, '/network/', from(EVIL));
    expect(reply.status).toBe(200);
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('may ask for the health', async () => {
    expect((await endpoint.send('GET', '/.well-known/health', from(EVIL))).status).toBe(200);
  });

  test('is refused before anything is known of the caller', async () => {
    const proving: AuthScheme = {
      name: 'users',
      authenticate: () => {
        throw new Error('was asked');
      },
    };
    const asked = await serve((service) => ({ ...service, schemes: [proving] }));
    try {
      expect((await create(from(EVIL), asked)).status).toBe(403);
      expect(asked.calls).toEqual({});
      expect((await create({ headers: TEXT }, asked)).status).toBe(500);
    } finally {
      await asked.stop();
    }
  });
});

describe('A request comes from', () => {
  const judged = (headers: Record<string, string>, origin: string, method = 'POST') => {
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    try {
      refuseCrossSite({ method, headers: lists, origin });
      return 'here';
    } catch (error) {
      return (error as { failure?: string }).failure;
    }
  };

  test.each<[string, Record<string, string>, string?]>([
    ['a client that is no browser', {}],
    ['our own page', { origin: 'http://localhost:3300' }],
    ['our own page, by a name in capitals', { origin: 'http://localhost:3300' }, 'http://LocalHost:3300'],
    ['our own page, with the port of its scheme', { origin: 'https://a.example' }, 'https://a.example:443'],
    ['our own page, with the port of http', { origin: 'http://a.example' }, 'http://A.example:80'],
    ['our own page, by an old browser', { 'sec-fetch-site': 'same-origin' }],
    ['what its user has opened', { 'sec-fetch-site': 'none' }],
    ['our own page, in capitals', { origin: 'HTTP://LOCALHOST:3300' }],
    ['our own page, with the port that is left out', { origin: 'https://a.example:443' }, 'https://a.example'],
    ['our own page over IPv6', { origin: 'http://[::1]:3300' }, 'http://[::1]:3300'],
  ])('%s', (_, headers, origin = 'http://localhost:3300') => {
    expect(judged(headers, origin)).toBe('here');
  });

  test.each<[string, Record<string, string>, string?]>([
    ['another host', { origin: EVIL }],
    ['another port', { origin: 'http://localhost:8000' }],
    ['another scheme', { origin: 'http://a.example' }, 'https://a.example'],
    ['a host that begins like ours', { origin: 'http://localhost:3300.evil.example' }],
    ['a sandbox, or a form of a data: URL', { origin: 'null' }],
    ['an extension', { origin: 'chrome-extension://abcdefgh' }],
    ['nowhere', { origin: '' }],
    ['a URL of ours, which is no origin', { origin: 'http://localhost:3300/' }],
    ['a URL with a path', { origin: 'http://localhost:3300/compute/' }],
    ['a URL with a query', { origin: 'http://localhost:3300?x' }],
    ['a URL with a fragment', { origin: 'http://localhost:3300#x' }],
    ['a URL with a user', { origin: 'http://user@localhost:3300' }],
    ['a URL with a user and a password', { origin: 'http://evil.example:80@localhost:3300' }],
    ['an object in memory', { origin: 'blob:http://localhost:3300' }],
    ['an object in memory by its id', { origin: 'blob:http://localhost:3300/0-0' }],
    ['a URL with backslashes', { origin: 'http:\\\\localhost:3300' }],
    ['a URL with a tab', { origin: 'http://local\thost:3300' }],
    ['a URL with an escaped letter', { origin: 'http://%6cocalhost:3300' }],
    ['a URL without slashes', { origin: 'http:localhost:3300' }],
    ['a file', { origin: 'file://' }],
    ['two origins', { origin: 'http://localhost:3300,http://evil.example' }],
    ['another origin that calls itself ours', { origin: EVIL, 'sec-fetch-site': 'same-origin' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port or name of this site', { 'sec-fetch-site': 'same-site' }],
    ['what is not known yet', { 'sec-fetch-site': 'same-planet' }],
  ])('not from here, but from %s', (_, headers, origin = 'http://localhost:3300') => {
    expect(judged(headers, origin)).toBe('forbidden');
    expect(judged(headers, origin, 'DELETE')).toBe('forbidden');
    expect(judged(headers, origin, 'GET')).toBe('here');
  });
});

describe('The origin of the endpoint itself is', () => {
  test.each<[string, EndpointOptions['settings'], Record<string, string>, number]>([
    ['what publicUrl says', { publicUrl: 'https://occi.example.org' }, { Origin: 'https://occi.example.org' }, 201],
    [
      'not what Host says, where publicUrl says something else',
      { publicUrl: 'https://occi.example.org' },
      { Origin: 'http://localhost', Host: 'localhost' },
      403,
    ],
    [
      'what a trusted proxy says',
      { trustProxy: true },
      { Origin: 'https://occi.example.org', 'X-Forwarded-Host': 'occi.example.org', 'X-Forwarded-Proto': 'https' },
      201,
    ],
    [
      'not what any client says',
      {},
      { Origin: 'https://occi.example.org', 'X-Forwarded-Host': 'occi.example.org', 'X-Forwarded-Proto': 'https' },
      403,
    ],
    ['what Host says', {}, { Origin: 'http://localhost:3300', Host: 'LOCALHOST:3300' }, 201],
  ])('%s', async (_, settings, headers, status) => {
    const one = await startEndpoint({ settings: { ...settings } });
    try {
      expect((await create({ headers: { ...TEXT, ...headers } }, one)).status).toBe(status);
    } finally {
      await one.stop();
    }
  });
});

describe('With cors', () => {
  const serving = async (cors: object, headers: Record<string, string>, method = 'POST', path = '/network/') => {
    const one = await startEndpoint({ settings: { cors } });
    try {
      return (await one.send(method, path, { headers: { ...TEXT, ...headers }, body: NETWORK })).status;
    } finally {
      await one.stop();
    }
  };

  test('a page of an origin that is named may change something, no other', async () => {
    const cors = { origins: [PORTAL] };
    expect(await serving(cors, { Origin: PORTAL, 'Sec-Fetch-Site': 'cross-site' })).toBe(201);
    expect(await serving(cors, { Origin: EVIL, 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await serving(cors, { Origin: `${PORTAL}.evil.example` })).toBe(403);
    expect(await serving(cors, { 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await serving(cors, { Origin: 'null' })).toBe(403);
  });

  test.each<[string, Record<string, string>, number]>([
    ['a form of any page', {}, 403],
    ['a form, with what the browser keeps', { Authorization: 'Basic YTpi' }, 403],
    ['a form with files', { 'Content-Type': 'multipart/form-data; boundary=x' }, 403],
    ['a page that names no type', { 'Content-Type': '' }, 403],
    ['a page with what a cache asks by', { 'If-None-Match': '*' }, 403],
    ['a page that asked to send a token', { Authorization: 'Bearer x' }, 201],
    ['a page that asked to send JSON', { 'Content-Type': 'application/occi+json' }, 400],
    ['a page that asked to send a header of OCCI', { 'X-Auth-Token': 'x' }, 201],
    ['a page that asked to send a key', { 'Idempotency-Key': 'x' }, 201],
  ])('for all origins, %s is answered %j with %i', async (_, headers, status) => {
    expect(await serving({ origins: '*' }, { Origin: EVIL, ...headers })).toBe(status);
  });

  test('for all origins, a page that had to ask may delete', async () => {
    expect(await serving({ origins: '*' }, { Origin: EVIL }, 'PUT', '/network/a')).toBe(201);
  });
});
