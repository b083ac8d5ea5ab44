import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { action, category, entity, INFRASTRUCTURE, list, make, plain, RENDERINGS, read } from './payloads.ts';

let endpoint: Endpoint;
let path: string;
const start = async (options: Parameters<typeof startEndpoint>[0] = {}) => {
  endpoint = await startEndpoint(options);
  path = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
};
beforeEach(() => start());
afterEach(() => endpoint.stop());

const COMPUTE = `${INFRASTRUCTURE.replace('#', '')}/compute/action#`;
const STORAGE = `${INFRASTRUCTURE.replace('#', '')}/storage/action#`;
const act = (term: string, call = action('text/plain', COMPUTE + term), on = path) =>
  endpoint.send('POST', `${on}?action=${term}`, call);
const state = async (of = path) => (await read(endpoint, of)).attributes['occi.compute.state'];

describe('An action on an entity', () => {
  test.each(RENDERINGS)(
    'moves its state, and the answer is 200 with the entity, in %s (HTTP-29, D-10)',
    async (mediaType) => {
      for (const [term, after] of [
        ['stop', 'inactive'],
        ['start', 'active'],
        ['suspend', 'suspended'],
        ['start', 'active'],
        ['restart', 'active'],
      ] as const) {
        const reply = await act(term, action(mediaType, COMPUTE + term));
        expect([reply.status, reply.headers['content-type']?.split(';')[0]]).toEqual([200, mediaType]);
        expect(await state()).toBe(after);
      }
    },
  );

  test('shows only what applies now, as paths (H11-14, D-15, SUITE-2)', async () => {
    await act('stop');
    const { body } = await endpoint.send('GET', path);
    const links = body.match(/^Link: .*$/gm)!.map((line) => line.trim());
    expect(links[0]).toBe(`Link: <${path}?action=start>; rel="${COMPUTE}start"`);
    expect(body).not.toContain('action=stop');
    expect((await read(endpoint, path)).actions).toContain(`${COMPUTE}start`);
  });

  test.each(['graceful', 'acpioff', 'poweroff'])('takes the method %s (INF-3)', async (method) => {
    for (const mediaType of RENDERINGS) {
      expect((await act('stop', action(mediaType, `${COMPUTE}stop`, { method }))).status).toBe(200);
      await act('start');
    }
  });

  test('honours the method: poweroff is at once, graceful takes its time', async () => {
    await endpoint.stop();
    await start({ cloud: { actionDelay: 60 } });
    await act('stop', action('text/plain', `${COMPUTE}stop`, { method: 'graceful' }));
    expect(await state()).toBe('waiting');
    path = await make(endpoint, { kind: 'compute' });
    await act('stop', action('text/plain', `${COMPUTE}stop`, { method: 'poweroff' }));
    expect(await state()).toBe('inactive');
  });

  test('that does not apply in this state is 409 and says what does (D-7)', async () => {
    const reply = await act('start');
    expect(reply.status).toBe(409);
    expect(reply.body).toContain('active');
  });

  const wrong: Record<string, () => ReturnType<typeof act>> = {
    'without its Category': () => act('stop', plain('X-OCCI-Attribute: method="graceful"')),
    'without a payload': () => endpoint.send('POST', `${path}?action=stop`),
    'with another Category than the query names (HTTP-29)': () =>
      act('stop', action('text/plain', `${COMPUTE}restart`)),
    'with two Categories': () =>
      act(
        'stop',
        plain(
          `Category: ${category(`${COMPUTE}stop`, 'action')}`,
          `Category: ${category(`${COMPUTE}start`, 'action')}`,
        ),
      ),
    'of another kind': () => act('offline', action('text/plain', `${STORAGE}offline`)),
    'in the wrong scheme': () => act('stop', action('text/plain', `${STORAGE}stop`)),
    'that is unknown': () => act('explode', action('text/plain', `${COMPUTE}explode`)),
    'of which the query names nothing': () =>
      endpoint.send('POST', `${path}?action=`, action('text/plain', `${COMPUTE}stop`)),
    'called constructor': () => act('constructor', action('text/plain', `${COMPUTE}constructor`)),
    'with an unknown method': () => act('stop', action('text/plain', `${COMPUTE}stop`, { method: 'please' })),
    'with the method of another action': () => act('stop', action('text/plain', `${COMPUTE}stop`, { method: 'cold' })),
    'with an unknown attribute': () => act('stop', action('text/plain', `${COMPUTE}stop`, { force: true })),
    'whose Category says kind': () => act('stop', plain(`Category: ${category(`${COMPUTE}stop`, 'kind')}`)),
  };
  test.each(Object.entries(wrong))('%s is 400 and does nothing', async (_, send) => {
    expect((await send()).status).toBe(400);
    expect(await state()).toBe('active');
  });

  test('on what is not there is 404, by every path', async () => {
    for (const nowhere of ['/compute/00000000-0000-5000-8000-000000000000', '/compute/none', '/none']) {
      expect((await act('stop', undefined, nowhere)).status).toBe(404);
    }
  });

  test('on a link kind, which has none, is 400', async () => {
    const net = await make(endpoint, { kind: 'network' });
    await endpoint.send('POST', path, entity('text/plain', { links: [{ kind: 'networkinterface', target: net }] }));
    const [nic] = await list(endpoint, '/networkinterface/');
    const id = `${INFRASTRUCTURE.replace('#', '')}/networkinterface/action#up`;
    expect((await act('up', action('text/plain', id), nic)).status).toBe(400);
  });

  test('an attribute that it requires is asked for (D-21)', async () => {
    const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    expect((await act('resize', action('text/plain', `${STORAGE}resize`), disk)).status).toBe(400);
    expect((await act('resize', action('text/plain', `${STORAGE}resize`, { size: 2.5 }), disk)).status).toBe(200);
    expect((await read(endpoint, disk)).attributes['occi.storage.size']).toBe(2.5);
  });
});

