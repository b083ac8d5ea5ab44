/** Who gets in, and to what: by all that Keystone proves, as clients for ooi log in, as a reader and as another tenant. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ALL_WELL, firstMachine } from '../../../clients/first-machine.ts';
import type { Send } from '../../../clients/logins.ts';
import { type Reply, send } from '../../../endpoint.ts';
import { entity, list, make, pathOf } from '../../../lib/operations/payloads.ts';
import { FEDERATION, USERS } from '../openstack.mjs';
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

const POLL_MS = 300;

const STORAGE = { kind: 'storage', attributes: { 'occi.core.title': 'access', 'occi.storage.size': 1 } } as const;

const TITLED = entity('text/plain', { attributes: { 'occi.core.title': 'stolen' } });

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

const challenge = (): string => `Keystone uri='${site.keystone.replace('/v3', '')}'`;

/** An answer to credentials that are not taken. */
function expectRefused({ status, headers, body }: Reply): void {
  expect([status, headers['www-authenticate'], body]).toEqual([401, challenge(), expect.not.stringContaining('gAAAA')]);
}

/** The answer of a process that knows nobody yet. */
async function lookAnew(headers: Readonly<Record<string, string>>): Promise<Reply> {
  const other = await site.another();
  const reply = await other.send('GET', '/storage/', { headers });
  await other.stop();
  return reply;
}

const look = (headers: Readonly<Record<string, string>>): Promise<Reply> =>
  site.endpoint.send('GET', '/storage/', { headers });

