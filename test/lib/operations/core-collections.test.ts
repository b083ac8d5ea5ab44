/** `/resource/` and `/link/`: the collections of the core kinds, which have all resources and all links (GFD.226 §3.2.1). */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import {
  ANSWERS,
  action,
  category,
  collection,
  entity,
  filter,
  INFRASTRUCTURE,
  list,
  locationsIn,
  make,
  pathOf,
  plain,
  RENDERINGS,
  read,
} from './payloads.ts';

const CORE = 'http://schemas.ogf.org/occi/core#';
const START = `${INFRASTRUCTURE.replace('#', '')}/compute/action#start`;
const STOP = START.replace('start', 'stop');

let endpoint: Endpoint;
/** What the provider publishes: it is listed, too. */
let published: string[] = [];
let [web, disk, net, storagelink, networkinterface] = ['', '', '', '', ''];

beforeEach(async () => {
  endpoint = await startEndpoint({ settings: { limits: { deleteAll: true } } });
  published = [...(await list(endpoint, '/network/')), ...(await list(endpoint, '/securitygroup/'))];
  web = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
  disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
  net = await make(endpoint, { kind: 'network' });
  const attributes = { 'occi.core.source': web };
  storagelink = await make(endpoint, { kind: 'storagelink', attributes: { ...attributes, 'occi.core.target': disk } });
  networkinterface = await make(endpoint, {
    kind: 'networkinterface',
    attributes: { ...attributes, 'occi.core.target': net },
  });
});
afterEach(() => endpoint.stop());

const resources = () => [web, disk, net, ...published].toSorted();
const links = () => [storagelink, networkinterface].toSorted();

describe('Discovery', () => {
  test('gives each kind but the entity a location, in text and in JSON', async () => {
    const { body } = await endpoint.send('GET', '/-/');
    const kinds = body.split(/\r?\n/).filter((line) => line.includes('class="kind"'));
    expect(kinds.filter((line) => !line.includes('; location="/'))).toEqual([
      expect.stringContaining(`Category: entity; scheme="${CORE}"`),
    ]);
    const reply = await endpoint.send('GET', '/-/', { headers: { Accept: 'application/occi+json' } });
    const locations: [string, string][] = JSON.parse(reply.body).kinds.map(
      (kind: { term: string; location: string }) => [kind.term, kind.location],
    );
    expect(locations.slice(0, 3)).toEqual([
      ['entity', undefined],
      ['resource', '/resource/'],
      ['link', '/link/'],
    ]);
    for (const [term, location] of locations.slice(1)) expect(location).toBe(`/${term}/`);
  });

  test('leads to collections that answer', async () => {
    const { body } = await endpoint.send('GET', '/-/', { headers: { Accept: 'application/occi+json' } });
    for (const { location } of JSON.parse(body).kinds.slice(1))
      expect((await endpoint.send('GET', location)).status).toBe(200);
  });
});

describe('GET', () => {
  test.each(ANSWERS)('lists all resources and all links, and nothing else, in %s', async (mediaType) => {
    for (const [path, member, all] of [
      ['/resource/', 'resources', resources()],
      ['/link/', 'links', links()],
    ] as const) {
      const reply = await endpoint.send('GET', path, { headers: { Accept: mediaType } });
      expect(reply.status).toBe(200);
      if (mediaType === 'application/occi+json') {
        const ids = JSON.parse(reply.body)[member].map(({ id }: { id: string }) => id);
        const expected = await Promise.all(all.map(async (one) => (await read(endpoint, one)).id));
        expect(ids.toSorted()).toEqual(expected.toSorted());
      } else expect(locationsIn(reply).map(pathOf).toSorted()).toEqual(all);
      const head = await endpoint.send('HEAD', path, { headers: { Accept: mediaType } });
      expect([head.status, head.body]).toEqual([200, '']);
    }
  });

  test('of no links is an empty list of links in JSON', async () => {
    await endpoint.send('DELETE', '/link/?all=true');
    const reply = await endpoint.send('GET', '/link/', { headers: { Accept: 'application/occi+json' } });
    expect(JSON.parse(reply.body)).toEqual({ links: [] });
  });

  test('filters by kind, by mixin and by attribute', async () => {
    const of = (name: string, value: string) => list(endpoint, '/resource/', filter([name, value]));
    expect(await of('Category', category(`${INFRASTRUCTURE}storage`, 'kind'))).toEqual([disk]);
    expect(await of('Category', category(`${INFRASTRUCTURE}os_tpl`, 'mixin'))).toEqual([web]);
    expect(await of('X-OCCI-Attribute', 'occi.core.title="web"')).toEqual([web]);
    expect(await of('Category', category(`${INFRASTRUCTURE}storagelink`, 'kind'))).toEqual([]);
    const byTarget = filter(['X-OCCI-Attribute', `occi.core.target="${net}"`]);
    expect(await list(endpoint, '/link/', byTarget)).toEqual([networkinterface]);
  });

  test('is cut into pages', async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => list(endpoint, `/resource/?page=${page}&number=4`)));
    expect(pages.map(({ length }) => length)).toEqual([4, published.length - 1, 0]);
    expect(pages.flat().toSorted()).toEqual(resources());
  });
});

