import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { ANSWERS, collection, filter, INFRASTRUCTURE, list, locationsIn, make, read } from './payloads.ts';

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
});
afterEach(() => endpoint.stop());
const get = (path: string, accept: string) => endpoint.send('GET', path, { headers: { Accept: accept } });

describe('GET on a collection (HTTP-31)', () => {
  test.each(ANSWERS)('that is empty is 200, in %s (D-11)', async (mediaType) => {
    for (const path of ['/compute/', '/compute', '/storagelink/']) {
      const { status, body } = await get(path, mediaType);
      const empty = path === '/storagelink/' ? '{"links":[]}' : '{"resources":[]}';
      expect([status, body]).toEqual([
        200,
        { 'text/occi': 'OK\n', 'application/occi+json': empty }[mediaType as string] ?? '',
      ]);
    }
  });

  test('answers absolute URLs of the endpoint (D-14), JSON the entities whole (JSON-9)', async () => {
    const paths = [await make(endpoint, { kind: 'compute' }), await make(endpoint, { kind: 'compute' })].toSorted();
    for (const mediaType of ['text/plain', 'text/occi', 'text/uri-list']) {
      const locations = locationsIn(await get('/compute/', mediaType));
      expect(locations.toSorted()).toEqual(paths.map((path) => endpoint.url + path));
    }
    const { resources } = JSON.parse((await get('/compute/', 'application/occi+json')).body);
    expect(resources).toEqual(expect.arrayContaining(await Promise.all(paths.map((path) => read(endpoint, path)))));
  });

  test('shows every kind that is served, in every rendering', async () => {
    for (const kind of [
      'compute',
      'storage',
      'network',
      'securitygroup',
      'ipreservation',
      'networkinterface',
      'storagelink',
      'securitygrouplink',
    ]) {
      for (const mediaType of ANSWERS) expect((await get(`/${kind}/`, mediaType)).status).toBe(200);
    }
  });
});

describe('Paging (HTTP-12 to HTTP-14)', () => {
  let all: string[];
  beforeEach(async () => {
    const resources = Array.from({ length: 7 }, () => ({ kind: `${INFRASTRUCTURE}compute` }));
    await endpoint.send('POST', '/compute/', collection({ resources }));
    all = await list(endpoint, '/compute/');
  });

  test.each(['&', ';'])('page and number, parted by %s, cut the listing into pieces', async (by) => {
    const pages = await Promise.all([1, 2, 3].map((page) => list(endpoint, `/compute/?page=${page}${by}number=3`)));
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(all);
  });

  test('in JSON as in text, with a filter as without, and on /', async () => {
    const { resources } = JSON.parse((await get('/compute/?page=2&number=5', 'application/json')).body);
    expect(resources).toHaveLength(2);
    expect(
      await list(endpoint, '/compute/?page=2&number=4', filter(['X-OCCI-Attribute', 'occi.compute.cores=1'])),
    ).toEqual(all.slice(4));
    expect(await list(endpoint, '/?number=2')).toHaveLength(2);
  });

  test('past the end is empty (HTTP-14)', async () => {
    for (const query of ['page=4&number=3', 'page=999999999&number=10000', 'page=2']) {
      expect(await list(endpoint, `/compute/?${query}`)).toEqual([]);
    }
  });

  test.each([
    'page=0',
    'page=-1',
    'page=',
    'page=x',
    'page=1.5',
    'page=1e3',
    'number=0',
    'number=NaN',
    'page=%20',
    'page=99999999999999999999',
    'number=-0',
    'page=0x1',
    'page=١',
  ])('%s is 400', async (query) => {
    expect((await endpoint.send('GET', encodeURI(`/compute/?${query}`).replace('%2520', '%20'))).status).toBe(400);
  });

  test('a number over 10,000 is 413 (HTTP-13)', async () => {
    expect((await endpoint.send('GET', '/compute/?number=10001')).status).toBe(413);
    expect(await list(endpoint, '/compute/?number=10000')).toEqual(all);
  });
});