test('An empty action in the query is called that', async () => {
  const web = await make(endpoint, { kind: 'compute' });
  for (const path of [web, '/compute/']) {
    const reply = await endpoint.send(
      'POST',
      `${path}?action=`,
      action('text/plain', `${INFRASTRUCTURE.replace('#', '/compute/action#')}stop`),
    );
    expect([reply.status, reply.body]).toEqual([
      400,
      expect.stringContaining('The query parameter action is empty: send ?action=stop.'),
    ]);
  }
});

describe('An action on a collection (HTTP-35)', () => {
  test.each(RENDERINGS)('reaches every member, in %s', async (mediaType) => {
    const other = await make(endpoint, { kind: 'compute' });
    const reply = await act('stop', action(mediaType, `${COMPUTE}stop`, { method: 'poweroff' }), '/compute/');
    expect(reply.status).toBe(200);
    expect([await state(), await state(other)]).toEqual(['inactive', 'inactive']);
    if (mediaType !== 'text/occi')
      expect(reply.body).toContain(mediaType === 'text/plain' ? other : (await read(endpoint, other)).id);
  });

  test('reaches only what a filter in the headers leaves, and nothing where the filter is wrong (HTTP-15)', async () => {
    const other = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'db' } });
    const call = action('text/plain', `${COMPUTE}stop`);
    const filtered = (name: string, value: string) => ({ ...call, headers: { ...call.headers, [name]: value } });
    const reply = await act('stop', filtered('X-OCCI-Attribute', 'occi.core.title="db"'), '/compute/');
    expect([reply.status, reply.body]).toEqual([200, expect.not.stringContaining(path)]);
    expect([await state(), await state(other)]).toEqual(['active', 'inactive']);
    const unknown = filtered('Category', 'nothing; scheme="http://example.org/none#"; class="mixin"');
    expect((await act('stop', unknown, '/compute/')).status).toBe(400);
    expect(await state()).toBe('active');
    // What stands in the body stands in the headers of some clients too.
    const twice = filtered('Category', `stop; scheme="${COMPUTE}"; class="action"`);
    expect((await act('stop', filtered('X-OCCI-Attribute', 'occi.core.title="nobody"'), '/compute/')).status).toBe(200);
    await act('start', action('text/plain', `${COMPUTE}start`), other);
    expect((await act('stop', twice, '/compute/')).status).toBe(200);
    expect([await state(), await state(other)]).toEqual(['inactive', 'inactive']);
  });

  test('goes on after a failure, and 409 names what failed (ADR-8)', async () => {
    const other = await make(endpoint, { kind: 'compute' });
    await act('stop');
    const reply = await act('stop', undefined, '/compute/');
    expect(reply.status).toBe(409);
    expect(reply.body).toContain(path);
    expect(await state(other)).toBe('inactive');
  });

  test('that the kind does not have is 400, even if nothing is in it (CORE-15, H11-10)', async () => {
    await endpoint.send(
      'POST',
      '/-/',
      plain(`Category: ${category('http://example.org/tags#mine', 'mixin')}; location="/mine/"`),
    );
    expect((await act('offline', action('text/plain', `${STORAGE}offline`), '/compute/')).status).toBe(400);
    expect((await act('offline', action('text/plain', `${STORAGE}offline`), '/network/')).status).toBe(400);
    expect((await act('explode', action('text/plain', 'http://example.org/none#explode'), '/mine/')).status).toBe(400);
  });

  test('of a mixin needs every member to have it, else nothing happens (CORE-15)', async () => {
    const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    await endpoint.send(
      'POST',
      '/-/',
      plain(`Category: ${category('http://example.org/tags#mine', 'mixin')}; location="/mine/"`),
    );
    await endpoint.send('POST', '/mine/', plain(`X-OCCI-Location: ${path}`));
    expect((await act('stop', undefined, '/mine/')).status).toBe(200);
    expect(await state()).toBe('inactive');
    await act('start');
    await endpoint.send('POST', '/mine/', plain(`X-OCCI-Location: ${disk}`));
    expect((await act('stop', undefined, '/mine/')).status).toBe(400);
    expect(await state()).toBe('active');
  });

  test('leaves what the provider published alone', async () => {
    const id = `${INFRASTRUCTURE.replace('#', '')}/network/action#down`;
    const own = await make(endpoint, { kind: 'network' });
    expect((await act('down', action('text/plain', id), '/network/')).status).toBe(200);
    for (const network of await list(endpoint, '/network/')) {
      expect((await read(endpoint, network)).attributes['occi.network.state']).toBe(
        network === own ? 'inactive' : 'active',
      );
    }
  });

  test('is not possible on / and on the query interface (HTTP-18)', async () => {
    for (const target of ['/', '/-/']) {
      const { status, body } = await act('stop', undefined, target);
      expect([status, body]).toEqual([405, expect.stringContaining('There are no actions here')]);
    }
    expect(await state()).toBe('active');
  });
});
