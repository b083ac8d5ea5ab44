import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';
import { action, category, collection, INFRASTRUCTURE, list, make, plain, read } from './payloads.ts';

let endpoint: Endpoint;
let web: string;
let db: string;
let disk: string;
beforeEach(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
  db = await make(endpoint, { kind: 'compute' });
  disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
});
afterEach(() => endpoint.stop());

const ACTIONS = `${INFRASTRUCTURE.replace('#', '')}/compute/action#`;
const STOP = `Category: ${category(`${ACTIONS}stop`, 'action')}`;
const TAG = 'http://example.org/tags#mine';
const states = () =>
  Promise.all([web, db].map(async (path) => (await read(endpoint, path)).attributes['occi.compute.state']));
const nameOf = async (path: string) => {
  const { kind, id } = await read(endpoint, path);
  return { kind, id };
};
const tagged = async (...paths: string[]) => {
  await endpoint.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`));
  await endpoint.send('POST', '/mine/', plain(...paths.map((path) => `X-OCCI-Location: ${path}`)));
};
const invocation = (members: object): Call => ({
  headers: { 'Content-Type': 'application/occi+json' },
  body: JSON.stringify({ action: `${ACTIONS}stop`, ...members }),
});

describe('An action on a collection whose payload names members is for them', () => {
  const ways: Record<string, () => Promise<Call>> = {
    'X-OCCI-Location in text/plain': async () => plain(STOP, `X-OCCI-Location: ${endpoint.url}${db}`),
    'X-OCCI-Location in text/occi': async () => ({
      headers: { 'Content-Type': 'text/occi', Category: STOP.slice(10), 'X-OCCI-Location': db },
    }),
    'locations in JSON': async () => invocation({ locations: [db] }),
    'an id among the locations in JSON': async () => invocation({ locations: [(await nameOf(db)).id] }),
    'resources in JSON': async () => invocation({ resources: [await nameOf(db)] }),
    'the same one twice': async () => invocation({ locations: [db], resources: [await nameOf(db)] }),
  };

  test.each(Object.entries(ways))('by %s', async (_, way) => {
    await tagged(web, db);
    for (const path of ['/compute/', '/mine/']) {
      expect((await endpoint.send('POST', `${path}?action=stop`, await way())).status).toBe(200);
      expect(await states()).toEqual(['active', 'inactive']);
      await endpoint.send('POST', `${db}?action=start`, action('text/plain', `${ACTIONS}start`));
    }
  });

  const wrong: Record<string, () => Promise<Call>> = {
    'one by a URL of another host': async () => plain(STOP, `X-OCCI-Location: http://other.example.org${db}`),
    'one by a URL of another scheme': async () => plain(STOP, `X-OCCI-Location: ftp://other.example.org${db}`),
    'an empty list of locations': async () => invocation({ locations: [] }),
    'an empty list of resources': async () => invocation({ resources: [] }),
    'an empty list of links': async () => invocation({ links: [] }),
    'one that is of another collection': async () => plain(STOP, `X-OCCI-Location: ${disk}`),
    'one that is there, one that is not': async () =>
      plain(STOP, `X-OCCI-Location: ${web}`, 'X-OCCI-Location: /compute/00000000-0000-5000-8000-000000000000'),
    'one of another kind than is said': async () =>
      invocation({ resources: [{ ...(await nameOf(db)), kind: `${INFRASTRUCTURE}storage` }] }),
    'one with an attribute': async () => invocation({ resources: [{ ...(await nameOf(db)), title: 'db' }] }),
    'one without id': async () => invocation({ resources: [{ kind: `${INFRASTRUCTURE}compute` }] }),
    'one by a Link': async () => plain(STOP, `Link: <${db}>; rel="${INFRASTRUCTURE}compute"`),
    'one by an action link': async () => plain(STOP, `Link: <${db}?action=stop>; rel="${ACTIONS}stop"`),
    'one in a header field beside the body': async () => {
      const call = plain(STOP);
      return { ...call, headers: { ...call.headers, 'X-OCCI-Location': db } };
    },
  };
  test.each(Object.entries(wrong))('%s is 400, and no machine stops', async (_, call) => {
    const { status } = await endpoint.send('POST', '/compute/?action=stop', await call());
    expect(status).toBe(400);
    expect(await states()).toEqual(['active', 'active']);
  });

  test('a member that a filter leaves out is 400', async () => {
    const path = '/compute/?action=stop&attribute=occi.core.title&value=web';
    expect((await endpoint.send('POST', path, plain(STOP, `X-OCCI-Location: ${db}`))).status).toBe(400);
    expect(await states()).toEqual(['active', 'active']);
    expect((await endpoint.send('POST', path, plain(STOP, `X-OCCI-Location: ${web}`))).status).toBe(200);
    expect(await states()).toEqual(['inactive', 'active']);
  });

  test('a member of a mixin that is not named need not have the action', async () => {
    await tagged(web, disk);
    expect((await endpoint.send('POST', '/mine/?action=stop', plain(STOP))).status).toBe(400);
    const named = plain(STOP, `X-OCCI-Location: ${web}`);
    expect((await endpoint.send('POST', '/mine/?action=stop', named)).status).toBe(200);
    expect(await states()).toEqual(['inactive', 'active']);
  });

  test('one that the provider published is 403', async () => {
    const [published] = await list(endpoint, '/network/');
    const down = `Category: ${category(`${INFRASTRUCTURE.replace('#', '')}/network/action#down`, 'action')}`;
    const reply = await endpoint.send('POST', '/network/?action=down', plain(down, `X-OCCI-Location: ${published}`));
    expect(reply.status).toBe(403);
  });
});

