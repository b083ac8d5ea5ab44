/** Entity tags on what is read (RFC 9110 §8.8.3, §13), on a socket. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { ANSWERS, collection, entity, json, make, RENDERINGS, read } from './payloads.ts';

let endpoint: Endpoint;
let path: string;
beforeEach(async () => {
  endpoint = await startEndpoint();
  path = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
});
afterEach(() => endpoint.stop());

const get = (at: string, accept: string, headers: Record<string, string> = {}, method = 'GET') =>
  endpoint.send(method, at, { headers: { Accept: accept, ...headers } });
const tagOf = async (at: string, accept: string) => (await get(at, accept)).headers.etag!;
const rename = (title: string) =>
  endpoint.send('POST', path, entity('text/plain', { attributes: { 'occi.core.title': title } }));

const READ = [
  ...RENDERINGS.flatMap((accept) => [
    ['an entity', () => path, accept],
    ['discovery', () => '/-/', accept],
  ]),
  ...ANSWERS.map((accept) => ['a collection', () => '/compute/', accept]),
] as [string, () => string, string][];

describe.each(READ)('%#: %s', (_, at, accept) => {
  test(`in ${accept} has a strong tag, the same for GET and HEAD and until something changes`, async () => {
    const first = await get(at(), accept);
    expect(first.headers.etag).toMatch(/^"[0-9a-f]{32}\.[poju]"$/);
    expect(await tagOf(at(), accept)).toBe(first.headers.etag);
    expect((await get(at(), accept, {}, 'HEAD')).headers.etag).toBe(first.headers.etag);
  });

  test(`in ${accept} is 304 for who has it, without content, and whole for who has another`, async () => {
    const tag = await tagOf(at(), accept);
    for (const method of ['GET', 'HEAD']) {
      for (const value of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
        const reply = await get(at(), accept, { 'If-None-Match': value }, method);
        expect([reply.status, reply.body, reply.headers.etag]).toEqual([304, '', tag]);
        expect(reply.headers).not.toHaveProperty('content-type');
        expect(reply.headers).not.toHaveProperty('category');
        expect(reply.headers['x-request-id']).toBeDefined();
      }
      expect((await get(at(), accept, { 'If-None-Match': '"x"' }, method)).status).toBe(200);
    }
    expect((await get(at(), accept, { 'If-Match': tag })).status).toBe(200);
    expect((await get(at(), accept, { 'If-Match': `W/${tag}` })).status).toBe(412);
    expect((await get(at(), accept, { 'If-Match': '"x"', 'If-None-Match': tag })).status).toBe(412);
  });
});

describe('A tag', () => {
  test('differs between renderings in its last letter only', async () => {
    const tags = await Promise.all(RENDERINGS.map((accept) => tagOf(path, accept)));
    expect(new Set(tags).size).toBe(3);
    expect(new Set(tags.map((tag) => tag.slice(0, 33))).size).toBe(1);
    const reply = await get(path, 'text/plain', { 'If-None-Match': tags[2]! });
    expect(reply.status).toBe(200);
  });

  test.each(RENDERINGS)('of an entity in %s changes with it, and comes back with what it was', async (accept) => {
    const before = await tagOf(path, accept);
    await rename('db');
    const after = await tagOf(path, accept);
    expect(after).not.toBe(before);
    expect((await get(path, accept, { 'If-None-Match': before })).status).toBe(200);
    await rename('web');
    expect(await tagOf(path, accept)).toBe(before);
  });

  test('of a listing changes with its members: their places in text, all of them in JSON', async () => {
    const [text, whole] = [await tagOf('/compute/', 'text/plain'), await tagOf('/compute/', 'application/occi+json')];
    await rename('db');
    expect(await tagOf('/compute/', 'text/plain')).toBe(text);
    expect(await tagOf('/compute/', 'application/occi+json')).not.toBe(whole);
    await make(endpoint, { kind: 'compute' });
    expect(await tagOf('/compute/', 'text/plain')).not.toBe(text);
  });

  test('of long listings is theirs too, whichever of them came before', async () => {
    const resources = Array.from({ length: 60 }, () =>
      json({ kind: 'storage', attributes: { 'occi.storage.size': 1 } }),
    );
    await endpoint.send('POST', '/storage/', collection({ resources }));
    const first = await tagOf('/storage/', 'application/occi+json');
    const second = await tagOf('/compute/', 'application/occi+json');
    await endpoint.send('POST', '/storage/', collection({ resources: resources.slice(0, 1) }));
    const third = await tagOf('/storage/', 'application/occi+json');
    expect(new Set([first, second, third]).size).toBe(3);
    expect(await tagOf('/storage/', 'application/occi+json')).toBe(third);
  });

  test('of discovery changes with a mixin of the user', async () => {
    const before = await tagOf('/-/', 'text/plain');
    await endpoint.send('POST', '/-/', {
      headers: { 'Content-Type': 'text/plain' },
      body: 'Category: mine; scheme="http://example.org/tags#"; class="mixin"; location="/mine/"',
    });
    expect((await get('/-/', 'text/plain', { 'If-None-Match': before })).status).toBe(200);
  });

  test('comes with what a POST has made or changed, and is that of the next read', async () => {
    const made = await endpoint.send(
      'POST',
      '/storage/',
      entity('application/occi+json', { kind: 'storage', attributes: { 'occi.storage.size': 1 } }),
    );
    expect(made.headers.etag).toBe(await tagOf(new URL(made.headers.location!).pathname, 'application/occi+json'));
    const changed = await rename('db');
    expect(changed.headers.etag).toBe(await tagOf(path, 'text/plain'));
  });

  test('comes with no answer to a PUT: it would say that the bytes were kept as they came (RFC 9110 §9.3.4)', async () => {
    const put = entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': 'db' } });
    const reply = await endpoint.send('PUT', path, put);
    expect([reply.status, reply.headers.etag]).toEqual([200, undefined]);
    expect((await endpoint.send('PUT', '/compute/mine', put)).headers.etag).toBeUndefined();
  });

  test('comes with no refusal, and a condition makes no success of one (RFC 9110 §13.2.1)', async () => {
    const reply = await get('/compute/none', 'text/plain', { 'If-None-Match': '*', 'If-Match': '*' });
    expect([reply.status, reply.headers.etag]).toEqual([404, undefined]);
  });

  test('is the same in another process, which has remembered nothing', async () => {
    const other = await startEndpoint({ table: endpoint.table });
    try {
      const reply = await other.send('GET', path, { headers: { Accept: 'text/plain' } });
      expect(reply.headers.etag).toBe(await tagOf(path, 'text/plain'));
    } finally {
      await other.stop();
    }
    expect(await read(endpoint, path)).toMatchObject({ title: 'web' });
  });
});

test('a page of another origin may read tags and send conditions', async () => {
  const origin = 'http://page.example.org';
  const served = await startEndpoint({ settings: { cors: { origins: [origin] } } });
  try {
    const preflight = await served.send('OPTIONS', path, {
      headers: { Origin: origin, 'Access-Control-Request-Method': 'PUT' },
    });
    expect(preflight.headers['access-control-allow-headers']!.split(', ')).toEqual(
      expect.arrayContaining(['If-Match', 'If-None-Match']),
    );
    const { headers } = await served.send('GET', '/-/', { headers: { Origin: origin } });
    expect(headers['access-control-expose-headers']!.split(', ')).toContain('ETag');
    const again = await served.send('GET', '/-/', { headers: { Origin: origin, 'If-None-Match': headers.etag! } });
    expect([again.status, again.headers['access-control-allow-origin']]).toEqual([304, origin]);
  } finally {
    await served.stop();
  }
});
