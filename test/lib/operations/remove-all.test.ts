import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';
import { category, collection, filter, INFRASTRUCTURE, list, make, plain, read } from './payloads.ts';

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
});
afterEach(() => endpoint.stop());

/** Two computes, one of them called web, and a storage. */
async function machines() {
  const web = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
  const db = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'db' } });
  const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
  return { web, db, disk };
}

describe('DELETE on a kind collection', () => {
  test('without payload and filter takes all of the kind and nothing else (HTTP-36, D-9)', async () => {
    const { disk } = await machines();
    const reply = await endpoint.send('DELETE', '/compute/?all=true');
    expect(reply).toMatchObject({ status: 200, body: 'OK\n' });
    expect(await list(endpoint, '/compute/')).toEqual([]);
    expect(await list(endpoint, '/storage/')).toEqual([disk]);
  });

  test('with X-OCCI-Location takes only what is named (D-17, H11-11)', async () => {
    const { web, db } = await machines();
    expect((await endpoint.send('DELETE', '/compute/', plain(`X-OCCI-Location: ${endpoint.url}${web}`))).status).toBe(
      200,
    );
    expect(await list(endpoint, '/compute/')).toEqual([db]);
  });

  test('takes the names from headers too (TXT-22)', async () => {
    const { web, db } = await machines();
    const headers = { 'Content-Type': 'text/occi', 'X-OCCI-Location': `${endpoint.url}${web}` };
    expect((await endpoint.send('DELETE', '/compute/', { headers })).status).toBe(200);
    expect(await list(endpoint, '/compute/')).toEqual([db]);
  });

  test('takes the names from the ids of a JSON collection (GFD.226)', async () => {
    const { web, db } = await machines();
    const { kind, id } = await read(endpoint, web);
    expect((await endpoint.send('DELETE', '/compute/', collection({ resources: [{ kind, id }] }))).status).toBe(200);
    expect(await list(endpoint, '/compute/')).toEqual([db]);
  });

  test('with an attribute filter takes only what the filter selects (HTTP-17)', async () => {
    const { db } = await machines();
    const reply = await endpoint.send('DELETE', '/compute/', filter(['X-OCCI-Attribute', 'occi.core.title="web"']));
    expect(reply.status).toBe(200);
    expect(await list(endpoint, '/compute/')).toEqual([db]);
  });

  test('names of entities that are not there take nothing at all', async () => {
    const { web, db } = await machines();
    const lines = [`X-OCCI-Location: ${web}`, 'X-OCCI-Location: /compute/00000000-0000-5000-8000-000000000000'];
    expect((await endpoint.send('DELETE', '/compute/', plain(...lines))).status).toBe(400);
    expect((await list(endpoint, '/compute/')).toSorted()).toEqual([web, db].toSorted());
  });

  test('a storage named in the collection of computes is not passed over in silence', async () => {
    const { disk } = await machines();
    const reply = await endpoint.send('DELETE', '/compute/', plain(`X-OCCI-Location: ${disk}`));
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(await list(endpoint, '/storage/')).toEqual([disk]);
  });

  test('what the provider published is never deleted', async () => {
    const before = await list(endpoint, '/network/');
    const own = await make(endpoint, { kind: 'network' });
    expect((await endpoint.send('DELETE', '/network/?all=true')).status).toBe(200);
    expect(await list(endpoint, '/network/')).toEqual(before);
    expect((await endpoint.send('GET', own)).status).toBe(404);
  });

  test('a published network that is named is not reported as deleted', async () => {
    const [published] = await list(endpoint, '/network/');
    const reply = await endpoint.send('DELETE', '/network/', plain(`X-OCCI-Location: ${published}`));
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(await list(endpoint, '/network/')).toContain(published);
  });

  test('a failure does not stop the rest, and the answer names it (ADR-8)', async () => {
    const [net] = [await make(endpoint, { kind: 'network' })];
    const other = await make(endpoint, { kind: 'network' });
    await make(endpoint, { kind: 'compute', links: [{ kind: 'networkinterface', target: net }] });
    const reply = await endpoint.send('DELETE', '/network/?all=true');
    expect(reply.status).toBe(409);
    expect(reply.body).toContain(net);
    expect((await endpoint.send('GET', other)).status).toBe(404);
    expect((await endpoint.send('GET', net)).status).toBe(200);
  });
});

