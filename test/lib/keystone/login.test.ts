/** Logins with a password and with a token, in both versions, and what they give. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Endpoint, Reply } from '../../endpoint.ts';
import { jsonOf, PASSWORDS, passwordLogin, post, projectScope, startLogin, tokenLogin, tokenOf } from './served.ts';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startLogin();
});
afterAll(() => endpoint.stop());

const V3 = '/v3/auth/tokens';
const V2 = '/v2.0/tokens';

const logIn = (name: keyof typeof PASSWORDS = 'alice', scope?: unknown) =>
  post(endpoint, V3, passwordLogin(name, PASSWORDS[name], scope));
const credentials = (username: string, password: string) => ({ passwordCredentials: { username, password } });
const logInV2 = (more: object = {}) =>
  post(endpoint, V2, { auth: { ...credentials('alice', PASSWORDS.alice), ...more } });

const withToken = (token: string, more: Record<string, string> = {}) => ({
  headers: { 'X-Auth-Token': token, ...more },
});

const discover = async (token: string) => (await endpoint.send('GET', '/-/', withToken(token))).status;

describe('Version 3', () => {
  test('gives a token for OCCI, with its project, roles and services', async () => {
    const reply = await logIn('rita', projectScope('physics'));
    const { token } = jsonOf(reply);
    expect(reply.status).toBe(201);
    expect(token).toMatchObject({
      methods: ['password'],
      user: { id: 'rita', name: 'rita', domain: { id: 'default', name: 'Default' } },
      project: { id: 'physics', name: 'physics', domain: { id: 'default', name: 'Default' } },
      roles: [{ id: 'reader', name: 'reader' }],
      catalog: [
        { type: 'occi', endpoints: [{ interface: 'public', url: endpoint.url }] },
        { type: 'identity', endpoints: [{ interface: 'public', url: `${endpoint.url}/v3` }] },
      ],
    });
    expect(Date.parse(token.expires_at) - Date.parse(token.issued_at)).toBe(3_600_000);
    expect(await discover(tokenOf(reply))).toBe(200);
  });

  test('takes a project by its id, by its name in the domain, or none', async () => {
    const scopes = [
      undefined,
      projectScope('physics'),
      { project: { name: 'physics', domain: { id: 'default' } } },
      { project: { name: 'physics', domain: { name: 'default' } } },
    ];
    for (const scope of scopes) expect(jsonOf(await logIn('alice', scope)).token.project.id).toBe('physics');
    for (const scope of ['unscoped', { unscoped: {} }]) {
      const { token } = jsonOf(await logIn('alice', scope));
      expect([token.project, token.roles, token.catalog]).toEqual([undefined, undefined, undefined]);
    }
  });

  test('takes the id of a user, which needs no domain, and members that it does not know', async () => {
    const user = { id: 'alice', password: PASSWORDS.alice, mood: 1 };
    const auth = { identity: { methods: ['password', 'password'], password: { user }, more: 1 }, more: 2 };
    expect((await post(endpoint, V3, { auth, more: 3 })).status).toBe(201);
  });

  test('takes a password with colons, and other letters', async () => {
    expect((await logIn('bob')).status).toBe(201);
  });

  test('leaves the catalogue out with ?nocatalog', async () => {
    const reply = await post(endpoint, `${V3}?nocatalog`, passwordLogin('alice', PASSWORDS.alice));
    expect([jsonOf(reply).token.project.id, jsonOf(reply).token.catalog]).toEqual(['physics', undefined]);
  });
});

describe('Version 2.0', () => {
  test('gives a token for OCCI in its body', async () => {
    const reply = await logInV2({ tenantName: 'physics' });
    const { access } = jsonOf(reply);
    expect([reply.status, access.token.tenant.name, access.user.name]).toEqual([200, 'physics', 'alice']);
    expect(await discover(access.token.id)).toBe(200);
  });

  test('has the tenant of a user with one in every token', async () => {
    expect(jsonOf(await logInV2()).access.token.tenant.id).toBe('physics');
  });

  test('lists the tenants, and takes one by its name or id with a token', async () => {
    const { id } = jsonOf(await logInV2()).access.token;
    const listed = await endpoint.send('GET', '/v2.0/tenants', withToken(id));
    expect(jsonOf(listed).tenants).toEqual([{ description: '', enabled: true, id: 'physics', name: 'physics' }]);
    for (const tenant of [{ tenantName: 'physics' }, { tenantId: 'physics' }])
      expect((await post(endpoint, V2, { auth: { token: { id }, ...tenant } })).status).toBe(200);
  });
});

describe('A token', () => {
  test('is exchanged for one that ends when it does, is for the same user and permits no more', async () => {
    const first = await logIn('rita', 'unscoped');
    const second = await post(endpoint, V3, tokenLogin(tokenOf(first), projectScope('physics')));
    expect(second.status).toBe(201);
    expect(jsonOf(second).token.expires_at).toBe(jsonOf(first).token.expires_at);
    const made = await endpoint.send('POST', '/compute/', {
      headers: { 'X-Auth-Token': tokenOf(second), 'Content-Type': 'text/plain' },
      body: 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"',
    });
    expect(made.status).toBe(403);
  });

  test('shows itself, and the others of its user', async () => {
    const [one, other] = [tokenOf(await logIn()), tokenOf(await logIn())];
    for (const subject of [one, other]) {
      const reply = await endpoint.send('GET', V3, withToken(one, { 'X-Subject-Token': subject }));
      expect([reply.status, tokenOf(reply), jsonOf(reply).token.user.name]).toEqual([200, subject, 'alice']);
    }
    const { status, body } = await endpoint.send('HEAD', V3, withToken(one, { 'X-Subject-Token': other }));
    expect([status, body]).toEqual([200, '']);
  });

  test('is revoked at once, and only by its user', async () => {
    const [alices, bobs] = [tokenOf(await logIn()), tokenOf(await logIn('bob'))];
    const [about, nobodys] = [{ 'X-Subject-Token': alices }, { 'X-Subject-Token': `${alices.slice(0, -1)}_` }];
    const shape = ({ status, body }: Reply) => [status, body];
    for (const method of ['GET', 'HEAD', 'DELETE']) {
      const foreign = await endpoint.send(method, V3, withToken(bobs, about));
      expect(shape(foreign)).toEqual(shape(await endpoint.send(method, V3, withToken(bobs, nobodys))));
      expect(foreign.status).toBe(404);
    }
    const gone = await endpoint.send('DELETE', V3, withToken(alices, about));
    expect([gone.status, gone.body, await discover(alices)]).toEqual([204, '', 401]);
    expect((await post(endpoint, V3, tokenLogin(alices))).status).toBe(401);
  });

  test('is revoked with the one that it was exchanged for', async () => {
    const first = tokenOf(await logIn());
    const second = tokenOf(await post(endpoint, V3, tokenLogin(first)));
    const third = tokenOf(await post(endpoint, V3, tokenLogin(second)));
    const alone = tokenOf(await logIn());
    expect((await endpoint.send('DELETE', V3, withToken(alone, { 'X-Subject-Token': first }))).status).toBe(204);
    expect(await Promise.all([first, second, third, alone].map(discover))).toEqual([401, 401, 401, 200]);
  });

  test('that is revoked while it is exchanged gives none that lasts', async () => {
    const first = tokenOf(await logIn());
    const racing = await Promise.all([
      ...Array.from({ length: 8 }, () => post(endpoint, V3, tokenLogin(first))),
      endpoint.send('DELETE', V3, withToken(first, { 'X-Subject-Token': first })),
    ]);
    const given = racing.map(tokenOf).filter((token) => token !== '');
    expect(await Promise.all(given.map(discover))).toEqual(given.map(() => 401));
  });

  test('lists the projects of its user, and nobody else’s', async () => {
    const token = tokenOf(await logIn('bob', 'unscoped'));
    for (const path of ['/v3/auth/projects', '/v3/OS-FEDERATION/projects', '/v3/users/bob/projects']) {
      const { projects, links } = jsonOf(await endpoint.send('GET', path, withToken(token)));
      expect([projects.map(({ name }: { name: string }) => name), links.self]).toEqual([
        ['biology'],
        endpoint.url + path,
      ]);
    }
    for (const user of ['alice', 'nobody'])
      expect((await endpoint.send('GET', `/v3/users/${user}/projects`, withToken(token))).status).toBe(403);
  });

  test('shows the catalogue', async () => {
    const reply = await endpoint.send('GET', '/v3/auth/catalog', withToken(tokenOf(await logIn())));
    expect(jsonOf(reply).catalog.map(({ type }: { type: string }) => type)).toEqual(['occi', 'identity']);
  });
});

describe('The login that clients send as GET', () => {
  const FEDERATED = '/v3/OS-FEDERATION/identity_providers/egi.eu/protocols/openid/auth';
  const alice = { authorization: `Basic ${Buffer.from('alice:alice-secret').toString('base64')}` };

  test('makes no token for a page of another origin, which a browser sends credentials with', async () => {
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://elsewhere.example.org' },
    ];
    for (const from of foreign) {
      const { status, headers } = await endpoint.send('GET', FEDERATED, { headers: { ...alice, ...from } });
      expect([status, headers['x-subject-token']]).toEqual([403, undefined]);
    }
    const own = { ...alice, 'sec-fetch-site': 'same-origin' };
    expect((await endpoint.send('GET', FEDERATED, { headers: own })).status).toBe(201);
  });
});
