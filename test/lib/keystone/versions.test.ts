/** How clients find the login: the challenge, and the versions at its URI. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { jsonOf, PASSWORDS, startLogin } from './served.ts';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startLogin();
});
afterAll(() => endpoint.stop());

const ASKING = { Accept: 'application/json' };
const basic = `Basic ${Buffer.from(`alice:${PASSWORDS.alice}`).toString('base64')}`;

describe('The challenge', () => {
  test.each(['GET', 'HEAD'])('of %s stands alone, in single quotes, without a version', async (method) => {
    const { status, headers } = await endpoint.send(method, '/-/');
    expect([status, headers['www-authenticate']]).toEqual([401, `Keystone uri='${endpoint.url}'`]);
  });

  test('is in the body too, since a gateway may rename the header', async () => {
    const { body } = await endpoint.send('GET', '/compute/');
    expect(body).toContain(`Keystone uri='${endpoint.url}'`);
  });

  test('has the publicUrl of the settings', async () => {
    const one = await startLogin({ settings: { publicUrl: 'https://occi.example.org' } });
    const { headers } = await one.send('HEAD', '/-/');
    const versions = await one.send('GET', '/', { headers: ASKING });
    await one.stop();
    expect(headers['www-authenticate']).toBe("Keystone uri='https://occi.example.org'");
    expect(versions.body).toContain('"https://occi.example.org/v3/"');
  });
});

describe('The versions', () => {
  test('are 300 at the root, without a Location that a client would follow', async () => {
    const reply = await endpoint.send('GET', '/', { headers: ASKING });
    expect([reply.status, reply.headers['content-type'], reply.headers.location]).toEqual([
      300,
      'application/json',
      undefined,
    ]);
    expect(jsonOf(reply).versions.values).toEqual([
      expect.objectContaining({ id: 'v3.14', links: [{ rel: 'self', href: `${endpoint.url}/v3/` }] }),
      expect.objectContaining({ id: 'v2.0', links: [{ rel: 'self', href: `${endpoint.url}/v2.0/` }] }),
    ]);
  });

  test('are there with a password or a bearer token too, which some clients always send', async () => {
    for (const Authorization of [basic, 'Bearer of-another-service', 'Basic nonsense'])
      expect((await endpoint.send('GET', '/', { headers: { ...ASKING, Authorization } })).status).toBe(300);
    expect((await endpoint.send('HEAD', '/', { headers: ASKING })).status).toBe(300);
  });

  test.each(['/v3', '/v3/', '/v2.0', '/v2.0/', '//v3'])('are 200 at %s, one of them', async (path) => {
    const reply = await endpoint.send('GET', path);
    expect([reply.status, jsonOf(reply).version.links[0].href]).toEqual([
      200,
      `${endpoint.url}/${path.replaceAll('/', '')}/`,
    ]);
  });
});

describe('The root', () => {
  test.each([undefined, '*/*', 'text/plain', 'application/occi+json', 'application/json, text/plain'])(
    'is that of OCCI for Accept: %s',
    async (accept) => {
      const headers: Record<string, string> = accept === undefined ? {} : { Accept: accept };
      expect((await endpoint.send('GET', '/', { headers })).status).toBe(401);
      expect((await endpoint.send('GET', '/', { headers: { ...headers, Authorization: basic } })).status).toBe(200);
    },
  );

  test('is that of OCCI with a token, and for everything but a read', async () => {
    const headers = { ...ASKING, 'X-Auth-Token': 'none' };
    expect((await endpoint.send('GET', '/', { headers })).status).toBe(401);
    expect((await endpoint.send('POST', '/', { headers: ASKING })).status).toBe(401);
  });
});

test('Without keystone in the settings these paths are as any other that leads nowhere', async () => {
  const one = await startEndpoint();
  const replies = await Promise.all(['/v3', '/v2.0/tokens', '/v3/auth/tokens'].map((path) => one.send('GET', path)));
  expect(replies.map(({ status }) => status)).toEqual([404, 404, 404]);
  expect((await one.send('GET', '/', { headers: ASKING })).status).toBe(200);
  await one.stop();
});
