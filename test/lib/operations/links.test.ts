import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import {
  category,
  collection,
  entity,
  INFRASTRUCTURE,
  list,
  make,
  pathOf,
  plain,
  RENDERINGS,
  read,
} from './payloads.ts';

let endpoint: Endpoint;
let web: string;
let disk: string;
let net: string;
beforeEach(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute' });
  disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
  net = await make(endpoint, { kind: 'network' });
});
afterEach(() => endpoint.stop());

const link = (kind: string, source: unknown, target: unknown, more = {}) => ({
  kind,
  attributes: { 'occi.core.source': source as string, 'occi.core.target': target as string, ...more },
});

describe('A link made by POST on its kind (H11-20)', () => {
  test.each(RENDERINGS)('is an entity of its own, in %s', async (mediaType) => {
    const wanted = link('storagelink', web, disk, { 'occi.storagelink.mountpoint': '/srv' });
    const reply = await endpoint.send('POST', '/storagelink/', entity(mediaType, wanted));
    expect(reply.status).toBe(201);
    const path = pathOf(reply.headers.location!);
    expect(await list(endpoint, '/storagelink/')).toEqual([path]);
    expect(await read(endpoint, path)).toMatchObject({
      kind: `${INFRASTRUCTURE}storagelink`,
      source: { location: web, kind: `${INFRASTRUCTURE}compute` },
      target: { location: disk, kind: `${INFRASTRUCTURE}storage` },
      attributes: { 'occi.storagelink.mountpoint': '/srv', 'occi.storagelink.state': 'active' },
    });
    expect((await read(endpoint, web)).links).toEqual([await read(endpoint, path)]);
  });

  test('in the form of GFD.226, with source and target as objects, one or several', async () => {
    const one = (kind: string, target: string, targetKind: string) => ({
      kind: INFRASTRUCTURE + kind,
      source: { location: web, kind: `${INFRASTRUCTURE}compute` },
      target: { location: target, kind: INFRASTRUCTURE + targetKind },
    });
    const links = [one('storagelink', disk, 'storage'), one('networkinterface', net, 'network')];
    const reply = await endpoint.send('POST', '/', collection({ links }));
    expect(reply.status).toBe(201);
    expect(JSON.parse(reply.body).links).toHaveLength(2);
    expect((await read(endpoint, web)).links).toHaveLength(2);
  });

  const written: Record<string, (path: string) => Promise<string> | string> = {
    'as a path': (path) => path,
    'as an absolute URL': (path) => endpoint.url + path,
    'as an absolute URL with two slashes': (path) => `${endpoint.url}/${path}`,
    'with repeated slashes': (path) => path.replaceAll('/', '//'),
    'with a slash behind': (path) => `${path}/`,
    'as a URN': async (path) => (await read(endpoint, path)).id,
    'as a URN in capitals': async (path) => (await read(endpoint, path)).id.toUpperCase(),
    'as a bare UUID': async (path) => (await read(endpoint, path)).id.replace('urn:uuid:', ''),
  };
  test.each(Object.entries(written))('takes ends %s', async (_, write) => {
    const wanted = link('storagelink', await write(web), await write(disk));
    const reply = await endpoint.send('POST', '/storagelink/', entity('text/plain', wanted));
    expect(reply.status).toBe(201);
    const { source, target } = await read(endpoint, pathOf(reply.headers.location!));
    expect([source.location, target.location]).toEqual([web, disk]);
  });

  const wrong: Record<string, () => ReturnType<typeof link>> = {
    'without a source': () => ({ kind: 'storagelink', attributes: { 'occi.core.target': disk } as never }),
    'without a target': () => ({ kind: 'storagelink', attributes: { 'occi.core.source': web } as never }),
    'with an empty target': () => link('storagelink', web, ''),
    'with a number for a target': () => link('storagelink', web, 1),
    'with ends of the wrong kind': () => link('storagelink', web, net),
    'the wrong way round': () => link('storagelink', disk, web),
    'to what is not there': () => link('storagelink', web, '/storage/00000000-0000-5000-8000-000000000000'),
    'to a collection': () => link('storagelink', web, '/storage/'),
    'to the UUID of a storage below another kind': () =>
      link('storagelink', web, disk.replace('/storage/', '/network/')),
    'to an address elsewhere': () => link('storagelink', web, 'http://example.org/disks/1'),
    'to the same path on another host': () => link('storagelink', web, `http://elsewhere.example.org${disk}`),
  };
  test.each(Object.entries(wrong))('%s is 400 and makes nothing', async (_, wanted) => {
    for (const mediaType of RENDERINGS) {
      const reply = await endpoint.send('POST', '/storagelink/', entity(mediaType, wanted()));
      expect(reply.status).toBe(400);
    }
    expect(await list(endpoint, '/storagelink/')).toEqual([]);
  });

  test('a storage that is attached is a conflict', async () => {
    await endpoint.send('POST', '/storagelink/', entity('text/plain', link('storagelink', web, disk)));
    const again = await endpoint.send('POST', '/storagelink/', entity('text/plain', link('storagelink', web, disk)));
    expect(again.status).toBe(409);
  });

  test('its ends cannot be changed, its attributes can', async () => {
    const reply = await endpoint.send(
      'POST',
      '/networkinterface/',
      entity('text/plain', link('networkinterface', web, net)),
    );
    const path = pathOf(reply.headers.location!);
    const other = await make(endpoint, { kind: 'network' });
    const change = (attributes: Record<string, string>) =>
      endpoint.send('POST', path, entity('text/plain', { attributes }));
    expect((await change({ 'occi.core.target': other })).status).toBeGreaterThanOrEqual(400);
    expect((await change({ 'occi.networkinterface.interface': 'eth7' })).status).toBe(403);
    expect((await change({ 'occi.networkinterface.mac': '02:00:00:00:00:01' })).status).toBe(200);
    expect((await read(endpoint, path)).attributes['occi.networkinterface.mac']).toBe('02:00:00:00:00:01');
    expect((await change({ 'occi.core.source': endpoint.url + web })).status).toBe(200);
  });

  test('a Link within a link is refused (H11-15)', async () => {
    const reply = await endpoint.send(
      'POST',
      '/networkinterface/',
      entity('text/plain', link('networkinterface', web, net)),
    );
    const path = pathOf(reply.headers.location!);
    const links = [{ kind: 'storagelink', target: disk }];
    for (const target of [path, '/networkinterface/']) {
      const wanted = { ...link('networkinterface', web, net), links };
      expect((await endpoint.send('POST', target, entity('text/plain', wanted))).status).toBe(400);
    }
  });

  test('goes with DELETE, and its target is free again (CORE-24)', async () => {
    const wanted = entity('text/plain', link('storagelink', web, disk));
    const path = pathOf((await endpoint.send('POST', '/storagelink/', wanted)).headers.location!);
    expect((await endpoint.send('DELETE', disk)).status).toBe(409);
    expect((await endpoint.send('DELETE', path)).status).toBe(200);
    expect((await endpoint.send('GET', path)).status).toBe(404);
    expect((await read(endpoint, web)).links ?? []).toEqual([]);
    expect((await endpoint.send('POST', '/storagelink/', wanted)).status).toBe(201);
    expect((await endpoint.send('DELETE', web)).status).toBe(200);
    expect(await list(endpoint, '/storagelink/')).toEqual([]);
    expect((await endpoint.send('DELETE', disk)).status).toBe(200);
  });
});

describe('A slot that is used again is another link', () => {
  test('of its predecessor in the same slot it has no tags', async () => {
    const TAG = 'http://example.org/tags#mine';
    await endpoint.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`));
    const wanted = entity('text/plain', link('networkinterface', web, net));
    const path = pathOf((await endpoint.send('POST', '/networkinterface/', wanted)).headers.location!);
    await endpoint.send('POST', '/mine/', plain(`X-OCCI-Location: ${path}`));
    await endpoint.send('DELETE', path);
    const again = pathOf((await endpoint.send('POST', '/networkinterface/', wanted)).headers.location!);
    expect(await list(endpoint, '/mine/')).toEqual([]);
    expect((await endpoint.send('GET', again)).status).toBe(200);
  });
});
