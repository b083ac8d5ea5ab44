import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Table } from '../../../lib/table/table.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { entity, INFRASTRUCTURE, list, locationsIn, make, pathOf, plain, RENDERINGS, read } from './payloads.ts';

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
});
afterEach(() => endpoint.stop());

const COMPUTE = entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
const put = (path: string, call = COMPUTE) => endpoint.send('PUT', path, call);
const uuidPathOf = async (path: string, kind = 'compute') =>
  `/${kind}/${(await read(endpoint, path)).id.replace('urn:uuid:', '')}`;

describe('PUT on a path where nothing is (HTTP-26, H11-13)', () => {
  test.each(RENDERINGS)('creates the entity there, from a payload in %s', async (mediaType) => {
    const reply = await put('/compute/web', entity(mediaType, { kind: 'compute' }));
    expect(reply.status).toBe(201);
    expect(reply.headers.location).toBe(`${endpoint.url}/compute/web`);
    if (mediaType !== 'application/occi+json') expect(locationsIn(reply)).toEqual([`${endpoint.url}/compute/web`]);
  });

  test('the path is its one URL in listings of its kind and of everything (ADR-3)', async () => {
    await put('/compute/web');
    expect(await list(endpoint, '/compute/')).toEqual(['/compute/web']);
    expect(await list(endpoint, '/')).toContain('/compute/web');
    expect(await list(endpoint, '/mixin/os_tpl/')).toEqual(['/compute/web']);
  });

  test('the path is its one URL in action links and in links to and from it', async () => {
    await put('/network/lan', entity('text/plain', { kind: 'network' }));
    await put(
      '/compute/web',
      entity('text/plain', { kind: 'compute', links: [{ kind: 'networkinterface', target: '/network/lan' }] }),
    );
    const { body } = await endpoint.send('GET', '/compute/web');
    expect(body).toContain('</compute/web?action=stop>');
    expect(body).toMatch(/<\/network\/lan>.*occi.core.source="\/compute\/web"; occi.core.target="\/network\/lan"/);
    const [link] = (await read(endpoint, '/compute/web')).links;
    expect(link).toMatchObject({ source: { location: '/compute/web' }, target: { location: '/network/lan' } });
    const [nic] = await list(endpoint, '/networkinterface/');
    expect(await read(endpoint, nic!)).toMatchObject({
      source: { location: '/compute/web' },
      target: { location: '/network/lan' },
    });
  });

  test('the UUID path leads to it too, and shows the chosen path', async () => {
    await put('/compute/web');
    const { body } = await endpoint.send('GET', await uuidPathOf('/compute/web'));
    expect(body).toContain('</compute/web?action=stop>');
  });

  test('a chosen path may lie anywhere', async () => {
    expect((await put('/teams/a/web')).headers.location).toBe(`${endpoint.url}/teams/a/web`);
    expect((await endpoint.send('GET', '/teams/a/web')).status).toBe(200);
  });

  test('a UUID chosen by the client is a path like any other', async () => {
    const path = '/compute/0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c';
    expect((await put(path)).status).toBe(201);
    expect((await endpoint.send('GET', path)).status).toBe(200);
    expect(await list(endpoint, '/compute/')).toEqual([path]);
  });

  test('the UUID of an entity of another kind, below this kind, is a path that works or is refused', async () => {
    const compute = await make(endpoint, { kind: 'compute' });
    const path = compute.replace('/compute/', '/storage/');
    const storage = entity('text/plain', { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    const reply = await put(path, storage);
    const after = await endpoint.send('GET', path);
    expect([reply.status, after.status]).toEqual(reply.status === 201 ? [201, 200] : [reply.status, 404]);
  });

  test.each(['', '7b5a1c9e-41f4-5d0c-9a53-0c5e1f2a3b4d'])(
    'urn:uuid:%s is the form of an id, and no path',
    async (id) => {
      expect((await put(`/compute/urn:uuid:${id}`)).status).toBe(400);
      const storage = entity('text/plain', { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
      expect((await put(`/compute/urn:uuid:${id}`, storage)).status).toBe(400);
    },
  );

  test('a kind that is not that of the path is refused (H11-12)', async () => {
    expect((await put('/storage/web')).status).toBe(400);
    expect((await endpoint.send('GET', '/storage/web')).status).toBe(404);
    expect(await list(endpoint, '/compute/')).toEqual([]);
  });

  test('without a kind it is refused, and the path stays free', async () => {
    expect((await put('/compute/web', plain('X-OCCI-Attribute: occi.core.title="x"'))).status).toBe(400);
    expect((await put('/compute/web')).status).toBe(201);
  });

  test('what is refused by the cloud leaves the path free', async () => {
    await endpoint.stop();
    endpoint = await startEndpoint({ cloud: { quota: { cores: 2 } } });
    const big = entity('text/plain', { kind: 'compute', attributes: { 'occi.compute.cores': 4 } });
    expect((await put('/compute/web', big)).status).toBe(409);
    expect((await endpoint.send('GET', '/compute/web')).status).toBe(404);
    expect((await put('/compute/web')).status).toBe(201);
  });

  test('a path becomes free when its entity is deleted, by whichever URL', async () => {
    for (const by of ['path', 'uuid', 'collection'] as const) {
      expect((await put('/compute/web')).status).toBe(201);
      const target =
        by === 'path' ? '/compute/web' : by === 'uuid' ? await uuidPathOf('/compute/web') : '/compute/?all=true';
      expect((await endpoint.send('DELETE', target)).status).toBe(200);
      expect((await endpoint.send('GET', '/compute/web')).status).toBe(404);
    }
    expect(await list(endpoint, '/compute/')).toEqual([]);
  });

  test('an id that the server gives out is no path to choose, not even after its entity is gone', async () => {
    const path = await make(endpoint, { kind: 'compute' });
    await endpoint.send('DELETE', path);
    expect((await put(path)).status).toBe(400);
    expect((await endpoint.send('GET', path)).status).toBe(404);
  });

  test('two at the same time make one entity', async () => {
    const replies = await Promise.all([put('/compute/web'), put('/compute/web'), put('/compute/web')]);
    for (const { status } of replies) expect([200, 201, 409]).toContain(status);
    expect(await list(endpoint, '/compute/')).toEqual(['/compute/web']);
  });

  test('of two different ones at the same time, neither gets the other’s entity as its own', async () => {
    const call = (title: string) =>
      entity('application/occi+json', { kind: 'compute', attributes: { 'occi.core.title': title } });
    const replies = await Promise.all([put('/compute/web', call('one')), put('/compute/web', call('two'))]);
    const titles = ['one', 'two'];
    for (const [index, { status, body }] of replies.entries()) {
      if (status < 300)
        expect(JSON.parse(body).title ?? JSON.parse(body).attributes['occi.core.title']).toBe(titles[index]);
    }
    expect(await list(endpoint, '/compute/')).toEqual(['/compute/web']);
  });

  test('repeated slashes and a trailing one are the same path', async () => {
    await put('//compute//web');
    for (const path of ['/compute/web', '/compute/web/', '/compute//web']) {
      expect((await endpoint.send('GET', path)).status).toBe(200);
    }
  });
});

describe('Whatever path a PUT accepts, its URLs lead back to it', () => {
  const paths = [
    '/compute/a%20b',
    '/compute/%C3%A4',
    '/compute/a%23b',
    '/compute/a%22b',
    '/compute/a%3Eb',
    '/compute/a%3Bb',
    '/compute/a%2Cb',
    '/compute/a%25b',
    '/compute/a%5Cb',
    '/compute/%7Bid%7D',
    '/compute/..%2Fx',
    '/compute/a%3Cscript%3E',
    `/compute/${'x'.repeat(1500)}`,
    '/-/web',
    '/.well-known/web',
    '/compute/constructor',
    '/compute/__proto__',
    '/compute/~a.b-c_d',
  ];

  test.each(paths)('%s', async (path) => {
    const reply = await put(path);
    if (reply.status !== 201) {
      expect([400, 403, 409, 413]).toContain(reply.status);
      return;
    }
    const { location } = reply.headers;
    expect(location).toMatch(/^http:\/\/127\.0\.0\.1:\d+[!#-;=?-[\]_a-z~%]+$/);
    expect(new URL(location!).href).toBe(location);
    const { pathname } = new URL(location!);
    expect((await endpoint.send('GET', pathname)).status).toBe(200);
    expect(await list(endpoint, '/compute/')).toEqual([pathname]);
    for (const mediaType of RENDERINGS) {
      const back = await endpoint.send('GET', pathname, { headers: { Accept: mediaType } });
      expect(back.status).toBe(200);
    }
    const link = /^Link: <([^>]*)\?action=stop>; rel=/m.exec((await endpoint.send('GET', pathname)).body);
    expect(link?.[1]).toBe(pathname);
    expect((await endpoint.send('DELETE', pathname)).status).toBe(200);
  });
});

describe('PUT on collections', () => {
  test.each(['/compute/', '/compute', '/', '/-/', '/mixin/'])(
    '%s is not allowed, and Allow says what is',
    async (path) => {
      const reply = await put(path);
      expect(reply.status).toBe(405);
      expect(reply.headers.allow).toMatch(/^GET, HEAD, POST, DELETE, OPTIONS$/);
    },
  );
});

test('the path of an entity is not the place of a mixin of the user, nor the other way round (HTTP-1, H11-5)', async () => {
  await put('/mine/web');
  const tag = 'Category: web; scheme="http://example.org/tags#"; class="mixin"; location="/mine/web/"';
  expect((await endpoint.send('POST', '/-/', plain(tag))).status).toBe(409);
  expect((await endpoint.send('GET', '/mine/web')).body).toContain(`scheme="${INFRASTRUCTURE}"`);
  expect(pathOf(`${endpoint.url}/mine/web`)).toBe('/mine/web');
});

test('a PUT that another one overtakes after it has looked makes no second entity at the path', async () => {
  const table = memoryTable();
  let overtake: (() => Promise<unknown>) | undefined;
  const slow: Table = {
    ...table,
    async get(key) {
      const row = await table.get(key);
      const other = key.sk === 'alias#/compute/web' ? overtake : undefined;
      if (other) {
        overtake = undefined;
        await other();
      }
      return row;
    },
  };
  const one = await startEndpoint({ table: slow });
  const call = entity('application/occi+json', { kind: 'compute' });
  overtake = () => one.send('PUT', '/compute/web', call);
  expect((await one.send('PUT', '/compute/web', call)).status).toBe(409);
  expect(await list(one, '/compute/')).toEqual(['/compute/web']);
  await one.stop();
});
