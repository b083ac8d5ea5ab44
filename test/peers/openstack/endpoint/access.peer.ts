/** Who gets in, and to what: by a password, by a token of Keystone as clients for ooi get it, and as another tenant. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { entity, list, make, pathOf } from '../../../lib/operations/payloads.ts';
import { USERS } from '../openstack.mjs';
import { login } from '../rest.mjs';
import { basic, type Site, startSite } from './site.ts';

jest.setTimeout(240_000);

let site: Site;
beforeAll(async () => {
  site = await startSite(['alice', 'bob']);
}, 300_000);
afterAll(() => site?.stop(), 300_000);

/** The endpoint, as somebody with these headers. */
const as = (headers: Readonly<Record<string, string>>): Pick<Site['endpoint'], 'send'> => ({
  send: (method, path, call = {}) =>
    site.endpoint.send(method, path, { ...call, headers: { ...call.headers, ...headers } }),
});

const STORAGE = { kind: 'storage', attributes: { 'occi.core.title': 'access', 'occi.storage.size': 1 } } as const;

/** The token of a login at the Keystone that a challenge names, for the tenant's only project. */
async function tokenAt(uri: string, tenant: string): Promise<string> {
  const { name, password, project } = site.tenants.user(tenant);
  const domain = { name: 'Default' };
  const identity = { methods: ['password'], password: { user: { name, password, domain } } };
  const response = await fetch(`${uri}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { project: { name: project, domain } } } }),
  });
  expect(response.status).toBe(201);
  return response.headers.get('x-subject-token')!;
}

test('a client without credentials is sent to Keystone, and works with the token that it gets there until it is revoked', async () => {
  const refused = await site.endpoint.send('GET', '/compute/');
  expect(refused.status).toBe(401);
  const [, uri = ''] = /^Keystone uri='([^']+)'$/.exec(refused.headers['www-authenticate']!) ?? [];
  const token = await tokenAt(uri, 'alice');
  const client = as({ 'X-Auth-Token': token });
  const path = await make(client, STORAGE);
  expect(await list(client, '/storage/')).toEqual([path]);
  // The same project by a password.
  const owner = as(basic(site.tenants.credentials('alice')));
  expect(await list(owner, '/storage/')).toEqual([path]);

  const { status } = await fetch(`${site.keystone}/auth/tokens`, {
    method: 'DELETE',
    headers: { 'X-Auth-Token': token, 'X-Subject-Token': token },
  });
  expect(status).toBe(204);
  // Another process has no proof of it; Nova would go on taking it for minutes.
  const other = await site.another();
  const late = await other.send('GET', '/storage/', { headers: { 'X-Auth-Token': token } });
  await other.stop();
  expect([late.status, late.headers['www-authenticate']]).toEqual([401, `Keystone uri='${uri}'`]);
  expect(await list(owner, '/storage/')).toEqual([path]);
});

test('wrong credentials are refused', async () => {
  const { name } = site.tenants.user('alice');
  for (const headers of [basic(`${name}:wrong`), basic('nobody:nothing'), { 'X-Auth-Token': 'gAAAAA-no-token' }]) {
    const { status } = await as(headers).send('GET', '/compute/');
    expect(status).toBe(401);
  }
});

test("a tenant finds nothing of another's", async () => {
  const alice = as(basic(site.tenants.credentials('alice')));
  const bob = as(basic(site.tenants.credentials('bob')));
  const made = [
    await make(alice, { ...STORAGE, attributes: { ...STORAGE.attributes, 'occi.core.title': 'hers' } }),
    await make(alice, { kind: 'compute' }),
    await make(alice, { kind: 'securitygroup', attributes: { 'occi.securitygroup.rules': [] } }),
  ];
  for (const path of made) {
    expect(await list(alice, path.slice(0, path.lastIndexOf('/') + 1))).toContain(path);
    expect(await list(bob, path.slice(0, path.lastIndexOf('/') + 1))).not.toContain(path);
    for (const method of ['GET', 'DELETE'])
      expect([method, path, (await bob.send(method, path)).status]).toEqual([method, path, 404]);
    expect((await alice.send('GET', path)).status).toBe(200);
  }
});

test('a reader reads, and makes nothing', async () => {
  const { name, password } = USERS.rita;
  const rita = as(basic(`${name}:${password}`));
  const { ask } = await login(site.keystone, USERS.rita);
  const servers = async () => ((await ask('compute', 'GET', '/servers')) as { servers: { name: string }[] }).servers;
  expect((await rita.send('GET', '/compute/')).status).toBe(200);
  for (const wanted of [
    { kind: 'compute', attributes: { 'occi.core.title': 'of a reader' } },
    STORAGE,
    { kind: 'network' },
  ]) {
    const reply = await rita.send('POST', `/${wanted.kind}/`, entity('text/plain', wanted));
    expect([wanted.kind, reply.status, pathOf(reply.headers.location ?? '')]).toEqual([wanted.kind, 403, '']);
  }
  expect((await servers()).filter((server) => server.name === 'of a reader')).toEqual([]);
});