describe('DELETE on /', () => {
  test('takes links, machines and what they use in one request (H11-8)', async () => {
    const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    const net = await make(endpoint, { kind: 'network' });
    const links = [
      { kind: 'storagelink', target: disk },
      { kind: 'networkinterface', target: net },
    ];
    await make(endpoint, { kind: 'compute', links });
    expect((await endpoint.send('DELETE', '/?all=true')).status).toBe(200);
    expect(await list(endpoint, '/compute/')).toEqual([]);
    expect(await list(endpoint, '/storage/')).toEqual([]);
    expect(await list(endpoint, '/network/')).not.toContain(net);
    expect(await list(endpoint, '/networkinterface/')).toEqual([]);
  });

  test('with the Category of a kind takes that kind only (H11-2)', async () => {
    const { disk } = await machines();
    const reply = await endpoint.send(
      'DELETE',
      '/',
      filter(['Category', category(`${INFRASTRUCTURE}compute`, 'kind')]),
    );
    expect(reply.status).toBe(200);
    expect(await list(endpoint, '/compute/')).toEqual([]);
    expect(await list(endpoint, '/storage/')).toEqual([disk]);
  });
});

describe('A collection DELETE never takes more than was asked for', () => {
  const header = (...fields: [string, string][]): Call => filter(...fields);
  const START = 'http://schemas.ogf.org/occi/infrastructure/compute/action#start';
  const CORE = 'http://schemas.ogf.org/occi/core#';
  const asked: Record<string, Call> = {
    'only a Link header': header(['Link', `<${'/network/x'}>; rel="${INFRASTRUCTURE}network"`]),
    'only an X-OCCI-Link header': header(['X-OCCI-Link', `</network/x>; rel="${INFRASTRUCTURE}network"`]),
    'only an action link': header(['Link', `</compute/x?action=start>; rel="${START}"`]),
    'the Category of an action': header(['Category', category(START, 'action')]),
    'the core kind link': header(['Category', category(`${CORE}link`, 'kind')]),
    'an unknown category': header(['Category', category('http://example.org/none#none', 'mixin')]),
    'an unknown attribute': header(['X-OCCI-Attribute', 'org.example.none="1"']),
    'an empty Category header': header(['Category', '']),
    'an empty X-OCCI-Location header': header(['X-OCCI-Location', '']),
    'a Category line in the body': plain(`Category: ${category(`${INFRASTRUCTURE}compute`, 'kind')}`),
    'an attribute line in the body': plain('X-OCCI-Attribute: occi.core.title="web"'),
    'an empty JSON collection': collection({ resources: [] }),
    'an empty JSON object': collection({}),
    'a JSON entity without id': collection({ resources: [{ kind: `${INFRASTRUCTURE}compute` }] }),
    'a JSON list': { headers: { 'Content-Type': 'application/json' }, body: '[]' },
    'a body in a rendering that is not read': { headers: { 'Content-Type': 'text/uri-list' }, body: '/compute/x' },
    'a body that is broken': { headers: { 'Content-Type': 'application/json' }, body: '{' },
  };

  test.each(Object.entries(asked))('%s deletes no compute', async (_, call) => {
    const { web, db } = await machines();
    for (const path of ['/compute/', '/']) {
      const reply = await endpoint.send('DELETE', path, call);
      expect(reply.status).toBeLessThan(500);
      expect((await list(endpoint, '/compute/')).toSorted()).toEqual([web, db].toSorted());
    }
  });

  test('a page of a collection is all that page and number let go (HTTP-12)', async () => {
    await machines();
    await endpoint.send('DELETE', '/compute/?page=1&number=1');
    expect((await list(endpoint, '/compute/')).length).toBeGreaterThanOrEqual(1);
  });

  test('one entity without id beside one with an id is refused, not half done (ADR-8)', async () => {
    const { web, db } = await machines();
    const { kind, id } = await read(endpoint, web);
    const reply = await endpoint.send('DELETE', '/compute/', collection({ resources: [{ kind, id }, { kind }] }));
    expect(reply.status).toBe(400);
    expect((await list(endpoint, '/compute/')).toSorted()).toEqual([web, db].toSorted());
  });
});

