import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { CRTP, category, entity, INFRASTRUCTURE, list, make, OS_TPL, plain, RENDERINGS, read } from './payloads.ts';

const TAG = 'http://example.org/tags#mine';
const USER_DATA = `${INFRASTRUCTURE.replace('#', '')}/compute#user_data`;

let endpoint: Endpoint;
let path: string;
beforeEach(async () => {
  endpoint = await startEndpoint();
  path = await make(endpoint, {
    kind: 'compute',
    attributes: { 'occi.core.title': 'web', 'occi.core.summary': 'front' },
  });
});
afterEach(() => endpoint.stop());
const post = (wanted: Parameters<typeof entity>[1], mediaType: (typeof RENDERINGS)[number] = 'text/plain') =>
  endpoint.send('POST', path, entity(mediaType, wanted));

describe('POST on an entity changes what is sent and nothing else (HTTP-28, H11-15)', () => {
  test.each(RENDERINGS)('in %s: 200 and the entity in the same rendering (SUITE-8)', async (mediaType) => {
    const before = await read(endpoint, path);
    const reply = await post({ attributes: { 'occi.compute.cores': 2, 'occi.compute.memory': 2.5 } }, mediaType);
    expect([reply.status, reply.headers['content-type']?.split(';')[0]]).toEqual([200, mediaType]);
    const after = await read(endpoint, path);
    expect(after).toEqual({
      ...before,
      attributes: { ...before.attributes, 'occi.compute.cores': 2, 'occi.compute.memory': 2.5 },
    });
  });

  test('what the cloud cannot hold is kept in the store (ADR-5)', async () => {
    expect((await post({ attributes: { 'occi.core.summary': 'back' } })).status).toBe(200);
    expect((await read(endpoint, path)).summary).toBe('back');
    await post({ attributes: { 'occi.core.title': 'db' } });
    expect(await read(endpoint, path)).toMatchObject({ title: 'db', summary: 'back' });
  });

  test('a user’s mixin is added', async () => {
    await endpoint.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`));
    expect((await post({ mixins: [TAG] })).status).toBe(200);
    expect(await list(endpoint, '/mine/')).toEqual([path]);
    await post({ attributes: { 'occi.core.title': 'x' } });
    expect(await list(endpoint, '/mine/')).toEqual([path]);
  });

  test('another size replaces the one before, and brings its values (INF-16)', async () => {
    await post({ mixins: [`${CRTP}small`] });
    await post({ mixins: [`${CRTP}medium`] });
    const { mixins, attributes } = await read(endpoint, path);
    expect(mixins.filter((id: string) => id.startsWith(CRTP))).toEqual([`${CRTP}medium`]);
    expect(attributes).toMatchObject({ 'occi.compute.cores': 2, 'occi.compute.memory': 2 });
  });

  test('two templates of one base are refused (CRTP-1)', async () => {
    for (const mixins of [
      [`${CRTP}small`, `${CRTP}large`],
      [`${OS_TPL}rocky9`, `${OS_TPL}debian12`],
    ]) {
      expect((await post({ mixins })).status).toBe(400);
    }
  });

  test('a title is changed to exactly what was sent, slashes and all', async () => {
    for (const title of ['/a', '//a', 'http://example.org/a', 'a//b', 'a/b', '/a//']) {
      await post({ attributes: { 'occi.core.title': title } });
      expect((await read(endpoint, path)).title).toBe(title);
    }
  });

  test('user data is changed to exactly what was sent, or refused (INF-18)', async () => {
    const machine = await make(endpoint, {
      kind: 'compute',
      mixins: [USER_DATA],
      attributes: { 'occi.compute.userdata': 'AA/AAAAA' },
    });
    const reply = await endpoint.send(
      'POST',
      machine,
      entity('text/plain', { attributes: { 'occi.compute.userdata': 'AA//AAAA' } }),
    );
    const { attributes } = await read(endpoint, machine);
    if (reply.status === 200) expect(attributes['occi.compute.userdata']).toBe('AA//AAAA');
    else expect([403, 409, 501]).toContain(reply.status);
  });

  test('its own state and id may be repeated, others are 403 (D-4)', async () => {
    const { id, attributes } = await read(endpoint, path);
    const same = { 'occi.core.id': id, 'occi.compute.state': attributes['occi.compute.state'] };
    expect((await post({ attributes: same })).status).toBe(200);
    for (const [name, value] of [
      ['occi.compute.state', 'suspended'],
      ['occi.core.id', 'urn:uuid:0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c'],
    ] as const) {
      const reply = await post({ attributes: { [name]: value, 'occi.core.title': 'changed' } });
      expect([reply.status, reply.body]).toEqual([403, expect.stringContaining(name)]);
    }
    expect((await read(endpoint, path)).title).toBe('web');
  });

  test('another kind, an unknown name, a mixin that does not apply, nothing at all: 400 (CORE-8, D-5, D-6)', async () => {
    const ipnetwork = `${INFRASTRUCTURE.replace('#', '')}/network#ipnetwork`;
    expect((await post({ kind: 'storage' })).status).toBe(400);
    expect((await post({ attributes: { 'org.example.none': 1 } })).status).toBe(400);
    expect((await post({ mixins: [ipnetwork] })).status).toBe(400);
    expect((await endpoint.send('POST', path)).status).toBe(400);
    expect((await endpoint.send('POST', path, plain(`X-OCCI-Location: ${path}`))).status).toBe(400);
  });

  test('two values for one attribute contradict each other; the same twice does not', async () => {
    const twice = (a: string, b: string) =>
      endpoint.send(
        'POST',
        path,
        plain(`X-OCCI-Attribute: occi.core.title="${a}"`, `X-OCCI-Attribute: occi.core.title="${b}"`),
      );
    expect((await twice('a', 'b')).status).toBe(400);
    expect((await twice('a', 'a')).status).toBe(200);
  });

  test('a change that the answer cannot show in the rendering asked for is not made and called refused', async () => {
    const call = entity('application/occi+json', { attributes: { 'occi.core.title': 'naïve' } });
    const reply = await endpoint.send('POST', path, { ...call, headers: { ...call.headers, Accept: 'text/occi' } });
    const { title } = await read(endpoint, path);
    expect([reply.status, title]).toEqual(reply.status < 300 ? [reply.status, 'naïve'] : [reply.status, 'web']);
  });

  test('what the provider published is not changed, nor deleted', async () => {
    const [network] = await list(endpoint, '/network/');
    const before = await read(endpoint, network!);
    const call = entity('text/plain', { attributes: { 'occi.core.title': 'mine' } });
    expect((await endpoint.send('POST', network!, call)).status).toBe(403);
    expect((await endpoint.send('DELETE', network!)).status).toBe(403);
    expect(await read(endpoint, network!)).toEqual(before);
  });
});

describe('Many at once', () => {
  test('updates of one entity at the same time lose nothing of each other', async () => {
    const changes: Record<string, string | number>[] = [
      { 'occi.core.title': 'new' },
      { 'occi.core.summary': 'new' },
      { 'occi.compute.cores': 3 },
      { 'occi.compute.memory': 3.5 },
      { 'occi.compute.share': 7 },
    ];
    const replies = await Promise.all(changes.map((attributes) => post({ attributes })));
    expect(replies.map(({ status }) => status)).toEqual(changes.map(() => 200));
    expect(await read(endpoint, path)).toMatchObject({
      title: 'new',
      summary: 'new',
      attributes: { 'occi.compute.cores': 3, 'occi.compute.memory': 3.5, 'occi.compute.share': 7 },
    });
  });
});