/** A token for what somebody proves himself with. */
async function issued(auth: object): Promise<string> {
  const response = await fetch(`${site.keystone}/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth }),
  });
  expect(response.status).toBe(201);
  return response.headers.get('x-subject-token')!;
}

const unscoped = ({ name, password, domain = 'Default' }: (typeof USERS)['alice']): Promise<string> => {
  const user = { name, password, domain: { name: domain } };
  return issued({ identity: { methods: ['password'], password: { user } }, scope: 'unscoped' });
};

describe('an application credential', () => {
  const made = async (more: object = {}) => {
    const { ask, call, userId } = await site.session('alice');
    const path = `/users/${userId}/application_credentials`;
    const wanted = { name: `access-${Date.now()}`, ...more };
    const { application_credential: one } = await ask('identity', 'POST', path, { application_credential: wanted });
    return {
      id: one.id as string,
      secret: one.secret as string,
      remove: async () => expect((await call('identity', 'DELETE', `${path}/${one.id}`)).status).toBe(204),
    };
  };
  const tokenOf = ({ id, secret }: { readonly id: string; readonly secret: string }) =>
    issued({ identity: { methods: ['application_credential'], application_credential: { id, secret } } });

  test('opens its project by id and secret, and so does its token, until it is deleted', async () => {
    const one = await made();
    const all = [basic(`${one.id}:${one.secret}`), { 'X-Auth-Token': await tokenOf(one) }];
    const path = await make(as(all[0]!), STORAGE);
    for (const headers of all) expect(await list(as(headers), '/storage/')).toContain(path);
    expectRefused(await look(basic(`${one.id}:wrong`)));
    await one.remove();
    for (const headers of all) expectRefused(await lookAnew(headers));
  });

  test('ends: requests are answered whole until then, and 401 from then on', async () => {
    const answers: Reply[] = [];
    // On a slow machine the first may have ended before it was used.
    for (let seconds = 8; answers[0]?.status !== 200; seconds *= 2) {
      answers.length = 0;
      const ends = Date.now() + seconds * 1000;
      const one = await made({ expires_at: new Date(ends).toISOString().slice(0, 19) });
      const headers = await tokenOf(one).then(
        (token) => ({ 'X-Auth-Token': token, Accept: 'application/occi+json' }),
        () => undefined,
      );
      if (!headers) continue;
      do answers.push(await site.endpoint.send('GET', '/compute/', { headers }));
      while (answers.at(-1)!.status === 200 && Date.now() < ends + 60_000);
      expectRefused(answers.at(-1)!);
      expect(Date.now()).toBeGreaterThan(ends - 1000);
      for (const { body } of answers.slice(0, -1)) expect(JSON.parse(body).resources).toBeInstanceOf(Array);
      expectRefused(await lookAnew(headers));
      await one.remove();
    }
  });
});

describe('a user', () => {
  test('of another domain logs in as user@domain', async () => {
    const { name, password, domain } = USERS.erik;
    expect((await look(basic(`${name}@${domain}:${password}`))).status).toBe(200);
    expectRefused(await look(basic(`${name}:${password}`)));
  });

  test('with one project needs no token of it', async () => {
    const path = await make(as(basic(site.tenants.credentials('alice'))), STORAGE);
    const token = await unscoped(site.tenants.user('alice'));
    expect(await list(as({ 'X-Auth-Token': token }), '/storage/')).toContain(path);
  });

  test('with two projects is told them, and chooses', async () => {
    const { name, password } = USERS.dora;
    for (const headers of [{ 'X-Auth-Token': await unscoped(USERS.dora) }, basic(`${name}:${password}`)]) {
      const reply = await look(headers);
      expectRefused(reply);
      for (const project of ['alpha', 'beta']) expect(reply.body).toMatch(new RegExp(`${project} \\([0-9a-f]{32}\\)`));
    }
    expect((await look(basic(`${name}/beta:${password}`))).status).toBe(200);
  });
});

describe('a bearer token of an OpenID provider', () => {
  /** Whoever it is, is a member of one project. */
  const bearer = (name: string) => ({ Authorization: `Bearer ${name}` });

  test('is exchanged at Keystone, and opens the project', async () => {
    const path = await make(as(bearer('access-erna')), STORAGE);
    expect(await list(as(bearer('access-emil')), '/storage/')).toContain(path);
    expect((await as(basic(site.tenants.credentials('alice'))).send('GET', path)).status).toBe(404);
    await gone(bearer('access-emil'), path);
  });

  test('that has expired is 401', async () => {
    expectRefused(await look(bearer('expired')));
  });

  /**
   * These clients have the names `egi.eu` and `oidc` built in. Keystone has no plugin for a protocol `oidc` any more, so a
   * provider who has such users rewrites the path in his web server.
   */
  const web: Send = (method, url, headers, body) => {
    const { port, pathname, search } = new URL(url);
    const { provider, protocol } = FEDERATION;
    const path = pathname.replace('/egi.eu/protocols/oidc/', `/${provider}/protocols/${protocol}/`) + search;
    return send(Number(port), method, path, { headers, ...(body !== undefined && { body }) }, 65_536);
  };

  test.each(['rOCCI-api', 'IM'] as const)('is what %s logs in with at Keystone, and gets a machine', async (client) => {
    expect(await firstMachine(client, web, site.endpoint.url, { bearer: 'access-erna' })).toEqual(ALL_WELL);
  });
});

/** Deletes an entity that may still be on its way, and waits until it is gone. */
async function gone(headers: Readonly<Record<string, string>>, path: string): Promise<void> {
  const client = as(headers);
  while ((await client.send('GET', path)).status !== 404) {
    expect([200, 404, 409]).toContain((await client.send('DELETE', path)).status);
    await sleep(POLL_MS);
  }
}

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
    // Nova looks for what it has only just taken without regard to the project.
    for (const method of ['GET', 'DELETE', 'GET', 'DELETE', 'POST'])
      expect([method, path, (await bob.send(method, path, method === 'POST' ? TITLED : {})).status]).toEqual([
        method,
        path,
        404,
      ]);
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

test('a reader changes nothing that a member has made, be it in OpenStack or in the table', async () => {
  const headers = basic(`${USERS.alice.name}:${USERS.alice.password}`);
  const rita = as(basic(`${USERS.rita.name}:${USERS.rita.password}`));
  for (const wanted of [STORAGE, { kind: 'ipreservation' }, { kind: 'securitygroup' }]) {
    const path = await make(as(headers), wanted);
    expect((await rita.send('GET', path)).status).toBe(200);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const call = method === 'PUT' ? entity('text/plain', wanted) : method === 'POST' ? TITLED : {};
      expect([method, path, (await rita.send(method, path, call)).status]).toEqual([method, path, 403]);
    }
    await gone(headers, path);
  }
});
