import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { CRTP, category, collection, INFRASTRUCTURE, list, make, OS_TPL, plain, read } from './payloads.ts';

let endpoint: Endpoint;
let web: string;
let db: string;
let disk: string;
const TAG = 'http://example.org/tags#mine';

beforeEach(async () => {
  endpoint = await startEndpoint();
  await endpoint.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`));
  web = await make(endpoint, { kind: 'compute' });
  db = await make(endpoint, { kind: 'compute' });
  disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
});
afterEach(() => endpoint.stop());

const named = (...paths: string[]) => plain(...paths.map((path) => `X-OCCI-Location: ${endpoint.url}${path}`));
const members = async (path = '/mine/') => (await list(endpoint, path)).toSorted();
const sorted = (...paths: string[]) => paths.toSorted();
const entityOf = async (path: string) => {
  const { kind, id } = await read(endpoint, path);
  return { kind, id };
};

describe('The collection of a user’s mixin (CORE-18, H11-11)', () => {
  test('POST adds what is named and answers the collection (HTTP-34)', async () => {
    expect(await members()).toEqual([]);
    const reply = await endpoint.send('POST', '/mine/', named(web));
    expect(reply.status).toBe(200);
    expect(reply.body.trim()).toBe(`X-OCCI-Location: ${endpoint.url}${web}`);
    await endpoint.send('POST', '/mine/', named(disk));
    expect(await members()).toEqual(sorted(web, disk));
    expect((await read(endpoint, web)).mixins).toContain(TAG);
  });

  test('POST of a member that is one already changes nothing', async () => {
    await endpoint.send('POST', '/mine/', named(web, web));
    await endpoint.send('POST', '/mine/', named(web));
    expect((await read(endpoint, web)).mixins.filter((id: string) => id === TAG)).toEqual([TAG]);
  });

  test('PUT makes the payload the whole membership (HTTP-32)', async () => {
    await endpoint.send('POST', '/mine/', named(web, disk));
    expect((await endpoint.send('PUT', '/mine/', named(db, disk))).status).toBe(200);
    expect(await members()).toEqual(sorted(db, disk));
    expect((await read(endpoint, web)).mixins).not.toContain(TAG);
  });

  test('JSON names members by their ids, and an empty collection is no member at all (GFD.226)', async () => {
    const resources = [await entityOf(web), await entityOf(disk)];
    expect((await endpoint.send('POST', '/mine/', collection({ resources }))).status).toBe(200);
    expect(await members()).toEqual(sorted(web, disk));
    expect((await endpoint.send('PUT', '/mine/', collection({ resources: [] }))).status).toBe(200);
    expect(await members()).toEqual([]);
  });

  test('DELETE takes the mixin off what is named, and never deletes an entity (D-16)', async () => {
    await endpoint.send('POST', '/mine/', named(web, db, disk));
    expect((await endpoint.send('DELETE', '/mine/', named(web))).status).toBe(200);
    expect(await members()).toEqual(sorted(db, disk));
    expect((await endpoint.send('DELETE', '/mine/?all=true')).status).toBe(200);
    expect(await members()).toEqual([]);
    expect((await list(endpoint, '/compute/')).toSorted()).toEqual(sorted(web, db));
  });

  test('an entity that is deleted is no member any more', async () => {
    await endpoint.send('POST', '/mine/', named(web, db));
    await endpoint.send('DELETE', web);
    expect(await members()).toEqual([db]);
  });

  test('what the provider published can be tagged and untagged', async () => {
    const [published] = await list(endpoint, '/network/');
    expect((await endpoint.send('POST', '/mine/', named(published!))).status).toBe(200);
    expect(await members()).toEqual([published]);
    expect((await endpoint.send('DELETE', '/mine/?all=true')).status).toBe(200);
    expect(await members()).toEqual([]);
  });

  test('with one name that is not there nothing changes at all', async () => {
    await endpoint.send('POST', '/mine/', named(web));
    const nowhere = '/compute/00000000-0000-5000-8000-000000000000';
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await endpoint.send(method, '/mine/', named(db, web, nowhere))).status).toBe(400);
      expect(await members()).toEqual([web]);
    }
  });

  test('a payload that names nothing changes nothing', async () => {
    await endpoint.send('POST', '/mine/', named(web));
    const { kind } = await entityOf(db);
    const payloads = {
      'a kind': plain(`Category: ${category(kind, 'kind')}`),
      'an attribute': plain('X-OCCI-Attribute: occi.core.title="x"'),
      'entities without id': collection({ resources: [{ kind }] }),
      'one with an id, one without': collection({ resources: [await entityOf(db), { kind }] }),
      'an object': collection({}),
    };
    for (const [what, call] of Object.entries(payloads)) {
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const { status } = await endpoint.send(method, '/mine/', call);
        expect({ what, method, status }).toEqual({ what, method, status: 400 });
        expect(await members()).toEqual([web]);
      }
    }
    expect((await endpoint.send('POST', '/mine/')).status).toBe(400);
    expect(await members()).toEqual([web]);
  });
});

describe('The collection of a provider’s mixin', () => {
  test('a template’s members are those made of it, those of its base all of them (CORE-10)', async () => {
    const small = await make(endpoint, { kind: 'compute', mixins: [`${CRTP}small`, `${OS_TPL}rocky9`] });
    expect(await members('/mixin/resource_tpl/small/')).toEqual([small]);
    expect(await members('/mixin/os_tpl/rocky9/')).toEqual([small]);
    expect(await members('/mixin/os_tpl/')).toEqual(sorted(web, db, small));
  });

  test('POST of another size replaces the first and resizes (INF-16, CRTP-1)', async () => {
    const small = await make(endpoint, { kind: 'compute', mixins: [`${CRTP}small`] });
    expect((await endpoint.send('POST', '/mixin/resource_tpl/large/', named(small))).status).toBe(200);
    const { mixins, attributes } = await read(endpoint, small);
    expect(mixins).toContain(`${CRTP}large`);
    expect(mixins).not.toContain(`${CRTP}small`);
    expect(attributes).toMatchObject({ 'occi.compute.cores': 4, 'occi.compute.memory': 4 });
  });

  test('an entity of a kind that it does not apply to is refused, and none of the others changes (CORE-11, D-6)', async () => {
    for (const method of ['POST', 'PUT']) {
      expect((await endpoint.send(method, '/mixin/resource_tpl/small/', named(web, disk))).status).toBe(400);
      expect(await members('/mixin/resource_tpl/small/')).toEqual([]);
    }
  });

  test('DELETE takes it off and leaves the entity', async () => {
    const small = await make(endpoint, { kind: 'compute', mixins: [`${CRTP}small`] });
    const reply = await endpoint.send('DELETE', '/mixin/resource_tpl/small/', named(small));
    expect(reply.status).toBe(200);
    expect((await read(endpoint, small)).mixins).not.toContain(`${CRTP}small`);
  });

  test('DELETE on that of published entities leaves them as they are and says so', async () => {
    const before = await members('/mixin/ipnetwork/');
    const own = await make(endpoint, {
      kind: 'network',
      mixins: [`${INFRASTRUCTURE.replace('#', '')}/network#ipnetwork`],
    });
    expect(await members('/mixin/ipnetwork/')).toEqual([...before, own].toSorted());
    const reply = await endpoint.send('DELETE', '/mixin/ipnetwork/?all=true');
    expect([403, 409]).toContain(reply.status);
    expect((await members('/mixin/ipnetwork/')).filter((path) => path !== own)).toEqual(before);
  });
});
