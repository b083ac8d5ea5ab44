/** What callers of a whole endpoint get for what they bring, and what readers and strangers may do with a project's things. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, type Reply, startEndpoint } from '../../endpoint.ts';
import { action, entity, INFRASTRUCTURE, list, make, pathOf, type Wanted } from '../../lib/operations/payloads.ts';
import { type OpenStack, startOpenStack } from '../../openstack/index.ts';
import { inventoryOf } from '../../openstack/inventory.ts';
import { addProject, addUser, PROJECTS, USERS } from '../../openstack/seed.ts';
import { CIRROS } from './alice.ts';

const CREDENTIAL = '0123456789abcdef0123456789abcdef';
const COMPUTE_ACTION = INFRASTRUCTURE.replace('#', '/compute/action#');
const STORAGE = { kind: 'storage', attributes: { 'occi.storage.size': 1 } } as const;

let cloud: OpenStack;
let challenge: string;

/** An endpoint that knows nobody yet. */
const newProcess = (): Promise<Endpoint> =>
  startEndpoint({
    settings: {
      adapter: {
        name: 'openstack',
        site: 'test',
        settings: {
          endpoint: cloud.endpoint,
          defaultOsTemplate: CIRROS,
          federation: { identityProvider: 'egi' },
        },
      },
      auth: ['basic', 'cloud-token'],
    },
  });

const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const bearer = (text: string) => ({ Authorization: `Bearer ${text}` });
const token = (text: string) => ({ 'X-Auth-Token': text });

const as = (endpoint: Endpoint, headers: Readonly<Record<string, string>>): Pick<Endpoint, 'send'> => ({
  send: (method, path, call = {}) => endpoint.send(method, path, { ...call, headers: { ...call.headers, ...headers } }),
});

async function start(): Promise<void> {
  cloud = await startOpenStack({ step: 1 });
  challenge = `Keystone uri='${cloud.site.origins.identity}'`;
}

