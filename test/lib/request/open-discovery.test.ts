/** The query interface where the settings open it to everybody. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { badge, badges } from '../../badges.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { startOpenNebula } from '../../oned/index.ts';

const WELL_KNOWN = '/.well-known/org/ogf/occi/-/';
const PATHS = ['/-/', '/-', WELL_KNOWN] as const;
const TEMPLATE = 'ubuntu2404';

let open: Endpoint;
let closed: Endpoint;
beforeAll(async () => {
  open = await startEndpoint({ schemes: [badges], settings: { discovery: 'everybody' } });
  closed = await startEndpoint({ schemes: [badges] });
});
afterAll(async () => {
  await open.stop();
  await closed.stop();
});

describe('With discovery for everybody, a request without credentials', () => {
  test.each(PATHS)('reads at %s what every caller sees: kinds, actions and mixins of the tables', async (path) => {
    open.reset();
    const { status, body } = await open.send('GET', path);
    expect(status).toBe(200);
    expect(body).toContain('Category: compute; ');
    expect(body).toContain('Category: stop; ');
    expect(body).toContain('Category: os_tpl; ');
    expect(open.calls).toEqual({});
  });

  test('sees no template and no mixin of any tenant', async () => {
    const headers = badge('alice');
    const tag = 'Category: hers; scheme="http://example.org/tags#"; class="mixin"; location="/hers/"';
    const tagged = await open.send('POST', '/-/', { headers: { ...headers, 'content-type': 'text/plain' }, body: tag });
    expect(tagged.status).toBe(200);
    const [everybody, hers] = await Promise.all([open.send('GET', '/-/'), open.send('GET', '/-/', { headers })]);
    for (const name of ['hers', TEMPLATE]) {
      expect(hers.body).toContain(`Category: ${name}; `);
      expect(everybody.body).not.toContain(name);
    }
    for (const line of everybody.body.trim().split('\n')) expect(hers.body).toContain(line);
  });

  test('may use HEAD, filters, renderings and entity tags', async () => {
    expect(await open.send('HEAD', '/-/')).toMatchObject({ status: 200, body: '' });
    const json = await open.send('GET', '/-/?category=storage', { headers: { accept: 'application/occi+json' } });
    expect(JSON.parse(json.body)).toMatchObject({ kinds: [{ term: 'storage' }], mixins: [] });
    const named = await open.send('GET', '/-/', {
      headers: { category: 'network; scheme="http://schemas.ogf.org/occi/infrastructure#"' },
    });
    expect(named.body.trim().split('\n')).toEqual([expect.stringContaining('Category: network; ')]);
    const again = await open.send('GET', '/-/', {
      headers: { 'if-none-match': (await open.send('GET', '/-/')).headers.etag! },
    });
    expect(again.status).toBe(304);
    expect((await open.send('GET', '/-/', { headers: { accept: 'image/png' } })).status).toBe(406);
    expect((await open.send('GET', '/-/?category=nothing')).status).toBe(400);
    expect((await open.send('GET', `/-/?category=${TEMPLATE}`)).status).toBe(400);
  });

  test.each([
    ['POST', '/-/'],
    ['DELETE', '/-/'],
    ['OPTIONS', '/-/'],
    ['GET', '/compute/'],
    ['GET', '/mixin/os_tpl/ubuntu2404/'],
    ['GET', '/-/more'],
    ['GET', '/'],
  ])('may not %s %s', async (method, path) => {
    expect((await open.send(method, path)).status).toBe(401);
  });
});

describe('Credentials in a request', () => {
  test.each([
    [badge('stolen'), 401],
    [{ authorization: 'Other s3cret' }, 401],
    [{ 'x-auth-token': 's3cret' }, 401],
    [{ ...badge('alice'), 'x-auth-token': 's3cret' }, 400],
    [badge('alice'), 200],
  ])('are checked nevertheless: %j', async (headers, status) => {
    const reply = await open.send('GET', '/-/', { headers });
    expect(reply.status).toBe(status);
    expect(reply.body).not.toContain('s3cret');
  });

  test('are left to the gateway where that checks them: it has no authorizer before this route', async () => {
    const endpoint = await startEndpoint({
      settings: { discovery: 'everybody', local: false, auth: [{ gateway: { from: 'jwt' } }] },
    });
    const headers = { authorization: 'Bearer e30.e30.x' };
    const [here, elsewhere] = await Promise.all(
      ['/-/', '/compute/'].map((path) => endpoint.send('GET', path, { headers })),
    );
    await endpoint.stop();
    expect([here!.status, elsewhere!.status]).toEqual([200, 401]);
    expect(here!.body).not.toContain(TEMPLATE);
  });
});

test('Without the setting, discovery is for callers', async () => {
  for (const path of PATHS) expect((await closed.send('GET', path)).status).toBe(401);
});

test('Discovery for everybody asks no cloud, which may be down', async () => {
  const one = await startOpenNebula();
  await one.close();
  const adapter = { name: 'opennebula', site: 'test', settings: { endpoint: one.endpoint } };
  const endpoint = await startEndpoint({ settings: { adapter, auth: ['basic'], discovery: 'everybody' } });
  const { status } = await endpoint.send('GET', '/-/');
  const bad = await endpoint.send('GET', '/-/', { headers: { authorization: 'Basic x' } });
  await endpoint.stop();
  expect([status, bad.status]).toEqual([200, 401]);
});