describe('POST', () => {
  test.each(RENDERINGS)('makes an entity of the kind that the payload names, in %s', async (mediaType) => {
    const made = await endpoint.send('POST', '/resource/', entity(mediaType, { kind: 'network' }));
    expect([made.status, made.headers.location]).toEqual([201, expect.stringContaining('/network/')]);
    const link = { kind: 'networkinterface', attributes: { 'occi.core.source': web, 'occi.core.target': net } };
    const linked = await endpoint.send('POST', '/link/', entity(mediaType, link));
    expect([linked.status, linked.headers.location]).toEqual([201, expect.stringContaining('/networkinterface/')]);
  });

  test('takes no link among the resources, no resource among the links, and no core kind', async () => {
    const link = { kind: 'networkinterface', attributes: { 'occi.core.source': web, 'occi.core.target': net } };
    expect((await endpoint.send('POST', '/resource/', entity('text/plain', link))).status).toBe(400);
    expect((await endpoint.send('POST', '/link/', entity('text/plain', { kind: 'network' }))).status).toBe(400);
    const core = plain(`Category: ${category(`${CORE}resource`, 'kind')}`);
    expect((await endpoint.send('POST', '/resource/', core)).status).toBe(400);
    const mixed = collection({
      resources: [{ kind: `${INFRASTRUCTURE}network` }, { kind: `${INFRASTRUCTURE}compute` }],
    });
    expect((await endpoint.send('POST', '/resource/', mixed)).status).toBe(201);
  });
});

describe('An action', () => {
  const act = (path: string, id: string, headers = {}) => {
    const { body, ...call } = action('text/plain', id);
    const target = `${path}?action=${id.split('#')[1]}`;
    return endpoint.send('POST', target, { body: body!, headers: { ...call.headers, ...headers } });
  };

  test('is taken where every member that a filter selects has it, and does nothing where one has not (CORE-15)', async () => {
    const refused = await act('/resource/', STOP);
    expect([refused.status, refused.body]).toEqual([400, expect.stringMatching(/^(storage|network) has no action/)]);
    expect((await read(endpoint, web)).attributes['occi.compute.state']).toBe('active');
    const filtered = await act('/resource/', STOP, { 'X-OCCI-Attribute': 'occi.compute.state="active"' });
    expect(filtered.status).toBe(200);
    expect((await read(endpoint, web)).attributes['occi.compute.state']).toBe('inactive');
  });

  test('is refused on links, which have no actions', async () => {
    expect((await act('/link/', START)).status).toBe(400);
  });
});

describe('DELETE', () => {
  test('takes all links, and leaves the resources', async () => {
    expect((await endpoint.send('DELETE', '/link/?all=true')).status).toBe(200);
    expect(await list(endpoint, '/link/')).toEqual([]);
    expect((await list(endpoint, '/resource/')).toSorted()).toEqual(resources());
  });

  test('takes what a filter selects', async () => {
    const call = filter(['Category', category(`${INFRASTRUCTURE}storagelink`, 'kind')]);
    expect((await endpoint.send('DELETE', '/link/', call)).status).toBe(200);
    expect(await list(endpoint, '/link/')).toEqual([networkinterface]);
  });

  test('takes what the payload names, if it is a member', async () => {
    expect((await endpoint.send('DELETE', '/resource/', plain(`X-OCCI-Location: ${storagelink}`))).status).toBe(400);
    expect((await endpoint.send('DELETE', '/link/', plain(`X-OCCI-Location: ${storagelink}`))).status).toBe(200);
    expect(await list(endpoint, '/link/')).toEqual([networkinterface]);
  });
});

test('PUT on them is not defined', async () => {
  for (const path of ['/resource/', '/link/']) {
    const reply = await endpoint.send('PUT', path, entity('text/plain', { kind: 'network' }));
    expect([reply.status, reply.headers.allow]).toEqual([405, 'GET, HEAD, POST, DELETE, OPTIONS']);
  }
});

test('a path that a client chooses below them leads to what is a member there', async () => {
  const put = (path: string, kind: string) => endpoint.send('PUT', path, entity('text/plain', { kind }));
  expect((await put('/resource/mine', 'network')).status).toBe(201);
  expect(await list(endpoint, '/resource/')).toContain('/resource/mine');
  expect((await put('/link/mine', 'network')).status).toBe(400);
});
