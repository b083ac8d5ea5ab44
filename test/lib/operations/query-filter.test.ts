import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { action, CRTP, category, filter, INFRASTRUCTURE, list, make, plain, read } from './payloads.ts';

let endpoint: Endpoint;
let web: string;
let db: string;
let disk: string;
let other: string;
beforeEach(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute', mixins: [`${CRTP}medium`], attributes: { 'occi.core.title': 'web' } });
  db = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'db' } });
  disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1, 'occi.core.title': 'db' } });
  other = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 2 } });
});
afterEach(() => endpoint.stop());

const INFRA = encodeURIComponent(INFRASTRUCTURE);
const sorted = (...paths: string[]) => paths.toSorted();
const found = async (path: string, call = {}) => (await list(endpoint, path, call)).toSorted();
const title = (name: string) => `attribute=occi.core.title&value=${name}`;
const everything = () => found('/');
const defineMine = (term = 'mine') =>
  endpoint.send(
    'POST',
    '/-/',
    plain(`Category: ${category(`http://example.org/tags#${term}`, 'mixin')}; location="/mine/"`),
  );

describe('A filter in the query of a GET', () => {
  test('selects by value, also on /', async () => {
    expect(await found(`/compute/?${title('web')}`)).toEqual([web]);
    expect(await found(`/?${title('db')}`)).toEqual(sorted(db, disk));
    expect(await found('/storage/?attribute=occi.storage.size&value=2.0')).toEqual([other]);
    expect(await found(`/compute/?${title('none')}`)).toEqual([]);
  });

  test('selects by term, type identifier, path and URL of a category', async () => {
    for (const name of ['compute', `${INFRA}compute`, '/compute/', `${endpoint.url}/compute/`]) {
      expect(await found(`/?category=${name}`)).toEqual(sorted(web, db));
    }
    expect(await found('/?category=medium')).toEqual([web]);
    expect(await found('/?category=/mixin/resource_tpl/medium/')).toEqual([web]);
    expect(await found('/compute/?category=storage')).toEqual([]);
  });

  test('joins pairs by "and", in their order; a semicolon parts them too', async () => {
    expect(await found(`/storage/?${title('db')}&attribute=occi.storage.size&value=1`)).toEqual([disk]);
    expect(await found('/storage/?attribute=occi.core.title&attribute=occi.storage.size&value=db&value=1')).toEqual([
      disk,
    ]);
    expect(await found(`/storage/?${title('db')}&attribute=occi.storage.size&value=2`)).toEqual([]);
    expect(await found('/?category=compute;attribute=occi.core.title;value=db')).toEqual([db]);
  });

  test('and the filter in the headers must both let a member pass, though both name kinds', async () => {
    const headers = (kind: string) => filter(['Category', category(kind, 'kind')]);
    expect(await found('/?category=compute', headers(`${INFRASTRUCTURE}storage`))).toEqual([]);
    expect(await found('/?category=compute', headers(`${INFRASTRUCTURE}compute`))).toEqual(sorted(web, db));
    expect(await found('/?category=compute', headers('http://schemas.ogf.org/occi/core#resource'))).toEqual(
      sorted(web, db),
    );
    const before = await everything();
    expect((await endpoint.send('DELETE', '/?category=compute', headers(`${INFRASTRUCTURE}storage`))).status).toBe(200);
    expect(await everything()).toEqual(before);
    const discovered = await endpoint.send('GET', '/-/?category=compute', headers(`${INFRASTRUCTURE}storage`));
    expect([discovered.status, discovered.body]).toEqual([200, '']);
  });

  test('is joined to the filter in the headers, and stands beside a page', async () => {
    const kind = filter(['Category', category(`${INFRASTRUCTURE}storage`, 'kind')]);
    expect(await found(`/?${title('db')}`, kind)).toEqual([disk]);
    expect(await found(`/compute/?${title('db')}&page=1&number=1`)).toEqual([db]);
    expect(await found(`/compute/?${title('db')}&page=2&number=1`)).toEqual([]);
  });

  test('is seen in every rendering', async () => {
    const headers = { Accept: 'application/occi+json' };
    const { body } = await endpoint.send('GET', `/compute/?${title('web')}`, { headers });
    expect(JSON.parse(body).resources).toEqual([await read(endpoint, web)]);
  });

  test('picks categories of the query interface', async () => {
    const { body } = await endpoint.send('GET', '/-/?category=storage;category=medium');
    expect(body.match(/^Category: \w+/gm)).toEqual(['Category: storage', 'Category: medium']);
    expect((await endpoint.send('GET', '/-/?category=backup')).body).toMatch(/^Category: backup;/);
    expect((await endpoint.send('HEAD', '/-/?category=nothing')).status).toBe(400);
  });

  const wrong: Record<string, string> = {
    'category=computer': 'compute',
    'category=nothing%23nothing': 'is not known here',
    'category=http://elsewhere.example.org/compute/': 'is not known here',
    'category=': 'is empty',
    'attribute=occi.core.title': 'pairs',
    'value=web': 'pairs',
    'attribute=occi.core.title&value=web&value=db': 'pairs',
    'attribute=&value=web': 'is empty',
    'attribute=occi.core.titel&value=web': 'occi.core.title',
    'attribute=occi.compute.cores&value=many': 'occi.compute.cores',
    'attribute=occi.core.title&value=web&attribute=occi.core.title&value=db': 'two values',
    'category=compute&operator=1': 'operator',
    'category=start': 'is an action',
    'categroy=compute': 'Did you mean category?',
    'action=stop': 'POST',
    'all=true': 'all',
    'page=1&page=2': 'page',
    'category=comp%0Aute': 'U+000A',
    'attribute=occi.core.title&value=%00': 'U+0000',
  };
  test.each(Object.entries(wrong))('?%s is 400 and says why', async (query, says) => {
    for (const path of ['/compute/', '/']) {
      const { status, body } = await endpoint.send('GET', `${path}?${query}`);
      expect([status, body]).toEqual([400, expect.stringContaining(says)]);
    }
  });

  test('contradicts one in the headers, which is 400', async () => {
    const header = filter(['X-OCCI-Attribute', 'occi.core.title="web"']);
    expect((await endpoint.send('GET', `/compute/?${title('db')}`, header)).status).toBe(400);
    expect(await found(`/compute/?${title('web')}`, header)).toEqual([web]);
  });

  test('by a term that several categories have is 400 and names them', async () => {
    await defineMine('compute');
    const { status, body } = await endpoint.send('GET', '/?category=compute');
    expect(status).toBe(400);
    for (const id of [`${INFRASTRUCTURE}compute`, 'http://example.org/tags#compute']) expect(body).toContain(id);
    expect(await found(`/?category=${INFRA}compute`)).toEqual(sorted(web, db));
  });

  test('is not needed: parameters of others are passed over', async () => {
    expect(await found('/compute/?utm_source=x&_=1700000000')).toEqual(sorted(web, db));
    expect((await endpoint.send('GET', `${web}?pretty=1`)).status).toBe(200);
    expect((await endpoint.send('GET', `${web}?category=compute`)).status).toBe(400);
  });

  test('is not made by the name of an attribute as a parameter, and the refusal says how', async () => {
    const { status, body } = await endpoint.send('GET', '/compute/?occi.core.title=web');
    expect(status).toBe(400);
    expect(body).toContain('occi.core.title: a filter is attribute=<name>&value=<value>');
  });
});

describe('A filter in the query of a DELETE', () => {
  test('takes what it selects and nothing else', async () => {
    expect((await endpoint.send('DELETE', '/storage/?attribute=occi.storage.size&value=1')).status).toBe(200);
    expect(await found('/storage/')).toEqual([other]);
    expect((await endpoint.send('DELETE', '/?category=storage')).status).toBe(200);
    expect(await found('/storage/')).toEqual([]);
    expect(await found('/compute/')).toEqual(sorted(web, db));
  });

  test('unties a mixin from what it selects', async () => {
    await defineMine();
    await endpoint.send('POST', '/mine/', plain(`X-OCCI-Location: ${web}`, `X-OCCI-Location: ${disk}`));
    expect((await endpoint.send('DELETE', '/mine/?category=storage')).status).toBe(200);
    expect(await found('/mine/')).toEqual([web]);
  });

  test.each([
    '/network/?occi.core.title=x',
    '/storage/?occi.core.title=x',
    '/?categroy=storage',
    '/?category=storage&dry_run=true',
    '/?attribute=occi.storage.size',
    '/storage/?category=',
    '/?all=true&category=storage',
    '/storage/?page=1&number=1',
    '/storage/?action=stop',
  ])('%s is 400 and takes nothing', async (path) => {
    const before = await everything();
    expect((await endpoint.send('DELETE', path)).status).toBe(400);
    expect(await everything()).toEqual(before);
  });

  test('that is misspelt in a header field takes nothing', async () => {
    const before = await everything();
    for (const [name, meant] of [
      ['X-OCCI-Attributes', 'X-OCCI-Attribute'],
      ['OCCI-Attribute', 'X-OCCI-Attribute'],
      ['Categories', 'Category'],
      ['Catagory', 'Category'],
    ] as const) {
      const reply = await endpoint.send('DELETE', '/?all=true', filter([name, 'occi.core.title="web"']));
      expect([reply.status, reply.body]).toEqual([400, expect.stringContaining(`did you mean ${meant}?`)]);
    }
    expect(await everything()).toEqual(before);
  });
});

describe('The query of a POST', () => {
  const STOP = `${INFRASTRUCTURE.replace('#', '')}/compute/action#stop`;
  const state = async (path: string) => (await read(endpoint, path)).attributes['occi.compute.state'];
  const stop = (query: string) => endpoint.send('POST', `/compute/?${query}`, action('text/plain', STOP));

  test('filters the members that an action is for', async () => {
    expect((await stop(`action=stop&${title('db')}`)).status).toBe(200);
    expect([await state(web), await state(db)]).toEqual(['active', 'inactive']);
    expect((await stop('action=stop&category=medium')).status).toBe(200);
    expect(await state(web)).toBe('inactive');
  });

  test('shows the members that were acted on, though the filter does not select them any more', async () => {
    const call = action('application/occi+json', STOP);
    const query = '?action=stop&attribute=occi.compute.state&value=active&category=medium';
    const { body } = await endpoint.send('POST', `/compute/${query}`, call);
    expect(JSON.parse(body).resources.map(({ title }: { title: string }) => title)).toEqual(['web']);
  });

  test.each([
    'action=stop&action=start',
    'action=stop&action=stop',
    'action=stop&dry_run=true',
    'action=stop&page=1',
    'action=stop&attribute=occi.core.title',
    'action=stop&category=nothing',
  ])('%s is 400 and stops nothing', async (query) => {
    expect((await stop(query)).status).toBe(400);
    expect([await state(web), await state(db)]).toEqual(['active', 'active']);
  });

  test.each(['dry_run=true', 'category=compute', 'page=1', 'all=true'])('%s makes nothing', async (query) => {
    const call = plain(`Category: ${category(`${INFRASTRUCTURE}compute`, 'kind')}`);
    const { status, body } = await endpoint.send('POST', `/compute/?${query}`, call);
    expect([status, body]).toEqual([400, expect.stringContaining(query.split('=')[0]!)]);
    expect(await found('/compute/')).toEqual(sorted(web, db));
  });
});
