/** Ten thousand machines: more than an answer through a gateway holds in JSON, and far more than headers do (ADR-6). */
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, type Reply, startEndpoint } from '../../endpoint.ts';
import { collection, INFRASTRUCTURE, list, make, pathOf, walk } from './payloads.ts';

const MACHINES = 10_000;
const AT_ONCE = 1000;
const JSON_TYPE = { Accept: 'application/occi+json' };
const GATEWAY_BYTES = 6 * 1024 * 1024;

let endpoint: Endpoint;
let paths: readonly string[];
beforeAll(async () => {
  endpoint = await startEndpoint();
  const summary = 'a machine like all the others, '.repeat(16);
  const resources = Array.from({ length: AT_ONCE }, (_, at) => ({
    kind: `${INFRASTRUCTURE}compute`,
    title: `m${at}`,
    summary,
  }));
  for (let made = 0; made < MACHINES; made += AT_ONCE) {
    const { status } = await endpoint.send('POST', '/compute/', collection({ resources }, 'text/uri-list'));
    expect(status).toBe(201);
  }
  paths = await list(endpoint, '/compute/');
  expect(new Set(paths).size).toBe(MACHINES);
}, 120_000);
afterAll(() => endpoint.stop());

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  endpoint.send(method, path, { headers });
const idsIn = (body: string): string[] =>
  JSON.parse(body).resources.map(({ id }: { id: string }) => id.replace('urn:uuid:', '/compute/'));

/** Fails unless the pages are all machines, each once, in the order of their listing. */
function expectAll(pages: readonly Reply[]): void {
  expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
  expect(pages.flatMap(({ body }) => idsIn(body))).toEqual(paths);
  for (const { body } of pages) expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(GATEWAY_BYTES);
}

describe('Ten thousand machines in JSON', () => {
  test('are given in pages, each as large as may be and with a link to the next', async () => {
    const pages = await walk(endpoint, '/compute/', JSON_TYPE);
    expectAll(pages);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages[0]!.headers.link).toMatch(
      new RegExp(
        `^<${endpoint.url}/compute/\\?page=2&number=${idsIn(pages[0]!.body).length}&shorter=true>; rel="next"$`,
      ),
    );
    expect(pages[0]!.bytes.length).toBeGreaterThan(GATEWAY_BYTES * 0.8);
  });

  test('are given whole to a client that takes a compressed answer', async () => {
    const { status, headers, bytes } = await get('/compute/', { ...JSON_TYPE, 'Accept-Encoding': 'gzip' });
    expect([status, headers['content-encoding'], headers.link]).toEqual([200, 'gzip', undefined]);
    expect(idsIn(gunzipSync(bytes).toString())).toEqual(paths);
  });

  test('are given whole where a server on one machine may send more', async () => {
    const limits = { responseBytes: 100_000_000 };
    const roomy = await startEndpoint({ table: endpoint.table, settings: { limits } });
    try {
      const { status, headers, body } = await roomy.send('GET', '/compute/', { headers: JSON_TYPE });
      expect([status, headers.link, headers['content-encoding']]).toEqual([200, undefined, undefined]);
      expect(idsIn(body)).toEqual(paths);
    } finally {
      await roomy.stop();
    }
  });

  test('are given in the pages that the client counts itself, each but the last with a link', async () => {
    const pages = await walk(endpoint, '/compute/?page=1&number=2500', JSON_TYPE);
    expectAll(pages);
    expect(pages.map(({ headers }) => headers.link && new URL(headers.link.slice(1).split('>')[0]!).search)).toEqual([
      '?page=2&number=2500',
      '?page=3&number=2500',
      '?page=4&number=2500',
      undefined,
    ]);
    const { status, body } = await get('/compute/?page=5&number=2500', JSON_TYPE);
    expect([status, body]).toEqual([200, '{"resources":[]}']);
  });

  test('with a filter, below another path, are given in pages too', async () => {
    const category = 'compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';
    const pages = await walk(endpoint, '/', { ...JSON_TYPE, Category: category });
    expectAll(pages);
    expect(pages.length).toBeGreaterThan(1);
  });
});

describe('A page of ten thousand machines', () => {
  test('is the same for HEAD, and 304 for a client that has it', async () => {
    const [got, head] = [await get('/compute/', JSON_TYPE), await get('/compute/', JSON_TYPE, 'HEAD')];
    expect([head.status, head.headers.link, head.headers.etag, head.body]).toEqual([
      200,
      got.headers.link,
      got.headers.etag,
      '',
    ]);
    const again = await get('/compute/', { ...JSON_TYPE, 'If-None-Match': got.headers.etag! });
    expect(again.status).toBe(304);
  });

  test('does not stand for all of them: its tag is no condition for a change of the collection', async () => {
    const { headers } = await get('/compute/', JSON_TYPE);
    const { status } = await get('/compute/?all=true', { 'If-Match': headers.etag! }, 'DELETE');
    expect(status).toBe(412);
    expect(await list(endpoint, '/compute/')).toHaveLength(MACHINES);
  });

  test('has another tag once a machine follows that was not there', async () => {
    const last = `/compute/?page=1&number=${MACHINES}`;
    const uris = { Accept: 'text/uri-list' };
    const before = await get(last, uris);
    const added = await make(endpoint, { kind: 'compute' });
    const after = await get(last, { ...uris, 'If-None-Match': before.headers.etag! });
    expect([before.status, before.headers.link]).toEqual([200, undefined]);
    expect([after.status, after.headers.link]).toEqual([200, expect.stringContaining('?page=2&number=10000>')]);
    await endpoint.send('DELETE', added);
    expect((await get(last, { ...uris, 'If-None-Match': before.headers.etag! })).status).toBe(304);
  });
});

describe('Ten thousand locations', () => {
  test.each(['text/plain', 'text/uri-list'])('fit into one answer in %s', async (accept) => {
    const { status, headers, body } = await get('/compute/', { Accept: accept });
    expect([status, headers.link]).toEqual([200, undefined]);
    expect(body.match(/http:\S+/g)!.map(pathOf)).toEqual(paths);
  });

  test.each(['text/plain', 'text/uri-list'])(
    'are given in pages in %s where an answer may have less',
    async (accept) => {
      const narrow = await startEndpoint({ table: endpoint.table, settings: { limits: { responseBytes: 200_000 } } });
      try {
        const pages = await walk(narrow, '/compute/', { Accept: accept });
        expect(pages.length).toBeGreaterThan(3);
        expect(pages.flatMap(({ body }) => body.match(/http:\S+/g)!.map(pathOf))).toEqual(paths);
      } finally {
        await narrow.stop();
      }
    },
  );

  test('do not fit into headers: text/occi is 406, and pages of it are given', async () => {
    const occi = { Accept: 'text/occi' };
    const { status, body } = await get('/compute/', occi);
    expect([status, body]).toEqual([406, expect.stringMatching(/page and number/)]);
    const page = await get(`/compute/?page=100&number=100`, occi);
    expect(page.headers['x-occi-location']!.split(', ').map(pathOf)).toEqual(paths.slice(-100));
  });
});