describe('A collection DELETE without names and filter', () => {
  const COLLECTIONS = ['/compute/', '/', '/mine/'];
  const TAG = 'http://example.org/tags#mine';
  const tagged = async () => {
    const made = await machines();
    await endpoint.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`));
    await endpoint.send('POST', '/mine/', plain(`X-OCCI-Location: ${made.web}`));
    return made;
  };
  const left = async () => [(await list(endpoint, '/compute/')).length, (await list(endpoint, '/mine/')).length];

  test('is 403 and says how to ask for it, and how a provider allows it', async () => {
    await tagged();
    for (const path of COLLECTIONS) {
      const { status, body } = await endpoint.send('DELETE', path);
      expect([path, status]).toEqual([path, 403]);
      expect(body).toContain('?all=true');
      expect(body).toContain('limits.deleteAll: true');
    }
    expect(await left()).toEqual([2, 1]);
  });

  test('goes through where the provider allows it, but not with a filter or payload that turned out empty', async () => {
    await endpoint.stop();
    endpoint = await startEndpoint({ settings: { limits: { deleteAll: true } } });
    await tagged();
    const empty: Call[] = [
      filter(['X-OCCI-Attribute', '']),
      filter(['Category', '']),
      filter(['X-OCCI-Location', '']),
      plain('X-OCCI-Location:'),
      plain('X-OCCI-Attribute:'),
      collection({}),
      collection({ resources: [] }),
    ];
    for (const path of COLLECTIONS) {
      for (const call of empty) {
        expect([400, 403]).toContain((await endpoint.send('DELETE', path, call)).status);
        expect(await left()).toEqual([2, 1]);
      }
    }
    expect((await endpoint.send('DELETE', '/mine/')).status).toBe(200);
    expect(await left()).toEqual([2, 0]);
    expect((await endpoint.send('DELETE', '/compute/')).status).toBe(200);
    expect(await left()).toEqual([0, 0]);
  });

  test('goes through with all=true, whatever the setting', async () => {
    for (const deleteAll of [false, true]) {
      await endpoint.stop();
      endpoint = await startEndpoint({ settings: { limits: { deleteAll } } });
      await tagged();
      expect((await endpoint.send('DELETE', '/mine/?all=true')).status).toBe(200);
      expect(await left()).toEqual([2, 0]);
      expect((await endpoint.send('DELETE', '/?all=true')).status).toBe(200);
      expect(await left()).toEqual([0, 0]);
    }
  });

  test.each(['?all=false', '?all', '?all=1', '?all=true&all=true', '?all=true&category=compute'])(
    '%s is 400',
    async (query) => {
      await tagged();
      for (const path of COLLECTIONS) expect((await endpoint.send('DELETE', path + query)).status).toBe(400);
      expect(await left()).toEqual([2, 1]);
    },
  );

  test('all=true beside a filter in the headers or names in the payload is 400', async () => {
    const { web } = await tagged();
    const calls = [
      filter(['X-OCCI-Attribute', 'occi.core.title="web"']),
      filter(['X-OCCI-Location', web]),
      plain(`X-OCCI-Location: ${web}`),
      collection({ resources: [] }),
    ];
    for (const path of COLLECTIONS) {
      for (const call of calls) expect((await endpoint.send('DELETE', `${path}?all=true`, call)).status).toBe(400);
    }
    expect(await left()).toEqual([2, 1]);
  });

  test.each([
    ['/compute//', 404],
    ['//compute///', 404],
    ['//', 404],
    ['/compute/%2F', 400],
    ['/compute%2f', 400],
    ['/compute/%3Fx', 400],
    ['/%3Fx', 400],
  ])('%s is no collection, even with all=true', async (path, status) => {
    await tagged();
    expect((await endpoint.send('DELETE', path)).status).toBe(status);
    expect((await endpoint.send('DELETE', `${path}?all=true`)).status).toBeGreaterThanOrEqual(400);
    expect(await left()).toEqual([2, 1]);
  });
});
