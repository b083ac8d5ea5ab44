import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Endpoint, type Reply, startEndpoint } from '../../endpoint.ts';
import { ANSWERS, entity, list, make, plain, RENDERINGS } from '../operations/payloads.ts';

let endpoint: Endpoint;
let targets: Record<string, string>;
beforeAll(async () => {
  endpoint = await startEndpoint();
  await endpoint.send(
    'POST',
    '/-/',
    plain('Category: t; scheme="http://example.org/tags#"; class="mixin"; location="/mine/"'),
  );
  const compute = await make(endpoint, {
    kind: 'compute',
    links: [{ kind: 'networkinterface', target: (await list(endpoint, '/network/'))[0]! }],
  });
  await endpoint.send('PUT', '/teams/web', entity('text/plain', { kind: 'compute' }));
  targets = {
    'the query interface': '/-/',
    'the well-known one': '/.well-known/org/ogf/occi/-/',
    'a kind': '/compute/',
    'an empty kind': '/storage/',
    'a link kind': '/networkinterface/',
    'a provider’s mixin': '/mixin/os_tpl/',
    'a user’s mixin': '/mine/',
    'a resource': compute,
    'a link': (await list(endpoint, '/networkinterface/'))[0]!,
    'a chosen path': '/teams/web',
    'the root': '/',
    'an unbound path': '/teams/',
    nothing: '/nothing',
    'no entity': '/compute/00000000-0000-5000-8000-000000000000',
  };
});
afterAll(() => endpoint.stop());
afterEach(() => {
  jest.restoreAllMocks();
});

const NAMES = [
  'the query interface',
  'the well-known one',
  'a kind',
  'an empty kind',
  'a link kind',
  'a provider’s mixin',
  'a user’s mixin',
  'a resource',
  'a link',
  'a chosen path',
  'the root',
  'an unbound path',
  'nothing',
  'no entity',
];
const get = (path: string, accept: string, method = 'GET') =>
  endpoint.send(method, path, { headers: { Accept: accept } });

describe('Every answer, errors included', () => {
  test.each(NAMES)('bears Server, Accept, Content-Type and X-Request-Id: %s (HTTP-7, HTTP-8, CRTP-4)', async (name) => {
    const seen = new Set<string>();
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      if (method === 'DELETE' && !['nothing', 'no entity'].includes(name)) continue;
      for (const mediaType of [...ANSWERS, 'application/rss']) {
        const { headers } = await get(targets[name]!, mediaType, method);
        expect(headers.server).toMatch(/^\S+ OCCI\/1\.2 OCCI\/1\.1 OCCI-CRTP-EP\/1\.1$/);
        expect(headers.accept).toBe('text/plain, text/occi+plain, text/occi, application/occi+json, application/json');
        expect(headers['content-type']).toBeDefined();
        expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
        seen.add(headers['x-request-id']!);
      }
    }
    expect(seen.size).toBeGreaterThanOrEqual(30);
  });
});

describe('HEAD is GET without its body', () => {
  const comparable = ({
    status,
    headers: { date: _, 'x-request-id': __, 'content-length': ___, ...headers },
  }: Reply) => ({
    status,
    headers,
  });
  test.each(NAMES)('on %s', async (name) => {
    for (const mediaType of [...ANSWERS, 'application/rss']) {
      const [got, head] = [await get(targets[name]!, mediaType), await get(targets[name]!, mediaType, 'HEAD')];
      expect(comparable(head)).toEqual(comparable(got));
      expect(head.bytes).toHaveLength(0);
      expect(head.headers['transfer-encoding']).toBeUndefined();
      if (head.headers['content-length'] !== undefined)
        expect(head.headers['content-length']).toBe(got.headers['content-length']);
    }
  });
});

describe('OPTIONS and Allow', () => {
  const allowed: Record<string, string> = {
    'the query interface': 'GET, HEAD, POST, DELETE, OPTIONS',
    'a kind': 'GET, HEAD, POST, DELETE, OPTIONS',
    'a user’s mixin': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
    'a resource': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
    'the root': 'GET, HEAD, POST, DELETE, OPTIONS',
  };
  test.each(Object.entries(allowed))('on %s (HTTP-18)', async (name, allow) => {
    const options = await endpoint.send('OPTIONS', targets[name]!);
    expect([options.status, options.headers.allow]).toEqual([200, allow]);
    const patch = await endpoint.send('PATCH', targets[name]!);
    expect([patch.status, patch.headers.allow]).toEqual([405, allow]);
    for (const method of allow.split(', ')) {
      if (['POST', 'PUT', 'DELETE'].includes(method)) continue;
      expect((await endpoint.send(method, targets[name]!)).status).toBe(200);
    }
  });
});

describe('Version negotiation (HTTP-9, HTTP-10)', () => {
  const agents: Record<string, number> = {
    'OCCI/1.1': 200,
    'OCCI/1.2': 200,
    'client/3 (linux) OCCI/1.2': 200,
    'OCCI/1.3': 501,
    'OCCI/1.10': 501,
    'OCCI/2.0': 501,
    'client/3 OCCI/9.9': 501,
    'OCCI/99999999999999999999.0': 501,
    'fooOCCI/9.9': 200,
    'OCCI/9.9foo': 200,
    'OCCI/': 200,
    'OCCI/x.y': 200,
    'OCCI/2.0 OCCI/1.1': 200,
    'occi-client/9.9': 200,
    '': 200,
  };
  test.each(Object.entries(agents))('User-Agent: %j is %d', async (agent, status) => {
    for (const [name, mediaType] of [
      ['the query interface', 'text/plain'],
      ['a resource', 'application/occi+json'],
      ['nothing', 'text/plain'],
    ] as const) {
      const reply = await endpoint.send('GET', targets[name]!, { headers: { 'User-Agent': agent, Accept: mediaType } });
      expect(reply.status).toBe(status === 501 ? 501 : name === 'nothing' ? 404 : 200);
    }
  });

  test('is said in the rendering asked for', async () => {
    for (const mediaType of RENDERINGS) {
      const { headers } = await endpoint.send('GET', '/-/', {
        headers: { 'User-Agent': 'OCCI/9.9', Accept: mediaType },
      });
      expect(headers['content-type']).toContain(mediaType);
    }
  });
});

describe('text/uri-list shows listings only (D-22, TXT-26, H11-28)', () => {
  test.each(['the query interface', 'a resource', 'a link'])(
    '%s is 400 in it, unless another type will do',
    async (name) => {
      const path = targets[name]!;
      const reply = await get(path, 'text/uri-list');
      expect([reply.status, reply.headers['content-type']]).toEqual([400, 'text/plain; charset=utf-8']);
      for (const other of RENDERINGS) {
        const better = await get(path, `text/uri-list, ${other};q=0.1`);
        expect([better.status, better.headers['content-type']?.split(';')[0]]).toEqual([200, other]);
      }
    },
  );

  test('a write that could not be answered in it is not made', async () => {
    const path = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'before' } });
    const call = entity('text/plain', { attributes: { 'occi.core.title': 'after' } });
    const reply = await endpoint.send('POST', path, { ...call, headers: { ...call.headers, Accept: 'text/uri-list' } });
    expect(reply.status).toBe(400);
    expect((await endpoint.send('GET', path)).body).toContain('"before"');
    await endpoint.send('DELETE', path);
  });
});
