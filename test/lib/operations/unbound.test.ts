import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { category, entity, filter, INFRASTRUCTURE, list, make, plain } from './payloads.ts';

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
});
afterEach(() => endpoint.stop());

const put = (path: string) => endpoint.send('PUT', path, entity('text/plain', { kind: 'compute' }));
const define = (location: string) =>
  endpoint.send(
    'POST',
    '/-/',
    plain(`Category: ${category('http://example.org/tags#mine', 'mixin')}; location="${location}"`),
  );

describe('The root (HTTP-5)', () => {
  test('lists everything, resources and links, in every kind', async () => {
    const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    const web = await make(endpoint, { kind: 'compute', links: [{ kind: 'storagelink', target: disk }] });
    const [link] = await list(endpoint, '/storagelink/');
    expect(await list(endpoint, '/')).toEqual(expect.arrayContaining([disk, web, link!]));
    const { resources, links } = JSON.parse(
      (await endpoint.send('GET', '/', { headers: { Accept: 'application/json' } })).body,
    );
    expect(links).toHaveLength(1);
    expect(resources.map(({ kind }: { kind: string }) => kind)).toContain(`${INFRASTRUCTURE}compute`);
  });

  test('filters by kind, by mixin and by attribute (H11-2, HTTP-17)', async () => {
    const web = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
    const disk = await make(endpoint, {
      kind: 'storage',
      attributes: { 'occi.core.title': 'web', 'occi.storage.size': 1 },
    });
    expect(await list(endpoint, '/', filter(['Category', category(`${INFRASTRUCTURE}storage`, 'kind')]))).toEqual([
      disk,
    ]);
    expect(await list(endpoint, '/', filter(['Category', category(`${INFRASTRUCTURE}os_tpl`, 'mixin')]))).toEqual([
      web,
    ]);
    const titled = await list(endpoint, '/', filter(['X-OCCI-Attribute', 'occi.core.title="web"']));
    expect(titled.toSorted()).toEqual([web, disk].toSorted());
  });

  test('POST makes an entity by its kind (D-18)', async () => {
    const reply = await endpoint.send('POST', '/', entity('text/plain', { kind: 'network' }));
    expect(reply.status).toBe(201);
    expect(reply.headers.location).toMatch(/\/network\/[0-9a-f-]{36}$/);
  });

  test('POST without a kind is 400', async () => {
    expect((await endpoint.send('POST', '/', plain('X-OCCI-Attribute: occi.core.title="x"'))).status).toBe(400);
    expect((await endpoint.send('POST', '/')).status).toBe(400);
  });
});

describe('Another path that is neither location nor entity', () => {
  test.each(['/nothing', '/nothing/', '/a/b/c/', '/compute2/', '/constructor', '/__proto__/', '/.well-known/'])(
    '%s, with nothing below it, is 404',
    async (path) => {
      for (const method of ['GET', 'HEAD', 'DELETE']) expect((await endpoint.send(method, path)).status).toBe(404);
      expect((await endpoint.send('POST', path, entity('text/plain', { kind: 'compute' }))).status).toBe(404);
      expect(await list(endpoint, '/compute/')).toEqual([]);
    },
  );

  test('lists what lives below it (H11-8)', async () => {
    await put('/teams/a/web');
    await put('/teams/b/web');
    await make(endpoint, { kind: 'compute' });
    expect((await list(endpoint, '/teams/')).toSorted()).toEqual(['/teams/a/web', '/teams/b/web']);
    expect(await list(endpoint, '/teams/a/')).toEqual(['/teams/a/web']);
  });

  test('lists what lives below it also below the location of a kind', async () => {
    await put('/compute/teams/a');
    expect(await list(endpoint, '/compute/teams/')).toEqual(['/compute/teams/a']);
  });

  test('lists the members of the mixins below it', async () => {
    const web = await make(endpoint, { kind: 'compute' });
    await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    expect(await list(endpoint, '/mixin/')).toContain(web);
    await define('/tags/mine/');
    await endpoint.send('POST', '/tags/mine/', plain(`X-OCCI-Location: ${web}`));
    for (const path of ['/tags/', '/tags']) expect(await list(endpoint, path)).toEqual([web]);
  });

  test('DELETE takes what lives below it and nothing beside it', async () => {
    await put('/teams/web');
    await put('/teamsters/web');
    expect((await endpoint.send('DELETE', '/teams/?all=true')).status).toBe(200);
    expect(await list(endpoint, '/compute/')).toEqual(['/teamsters/web']);
  });

  test('a path is no prefix of names that only begin like it', async () => {
    await define('/my/tags/');
    await put('/myself/web');
    expect(await list(endpoint, '/my')).toEqual([]);
    await endpoint.send('DELETE', '/my?all=true');
    expect(await list(endpoint, '/compute/')).toEqual(['/myself/web']);
  });

  test('is gone with the last that lived below it', async () => {
    await put('/teams/web');
    await endpoint.send('DELETE', '/teams/web');
    expect((await endpoint.send('GET', '/teams/')).status).toBe(404);
  });
});
