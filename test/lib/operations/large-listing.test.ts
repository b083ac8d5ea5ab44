import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { collection, INFRASTRUCTURE, list, walk } from './payloads.ts';

const MEMBERS = 105;
let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
  const mixins = [`${INFRASTRUCTURE.replace('#', '')}/compute#user_data`];
  const attributes = { 'occi.compute.userdata': 'eHh4'.repeat(16_000) };
  const resources = Array.from({ length: 15 }, () => ({ kind: `${INFRASTRUCTURE}compute`, mixins, attributes }));
  for (let n = 0; n < MEMBERS / 15; n++)
    await endpoint.send('POST', '/compute/', collection({ resources }, 'text/plain'));
});
afterAll(() => endpoint.stop());

describe('A listing of more than 6 MB (ADR-6)', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    endpoint.send('GET', path, { headers: { Accept: 'application/occi+json', ...headers } });

  test('is packed for who takes that, and whole', async () => {
    const { status, headers, bytes } = await get('/compute/', { 'Accept-Encoding': 'gzip, deflate' });
    expect([status, headers['content-encoding'], headers.vary?.split(', ')[0]]).toEqual([
      200,
      'gzip',
      'Accept-Encoding',
    ]);
    expect(JSON.parse(gunzipSync(bytes).toString()).resources).toHaveLength(MEMBERS);
  });

  test('is given in pages to others, each with a link to the next, and whole to who follows them', async () => {
    for (const path of ['/compute/', '/', `/compute/?category=${encodeURIComponent(`${INFRASTRUCTURE}compute`)}`]) {
      const pages = await walk(endpoint, path, { Accept: 'application/occi+json' });
      expect(pages.map(({ status }) => status)).toEqual([200, 200]);
      const ids = pages.flatMap(({ body }) => JSON.parse(body).resources.map(({ id }: { id: string }) => id));
      // Two networks of the provider are below the root.
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThanOrEqual(MEMBERS);
      expect(pages.map(({ headers }) => headers.link?.includes('&shorter=true'))).toEqual([true, undefined]);
    }
  });

  test('is 413 where the client counts the pages itself, and names page and number, which then do', async () => {
    const { status, body, headers } = await get('/compute/?page=1&number=1000');
    expect([status, body, headers.link]).toEqual([413, expect.stringMatching(/page.*number/), undefined]);
    expect(JSON.parse((await get('/compute/?page=2&number=60')).body).resources).toHaveLength(MEMBERS - 60);
  });

  test('is the same for HEAD, without the body', async () => {
    for (const taken of ['gzip', 'identity']) {
      const more = { 'Accept-Encoding': taken };
      const headers = { Accept: 'application/occi+json', ...more };
      const [got, head] = [await get('/compute/', more), await endpoint.send('HEAD', '/compute/', { headers })];
      const tellingOf = ({ status, headers: { etag, vary, 'content-encoding': encoding } }: typeof got) => [
        status,
        etag,
        vary,
        encoding,
      ];
      expect(tellingOf(head)).toEqual(tellingOf(got));
      expect(head.body).toBe('');
    }
  });

  test('is small where only locations are shown', async () => {
    expect(await list(endpoint, '/compute/')).toHaveLength(MEMBERS);
  });
});
