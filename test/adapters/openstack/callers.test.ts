/** Callers of a whole endpoint before OpenStack: how they are let in, what they are offered, and what is written of them. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lib/log.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { type OpenStack, type StandInOptions, startOpenStack } from '../../openstack/index.ts';
import { PROJECTS, USERS } from '../../openstack/seed.ts';

const level = logger.getLevelName();
let cloud: OpenStack;
let endpoint: Endpoint;
afterEach(async () => {
  logger.setLogLevel(level);
  jest.restoreAllMocks();
  await endpoint.stop();
  await cloud.close();
});

async function start(options: StandInOptions = {}, settings: object = {}): Promise<void> {
  cloud = await startOpenStack(options);
  endpoint = await startEndpoint({
    settings: {
      adapter: { name: 'openstack', site: 'test', settings: { endpoint: cloud.endpoint, ...settings } },
      auth: ['basic', 'cloud-token'],
    },
  });
}

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const ALICE = basic('alice:alice-secret');
const get = (path: string, headers: Record<string, string>) => endpoint.send('GET', path, { headers });
const kinds = (body: string) =>
  [...body.matchAll(/^Category: (\w+); scheme="[^"]*infrastructure#"; class="kind"/gm)].map(([, term]) => term).sort();

test('A client without credentials is sent to Keystone, by its URI without version', async () => {
  await start();
  const { status, headers, body } = await get('/-/', {});
  const uri = `Keystone uri='${cloud.endpoint.replace('/v3', '')}'`;
  expect([status, headers['www-authenticate'], body]).toEqual([401, uri, expect.stringContaining(uri)]);
  expect(cloud.calls()).toBe(0);
});

test('A token and a password of one user are one tenant; a second request asks Keystone nothing', async () => {
  await start();
  const token = { 'x-auth-token': cloud.token('alice') };
  for (const headers of [ALICE, token, { ...ALICE, ...token }]) expect((await get('/-/', headers)).status).toBe(200);
  const calls = await cloud.callsOf(() => get('/-/', token));
  expect(calls).toEqual([]);
  const both = { ...basic('bob:bob-secret'), ...token };
  expect((await get('/-/', both)).status).toBe(400);
});

test('A kind whose service the catalogue lacks is not offered, and the others are', async () => {
  await start({ without: ['volume'] });
  const { status, body } = await get('/-/', ALICE);
  expect(status).toBe(200);
  expect(kinds(body)).not.toEqual(expect.arrayContaining(['storage']));
  expect(kinds(body)).toEqual(expect.arrayContaining(['compute', 'network', 'networkinterface']));
  const { status: missing } = await get('/storage/', ALICE);
  expect([404, 501]).toContain(missing);
  expect((await get('/network/', ALICE)).status).toBe(200);
});

test('Without Neutron, machines and volumes are what there is', async () => {
  await start({ without: ['network'] });
  expect(kinds((await get('/-/', ALICE)).body)).toEqual(['compute', 'storage', 'storagelink']);
});

test('Tenants of one process may be offered different kinds', async () => {
  await start();
  expect(kinds((await get('/-/', ALICE)).body)).toContain('storage');
  cloud.site.without.add('volume');
  const bob = basic('bob:bob-secret');
  expect(kinds((await get('/-/', bob)).body)).not.toContain('storage');
  expect(kinds((await get('/-/', ALICE)).body)).toContain('storage');
});

test('The audit names the user and his id, and no token', async () => {
  logger.setLogLevel('INFO');
  await start();
  const lines: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    lines.push(String(chunk));
    return true;
  });
  const token = cloud.token('rita');
  await endpoint.send('DELETE', '/compute/3b1f6c52-8d4e-5a57-9a3c-0f6d2b9e7a11', {
    headers: { 'x-auth-token': token },
  });
  await endpoint.send('DELETE', '/compute/3b1f6c52-8d4e-5a57-9a3c-0f6d2b9e7a11', { headers: basic('rita:wrong') });
  jest.restoreAllMocks();
  const audits = lines.flatMap((line) => (line.includes('"audit"') ? JSON.parse(line) : []));
  expect(audits[0]).toMatchObject({
    who: `rita (${USERS.rita})`,
    scheme: 'cloud-token',
    tenant: PROJECTS.alpha,
    status: 403,
  });
  expect(audits[1]).toMatchObject({ status: 401 });
  expect(audits[1]).not.toHaveProperty('who');
  expect(lines.join('')).not.toContain(token);
});

test('A token that ends in mid-request is 401 with the challenge; a password goes on with another one', async () => {
  await start();
  const token = { 'x-auth-token': cloud.token('alice') };
  cloud.badDays.add({ kind: 'expired' }, { service: 'compute', path: '/servers', times: 1 });
  const { status, headers } = await get('/compute/', token);
  expect([status, headers['www-authenticate']]).toEqual([401, expect.stringMatching(/^Keystone uri=/)]);
  expect((await get('/compute/', token)).status).toBe(200);
  cloud.badDays.add({ kind: 'expired' }, { service: 'compute', path: '/servers', times: 1 });
  expect((await get('/compute/', ALICE)).status).toBe(200);
});

test('Keystone that is down is 503 for those whom nobody knows yet; health says so too', async () => {
  await start();
  expect((await get('/.well-known/health', {})).status).toBe(200);
  const token = { 'x-auth-token': cloud.token('alice') };
  expect((await get('/compute/', token)).status).toBe(200);
  await cloud.stop('identity');
  expect((await get('/compute/', token)).status).toBe(200);
  const { status, headers } = await get('/compute/', basic('bob:bob-secret'));
  expect([status, headers['retry-after']]).toEqual([503, '5']);
});

test.each([
  ['of the catalogue', {}],
  ['of the settings', { region: 'RegionOne' }],
])('The region %s is offered, and shown by what is in it', async (_, settings) => {
  await start({}, settings);
  const { body } = await get('/-/', ALICE);
  const [, term] = /^Category: ([^;]+); scheme="[^"]*region#"; class="mixin"; title="RegionOne"/m.exec(body) ?? [];
  expect(term).toBeDefined();
  const { headers } = await endpoint.send('POST', '/storage/', {
    headers: { ...ALICE, 'content-type': 'text/plain', accept: 'text/plain' },
    body: [
      'Category: storage; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"',
      'X-OCCI-Attribute: occi.storage.size=1',
    ].join('\n'),
  });
  const { body: shown } = await get(new URL(headers.location!).pathname, { ...ALICE, accept: 'text/plain' });
  expect(shown).toMatch(new RegExp(`^Category: ${term}; scheme="[^"]*region#"`, 'm'));
});

test('An application credential with access rules is 403 that says so, by its secret and by its token', async () => {
  await start();
  const id = '0123456789abcdef0123456789abcdef';
  cloud.site.people.applicationCredentials.set(id, {
    ...{ id, name: 'narrow', secret: 'narrow-secret', userId: USERS.alice, projectId: PROJECTS.alpha },
    ...{ roles: ['member', 'reader'], description: null, expires: null, unrestricted: false },
    accessRules: [{ service: 'compute', method: 'GET', path: '/v2.1/servers' }],
  });
  const says = 'has access rules';
  const { status, body } = await get('/compute/', basic(`${id}:narrow-secret`));
  expect([status, body]).toEqual([403, expect.stringContaining(says)]);
  const issued = await fetch(`${cloud.endpoint}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: { methods: ['application_credential'], application_credential: { id, secret: 'narrow-secret' } },
      },
    }),
  });
  const answer = await get('/compute/', { 'x-auth-token': issued.headers.get('x-subject-token')! });
  expect([answer.status, answer.body]).toEqual([403, expect.stringContaining(says)]);
  const wrong = await get('/compute/', basic(`${id}:wrong`));
  expect([wrong.status, wrong.body]).toEqual([401, expect.not.stringContaining(says)]);
});

test.each([
  ['the catalogue', /flavors\/detail$/],
  ['the versions of Nova', /\/v2\.1\/$/],
])('A token that has ended while it reads %s fails no other caller who waits for the same', async (_, path) => {
  await start();
  cloud.badDays.add({ kind: 'expired' }, { service: 'compute', method: 'GET', path, times: 1 });
  const tokens = Array.from({ length: 3 }, () => ({ 'x-auth-token': cloud.token('alice') }));
  const listings = tokens.map((token) => get('/compute/', { ...token, accept: 'application/occi+json' }));
  expect((await Promise.all(listings)).map(({ status }) => status).sort()).toEqual([200, 200, 401]);
});

test('A zone that only Cinder has is offered, and a volume in it shows what is offered', async () => {
  await start();
  cloud.site.volumeZones.push('storage-only');
  const { body } = await get('/-/', ALICE);
  const zones = [...body.matchAll(/^Category: ([^;]+); scheme="([^"]*availability_zone#)"; class="mixin"; title/gm)];
  expect(zones.map(([, term]) => term)).toEqual(['nova', 'storage-only']);
  const mixin = `Category: storage-only; scheme="${zones[1]![2]}"; class="mixin"`;
  const { status, headers } = await endpoint.send('POST', '/storage/', {
    headers: { ...ALICE, 'content-type': 'text/plain', accept: 'text/plain' },
    body: [
      'Category: storage; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"',
      mixin,
      'X-OCCI-Attribute: occi.storage.size=1',
    ].join('\n'),
  });
  expect(status).toBe(201);
  expect((await get(new URL(headers.location!).pathname, { ...ALICE, accept: 'text/plain' })).body).toContain(mixin);
});
