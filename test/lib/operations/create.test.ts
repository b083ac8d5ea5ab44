import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import {
  CRTP,
  category,
  collection,
  entity,
  INFRASTRUCTURE,
  list,
  locationsIn,
  make,
  OS_TPL,
  pathOf,
  plain,
  RENDERINGS,
  read,
} from './payloads.ts';

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
});
afterEach(() => endpoint.stop());

describe('POST on a kind’s collection (HTTP-33, H11-12)', () => {
  test.each(RENDERINGS)(
    'makes one, answered with 201, Location and the same rendering, in %s (D-12, SUITE-8)',
    async (mediaType) => {
      const reply = await endpoint.send(
        'POST',
        '/compute/',
        entity(mediaType, { kind: 'compute', attributes: { 'occi.core.title': 'web' } }),
      );
      expect([reply.status, reply.reason, reply.headers['content-type']?.split(';')[0]]).toEqual([
        201,
        'Created',
        mediaType,
      ]);
      expect(reply.headers.location).toMatch(new RegExp(`^${endpoint.url}/compute/[0-9a-f-]{36}$`));
      if (mediaType === 'application/occi+json')
        expect(JSON.parse(reply.body)).toEqual(await read(endpoint, pathOf(reply.headers.location!)));
      else expect(locationsIn(reply)).toEqual([reply.headers.location]);
    },
  );

  test('makes several of a JSON collection', async () => {
    const resources = ['a', 'b', 'c'].map((title) => ({ kind: `${INFRASTRUCTURE}compute`, title }));
    const reply = await endpoint.send('POST', '/compute/', collection({ resources }));
    expect(reply.status).toBe(201);
    expect(JSON.parse(reply.body).resources.map(({ title }: { title: string }) => title)).toEqual(['a', 'b', 'c']);
    expect(await list(endpoint, '/compute/')).toHaveLength(3);
  });

  test('a create that is answered as refused has made nothing, however long its answer', async () => {
    const resources = Array.from({ length: 600 }, () => ({ kind: `${INFRASTRUCTURE}compute` }));
    const reply = await endpoint.send('POST', '/compute/', collection({ resources }, 'text/occi'));
    const made = (await list(endpoint, '/compute/')).length;
    expect([reply.status, made]).toEqual(reply.status === 201 ? [201, 600] : [reply.status, 0]);
  });

  test('a compute without os_tpl gets the default one (INF-15)', async () => {
    expect((await read(endpoint, await make(endpoint, { kind: 'compute' }))).mixins).toEqual([`${OS_TPL}debian12`]);
  });

  test('the values of a size are those of the machine (D-26, CRTP-2)', async () => {
    const attributes = { 'occi.compute.share': 3 };
    const path = await make(endpoint, { kind: 'compute', mixins: [`${CRTP}mem_small`], attributes });
    expect((await read(endpoint, path)).attributes).toMatchObject({
      'occi.compute.cores': 1,
      'occi.compute.memory': 4,
      'occi.compute.share': 3,
      'occi.compute.ephemeral_storage.size': 10,
    });
  });

  test('refuses another kind, no kind, two kinds, an abstract one, locations, nothing', async () => {
    const post = (...lines: string[]) => endpoint.send('POST', '/compute/', plain(...lines));
    const kind = (id: string) => `Category: ${category(id, 'kind')}`;
    expect((await post(kind(`${INFRASTRUCTURE}storage`))).status).toBe(400);
    expect((await post('X-OCCI-Attribute: occi.core.title="x"')).status).toBe(400);
    expect((await post(kind(`${INFRASTRUCTURE}compute`), kind(`${INFRASTRUCTURE}storage`))).status).toBe(400);
    expect((await post(kind('http://schemas.ogf.org/occi/core#resource'))).status).toBe(400);
    expect((await post(kind(`${INFRASTRUCTURE}compute`), 'X-OCCI-Location: /compute/x')).status).toBe(400);
    expect((await post()).status).toBe(400);
    expect(await list(endpoint, '/compute/')).toEqual([]);
  });

  test('asks for a required attribute, and refuses one that the server sets (CORE-4, CORE-26)', async () => {
    const post = (wanted: Parameters<typeof entity>[1]) =>
      endpoint.send('POST', `/${wanted.kind}/`, entity('text/plain', wanted));
    const missing = await post({ kind: 'storage' });
    expect([missing.status, missing.body]).toEqual([400, expect.stringContaining('occi.storage.size')]);
    const state = await post({ kind: 'compute', attributes: { 'occi.compute.state': 'inactive' } });
    expect([state.status, state.body]).toEqual([403, expect.stringContaining('occi.compute.state')]);
  });
});