describe('What a caller brings', () => {
  let endpoint: Endpoint;
  beforeEach(async () => {
    await start();
    const { site } = cloud;
    const gamma = addProject(site, 'gamma');
    addUser(site, { name: 'sam', password: 'sam-secret', roles: { [PROJECTS.alpha]: 'member', [gamma]: 'reader' } });
    const domain = { id: 'domain-of-eve', name: 'example.org' };
    site.people.users.set('eve', { id: 'eve', name: 'eve', password: 'eve-secret', domain, enabled: true });
    site.people.grant('eve', PROJECTS.alpha, 'member');
    site.people.applicationCredentials.set(CREDENTIAL, {
      ...{ id: CREDENTIAL, name: 'occi', secret: 'credential-secret', userId: USERS.alice, projectId: PROJECTS.alpha },
      ...{ roles: ['member', 'reader'], description: null, expires: null, unrestricted: false },
    });
    endpoint = await newProcess();
  });
  afterEach(async () => {
    await endpoint.stop();
    await cloud.close();
  });

  /** Alice's volume, which everybody in her project sees. */
  const volume = () => make(as(endpoint, basic('alice:alice-secret')), STORAGE);

  const look = async (headers: Readonly<Record<string, string>>, at = endpoint): Promise<Reply> =>
    await at.send('GET', '/storage/', { headers });

  /** An answer to credentials that are not taken. */
  function expectRefused({ status, headers, body }: Reply): void {
    expect([status, headers['www-authenticate'], body]).toEqual([401, challenge, expect.stringContaining(challenge)]);
    for (const secret of ['gAAAAA', '-secret', CREDENTIAL]) expect(body).not.toContain(secret);
  }

  const keystoneToken = async (auth: object): Promise<string> => {
    const answer = await fetch(`${cloud.endpoint}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth }),
    });
    expect(answer.status).toBe(201);
    return answer.headers.get('x-subject-token')!;
  };
  const byPassword = (name: string) => ({
    methods: ['password'],
    password: { user: { name, domain: { id: 'default' }, password: `${name}-secret` } },
  });
  const unscoped = (name: string) => keystoneToken({ identity: byPassword(name), scope: 'unscoped' });

  test.each([
    ['user and password', () => basic('alice:alice-secret')],
    ['user@domain and password', () => basic('eve@example.org:eve-secret')],
    ['user@domain/project and password', () => basic('sam@Default/alpha:sam-secret')],
    ['the id of an application credential and its secret', () => basic(`${CREDENTIAL}:credential-secret`)],
    ['a token of a project', () => token(cloud.token('alice'))],
    ['a token without a project, where the user has one', async () => token(await unscoped('alice'))],
    ['a bearer token of an OpenID provider', () => bearer('token-of-carol')],
  ])('%s: opens the project, to make and delete', async (_, headersOf) => {
    const path = await volume();
    const client = as(endpoint, await headersOf());
    expect(await list(client, '/storage/')).toEqual([path]);
    const own = await make(client, STORAGE);
    cloud.site.steps.settle();
    expect((await client.send('DELETE', own)).status).toBe(200);
    cloud.site.steps.settle();
    expect(await list(client, '/storage/')).toEqual([path]);
  });

  test('a token without a project, where the user has several, is 401 that names them', async () => {
    for (const headers of [token(await unscoped('sam')), basic('sam:sam-secret')]) {
      const reply = await look(headers);
      expectRefused(reply);
      for (const name of ['alpha', 'gamma']) expect(reply.body).toMatch(new RegExp(`${name} \\([0-9a-f]{32}\\)`));
    }
  });

  test.each([
    ['a wrong password', () => basic('alice:wrong')],
    ['a user in the wrong domain', () => basic('eve@Default:eve-secret')],
    ['a wrong secret', () => basic(`${CREDENTIAL}:wrong`)],
    ['a token that never was', () => token('gAAAAABnothing')],
    ['a bearer token that the provider does not know', () => bearer('token-of-mallory')],
    ['a token of Keystone sent as a bearer token', () => bearer(cloud.token('alice'))],
  ])('%s is 401 with the challenge', async (_, headersOf) => {
    expectRefused(await look(headersOf()));
  });

  test('a token that has expired is 401, whether or not the process knows it', async () => {
    const headers = token(cloud.token('alice'));
    expect((await look(headers)).status).toBe(200);
    cloud.site.passTime(cloud.site.tokenLifetimeMs);
    expectRefused(await look(headers));
    // Nova has refused it by now, so Keystone is asked.
    expectRefused(await look(headers));
    const other = await newProcess();
    expectRefused(await look(headers, other));
    await other.stop();
  });

  test('a token that was revoked is 401, though the services go on taking it', async () => {
    const text = cloud.token('alice');
    expect((await look(token(text))).status).toBe(200);
    const revoked = await fetch(`${cloud.endpoint}/auth/tokens`, {
      method: 'DELETE',
      headers: { 'x-auth-token': text, 'x-subject-token': text },
    });
    expect(revoked.status).toBe(204);
    const native = await fetch(`${cloud.site.origins.compute}/v2.1/servers`, { headers: token(text) });
    expect(native.status).toBe(200);
    const other = await newProcess();
    expectRefused(await look(token(text), other));
    await other.stop();
  });

  test('an application credential that was deleted is 401, and so is its token', async () => {
    const headers = basic(`${CREDENTIAL}:credential-secret`);
    const ofCredential = await keystoneToken({
      identity: {
        methods: ['application_credential'],
        application_credential: { id: CREDENTIAL, secret: 'credential-secret' },
      },
    });
    for (const own of [headers, token(ofCredential)]) expect((await look(own)).status).toBe(200);
    cloud.site.people.applicationCredentials.delete(CREDENTIAL);
    const other = await newProcess();
    for (const own of [headers, token(ofCredential)]) expectRefused(await look(own, other));
    await other.stop();
  });

  test('a project that was disabled is 401 for all of its callers', async () => {
    const all = [basic('alice:alice-secret'), token(cloud.token('alice')), basic(`${CREDENTIAL}:credential-secret`)];
    cloud.site.people.projects.get(PROJECTS.alpha)!.enabled = false;
    for (const own of all) expectRefused(await look(own));
  });
});

describe('What is in a project', () => {
  const KINDS = ['compute', 'storage', 'network', 'securitygroup', 'ipreservation'] as const;
  const LINKS = ['networkinterface', 'storagelink', 'securitygrouplink'] as const;
  let endpoint: Endpoint;
  let alice: Pick<Endpoint, 'send'>;
  let rita: Pick<Endpoint, 'send'>;
  let bob: Pick<Endpoint, 'send'>;
  const paths = new Map<string, string>();
  const wanted = new Map<string, Wanted & { kind: string }>();

  async function made(kind: string, more: Wanted = {}): Promise<string> {
    wanted.set(kind, { kind, ...more });
    const path = await make(alice, { kind, ...more });
    cloud.site.steps.settle();
    paths.set(kind, path);
    return path;
  }

  beforeAll(async () => {
    await start();
    endpoint = await newProcess();
    [alice, rita, bob] = ['alice', 'rita', 'bob'].map((name) => as(endpoint, basic(`${name}:${name}-secret`))) as [
      typeof alice,
      typeof rita,
      typeof bob,
    ];
    const network = await made('network');
    const storage = await made('storage', { attributes: STORAGE.attributes });
    const group = await made('securitygroup', { attributes: { 'occi.securitygroup.rules': [] } });
    await made('ipreservation');
    const compute = await made('compute');
    const link = (target: string) => ({ attributes: { 'occi.core.source': compute, 'occi.core.target': target } });
    await made('networkinterface', link(network));
    await made('storagelink', link(storage));
    await made('securitygrouplink', link(group));
  });
  afterAll(async () => {
    await endpoint.stop();
    await cloud.close();
  });

  const shown = async (kind: string) =>
    (await alice.send('GET', paths.get(kind)!, { headers: { Accept: 'application/occi+json' } })).body;

  /** Requests that change an entity. */
  const changes = (kind: string): readonly (readonly [string, string, Parameters<Endpoint['send']>[2]?])[] => {
    const path = paths.get(kind)!;
    const titled = entity('text/plain', { attributes: { 'occi.core.title': 'stolen' } });
    const whole = entity('text/plain', {
      ...wanted.get(kind)!,
      attributes: { ...wanted.get(kind)!.attributes, 'occi.core.title': 'stolen' },
    });
    return [
      ['POST', path, titled],
      ['PUT', path, whole],
      ['DELETE', path],
    ];
  };

  test.each([...KINDS, ...LINKS])('of another project is 404 for each request: %s', async (kind) => {
    const before = await shown(kind);
    const path = paths.get(kind)!;
    expect((await bob.send('GET', path)).status).toBe(404);
    for (const [method, at, call] of changes(kind)) {
      if (method === 'PUT') continue;
      const { status } = await bob.send(method, at, call);
      expect([method, status]).toEqual([method, 404]);
    }
    expect(await list(bob, `/${kind}/`)).not.toContain(path);
    expect(await shown(kind)).toBe(before);
  });

  test.each([...KINDS, ...LINKS])('is for a reader to look at, and each change is 403: %s', async (kind) => {
    const before = [await shown(kind), await inventoryOf(cloud)];
    expect((await rita.send('GET', paths.get(kind)!)).status).toBe(200);
    expect(await list(rita, `/${kind}/`)).toContain(paths.get(kind));
    for (const [method, at, call] of [
      ['POST', `/${kind}/`, entity('text/plain', wanted.get(kind)!)] as const,
      ...changes(kind),
    ]) {
      const { status, body } = await rita.send(method, at, call);
      expect([method, at, status, body]).toEqual([method, at, 403, expect.any(String)]);
    }
    expect([await shown(kind), await inventoryOf(cloud)]).toEqual(before);
  });

  test('is for a reader to look at, and tags are 403', async () => {
    const tag = 'Category: mine; scheme="http://example.org/tags#"; class="mixin"; location="/mixin/mine/"';
    const headers = { 'Content-Type': 'text/plain' };
    expect((await alice.send('POST', '/-/', { headers, body: tag })).status).toBe(200);
    const located = `X-OCCI-Location: ${paths.get('compute')}`;
    for (const [method, path, body] of [
      ['POST', '/-/', tag.replaceAll('mine', 'hers')],
      ['DELETE', '/-/', tag],
      ['POST', '/mixin/mine/', located],
      ['PUT', '/mixin/mine/', located],
      ['DELETE', '/mixin/mine/', located],
      ['PUT', '/hers/disk', entity('text/plain', STORAGE).body],
    ] as const)
      expect([method, path, (await rita.send(method, path, { headers, body })).status]).toEqual([method, path, 403]);
    expect(await list(alice, '/mixin/mine/')).toEqual([]);
  });

  test('is for a reader to look at, and each action is 403', async () => {
    const before = await shown('compute');
    for (const term of ['stop', 'restart', 'suspend', 'save']) {
      const call = action('text/plain', `${COMPUTE_ACTION}${term}`);
      const { status } = await rita.send('POST', `${paths.get('compute')}?action=${term}`, call);
      expect([term, status]).toEqual([term, 403]);
    }
    expect(await shown('compute')).toBe(before);
  });

  test('of another project is 404 also while it is being made', async () => {
    cloud.site.steps.hold();
    const path = await make(alice, { kind: 'compute' });
    for (const method of ['GET', 'DELETE'])
      expect([method, (await bob.send(method, path)).status]).toEqual([method, 404]);
    const stop = action('text/plain', `${COMPUTE_ACTION}stop`);
    expect((await bob.send('POST', `${path}?action=stop`, stop)).status).toBe(404);
    expect((await alice.send('GET', path)).status).toBe(200);
    cloud.site.steps.release();
    expect((await alice.send('DELETE', path)).status).toBe(200);
    cloud.site.steps.settle();
    expect(await list(alice, '/compute/')).toEqual([paths.get('compute')]);
    expect(pathOf(path)).toBe(path);
  });
});
