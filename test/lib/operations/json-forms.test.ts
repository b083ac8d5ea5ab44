/** Forms of JSON that clients send beside those of GFD.226. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { CRTP, category, collection, INFRASTRUCTURE, json, list, make, plain, read } from './payloads.ts';

const TAG = 'http://example.org/tags#mine';
const MINE = { term: 'mine', scheme: 'http://example.org/tags#', location: '/mine/' };

let endpoint: Endpoint;
let web: string;
let db: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.stop());
beforeEach(async () => {
  await endpoint.send('DELETE', '/compute/?all=true');
  await endpoint.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`));
  web = await make(endpoint, { kind: 'compute' });
  db = await make(endpoint, { kind: 'compute' });
});

const send = (method: string, path: string, body: Readonly<Record<string, unknown>>) =>
  endpoint.send(method, path, collection(body));
const members = async () => (await list(endpoint, '/mine/')).toSorted();

describe('{"locations":[…]}', () => {
  test('names the members that POST adds, PUT leaves and DELETE takes out of a mixin', async () => {
    expect((await send('POST', '/mine/', { locations: [web, endpoint.url + db] })).status).toBe(200);
    expect(await members()).toEqual([web, db].toSorted());
    expect((await send('PUT', '/mine/', { locations: [db] })).status).toBe(200);
    expect(await members()).toEqual([db]);
    expect((await send('DELETE', '/mine/', { locations: [db] })).status).toBe(200);
    expect(await members()).toEqual([]);
    expect(await list(endpoint, '/compute/')).toHaveLength(2);
  });

  test('names the members that an action and a DELETE of a collection mean', async () => {
    const stop = `${INFRASTRUCTURE.replace('#', '/compute/action#')}stop`;
    expect((await send('POST', '/compute/?action=stop', { action: stop, locations: [web] })).status).toBe(200);
    const states = [await read(endpoint, web), await read(endpoint, db)].map(
      ({ attributes }) => attributes['occi.compute.state'],
    );
    expect(states).toEqual(['inactive', 'active']);
    expect((await send('DELETE', '/compute/', { locations: [web] })).status).toBe(200);
    expect(await list(endpoint, '/compute/')).toEqual([db]);
  });

  test('is no entity to make', async () => {
    expect((await send('POST', '/compute/', { locations: [web] })).status).toBe(400);
    expect(await list(endpoint, '/compute/')).toHaveLength(2);
  });
});

describe('location', () => {
  const titled = (title: string, location: string) => ({
    ...json({ kind: 'compute' }),
    title,
    location,
  });

  test('is understood where it is the path of the PUT, as a path or as a URL', async () => {
    expect((await send('PUT', web, titled('a', web))).status).toBe(200);
    expect((await send('PUT', web, titled('b', endpoint.url + web))).status).toBe(200);
    expect((await read(endpoint, web)).title).toBe('b');
    expect((await send('PUT', '/my/machine', titled('c', '/my/machine'))).status).toBe(201);
    expect((await read(endpoint, '/my/machine')).title).toBe('c');
  });

  test('is refused where it is another', async () => {
    for (const [method, path, location] of [
      ['PUT', web, db],
      ['PUT', web, '/compute/'],
      ['PUT', web, `http://elsewhere.example.org${web}`],
      ['PUT', '/my/machine', '/my/other'],
      ['POST', '/compute/', '/compute/mine'],
      ['POST', '/compute/', '/compute/'],
      ['POST', web, db],
    ] as const) {
      const reply = await send(method, path, titled('x', location));
      expect([method, path, location, reply.status]).toEqual([method, path, location, 400]);
      expect(reply.body).toMatch(/location is .* not the path of the request/);
    }
    expect((await read(endpoint, web)).title).toBeUndefined();
  });
});

test('self in an inline link names the link that is there already', async () => {
  const [network] = await list(endpoint, '/network/');
  const link = {
    kind: `${INFRASTRUCTURE}networkinterface`,
    target: { location: network! },
    self: '/networkinterface/im-1',
  };
  const created = await send('POST', '/compute/', { ...json({ kind: 'compute' }), links: [link] });
  expect([created.status, created.body]).toEqual([201, created.body]);
  const path = new URL(created.headers.location!).pathname;
  const [made] = JSON.parse(created.body).links;
  const self = `/networkinterface/${made.id.replace('urn:uuid:', '')}`;
  const again = await send('POST', path, { title: 'again', links: [{ ...link, self }] });
  expect([again.status, again.body]).toEqual([200, again.body]);
  expect((await read(endpoint, path)).links).toHaveLength(1);
});

describe('one category without a list', () => {
  const large = { term: 'large', scheme: CRTP };

  test.each([
    ['an object', { mixins: large }],
    ['an identifier', { mixins: `${CRTP}large` }],
    ['the whole payload', large],
  ])('%s is put on an entity', async (_, payload) => {
    expect((await send('POST', web, payload)).status).toBe(200);
    expect((await read(endpoint, web)).mixins).toContain(`${CRTP}large`);
  });

  test.each([
    ['an object', { mixins: MINE }],
    ['the whole payload', MINE],
  ])('%s is defined and removed', async (_, payload) => {
    expect((await send('DELETE', '/-/', payload)).status).toBe(200);
    expect((await endpoint.send('GET', '/mine/')).status).toBe(404);
    expect((await send('POST', '/-/', payload)).status).toBe(200);
    expect((await endpoint.send('GET', '/mine/')).status).toBe(200);
  });

  test('in an entity that is made', async () => {
    const created = await send('POST', '/compute/', { ...json({ kind: 'compute' }), mixins: large });
    expect([created.status, JSON.parse(created.body).mixins]).toEqual([201, expect.arrayContaining([`${CRTP}large`])]);
  });
});