describe('A request about one entity', () => {
  const TITLE = 'X-OCCI-Attribute: occi.core.title="new"';
  const requests: Record<string, (call: (...lines: string[]) => Call) => [string, string, Call]> = {
    'an action': (call) => ['POST', `${web}?action=stop`, call(STOP)],
    'a partial update': (call) => ['POST', web, call(TITLE)],
    'a full update': (call) => ['PUT', web, call(`Category: ${category(`${INFRASTRUCTURE}compute`, 'kind')}`, TITLE)],
    'a DELETE': (call) => ['DELETE', web, call()],
  };

  test.each(Object.entries(requests))('%s that names another entity is 400 and does nothing', async (_, request) => {
    const before = await read(endpoint, web);
    for (const name of [db, `${endpoint.url}${db}`, disk, '/compute/none', 'http://elsewhere.example.org/x']) {
      const [method, path, call] = request((...lines) => plain(...lines, `X-OCCI-Location: ${name}`));
      expect((await endpoint.send(method, path, call)).status).toBe(400);
    }
    expect(await read(endpoint, web)).toEqual(before);
  });

  test.each(Object.entries(requests))('%s may name the entity itself', async (_, request) => {
    for (const nameOfOwn of [
      (own: string) => own,
      (own: string) => endpoint.url + own,
      async (own: string) => (await nameOf(own)).id,
    ]) {
      web = await make(endpoint, { kind: 'compute' });
      const name = await nameOfOwn(web);
      const [method, path, call] = request((...lines) => plain(...lines, `X-OCCI-Location: ${name}`));
      expect([name, (await endpoint.send(method, path, call)).status]).toEqual([name, 200]);
    }
  });

  test('a DELETE may name it by id and kind, and nothing else of it', async () => {
    const name = await nameOf(web);
    for (const wrong of [await nameOf(db), { ...name, kind: `${INFRASTRUCTURE}storage` }, { ...name, title: 'web' }]) {
      expect((await endpoint.send('DELETE', web, collection({ resources: [wrong] }))).status).toBe(400);
    }
    expect(
      (await endpoint.send('DELETE', web, { headers: { 'Content-Type': 'text/occi', 'X-OCCI-Location': db } })).status,
    ).toBe(400);
    expect((await list(endpoint, '/compute/')).toSorted()).toEqual([web, db].toSorted());
    expect((await endpoint.send('DELETE', web, collection({ resources: [name] }))).status).toBe(200);
    expect(await list(endpoint, '/compute/')).toEqual([db]);
  });

  test('a DELETE of a tag that another server would read out of a body deletes no entity', async () => {
    await tagged(web);
    const body = collection({ resources: [{ ...(await nameOf(web)), mixins: [TAG] }] });
    for (const path of ['/', '/compute/', web]) expect((await endpoint.send('DELETE', path, body)).status).toBe(400);
    expect((await read(endpoint, web)).mixins).toContain(TAG);
  });

  test('an update takes back the action links that were read with it (D-3)', async () => {
    const { body } = await endpoint.send('GET', web);
    expect(body).toContain('?action=');
    expect((await endpoint.send('POST', web, plain(body))).status).toBe(200);
    expect((await endpoint.send('PUT', web, plain(body))).status).toBe(200);
  });
});

test('A mixin is defined by its Category alone', async () => {
  const define = `Category: ${category(TAG, 'mixin')}; location="/mine/"`;
  const reply = await endpoint.send('POST', '/-/', plain(define, 'X-OCCI-Attribute: occi.core.title="mine"'));
  expect([reply.status, reply.body]).toEqual([400, expect.stringContaining('occi.core.title')]);
  expect((await endpoint.send('GET', '/mine/')).status).toBe(404);
});
