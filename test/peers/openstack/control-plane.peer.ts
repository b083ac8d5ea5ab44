/** The control plane itself: what tests of the adapter may take for granted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FEDERATION, type OpenStack, USERS } from './openstack.mjs';
import { openStack } from './peer.ts';
import { clear, populate } from './population.mjs';
import { login, type Session } from './rest.mjs';

const POLL_MS = 300;
const TIMEOUT_MS = 120_000;
const VERSION = { 'OpenStack-API-Version': 'compute 2.96' };

/** Of the machines that `populate` makes. */
interface Server {
  readonly id: string;
  readonly status: string;
  readonly addresses: {
    readonly many: readonly { readonly addr: string; readonly 'OS-EXT-IPS-MAC:mac_addr': string }[];
  };
}

interface Port {
  readonly device_id: string;
  readonly mac_address: string;
  readonly fixed_ips: readonly { readonly ip_address: string }[];
}

let cloud: OpenStack;
let alice: Session;
let bob: Session;
beforeAll(async () => {
  cloud = await openStack();
  [alice, bob] = await Promise.all([login(cloud.keystone, USERS.alice), login(cloud.keystone, USERS.bob)]);
}, 300_000);
afterAll(() => cloud?.stop());

const until = async (check: () => Promise<boolean>): Promise<void> => {
  while (!(await check())) await sleep(POLL_MS);
};

const idsOf = async (session: Session): Promise<string[]> =>
  ((await session.ask('compute', 'GET', '/servers')) as { servers: { id: string }[] }).servers.map(({ id }) => id);

test(
  'a machine runs, is seen in its project only, and goes',
  async () => {
    const { images } = await alice.ask('image', 'GET', '/v2/images?name=cirros-tiny');
    const server = { name: 'peer-first', imageRef: images[0].id, flavorRef: '1', networks: 'none' };
    const { id } = (await alice.ask('compute', 'POST', '/servers', { server }, VERSION)).server;
    const path = `/servers/${id}`;
    await until(async () => {
      const { status } = (await alice.ask('compute', 'GET', path)).server;
      expect(['BUILD', 'ACTIVE']).toContain(status);
      return status === 'ACTIVE';
    });
    expect(await idsOf(alice)).toContain(id);
    expect(await idsOf(bob)).not.toContain(id);
    expect((await bob.call('compute', 'GET', path)).status).toBe(404);
    expect((await bob.call('compute', 'DELETE', path)).status).toBe(404);
    await alice.ask('compute', 'DELETE', path);
    await until(async () => (await alice.call('compute', 'GET', path)).status === 404);
  },
  TIMEOUT_MS,
);

describe('logins', () => {
  const tokens = (body: object): Promise<Response> =>
    fetch(`${cloud.keystone}/auth/tokens`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('by an application credential, until it is deleted', async () => {
    const path = `/users/${alice.userId}/application_credentials`;
    const { application_credential: made } = await alice.ask('identity', 'POST', path, {
      application_credential: { name: 'peer-credential' },
    });
    const byCredential = { id: made.id, secret: made.secret };
    const identity = { methods: ['application_credential'], application_credential: byCredential };
    const response = await tokens({ auth: { identity } });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ token: { project: { id: alice.projectId, name: 'alpha' } } });
    expect((await alice.call('identity', 'DELETE', `${path}/${made.id}`)).status).toBe(204);
    expect((await tokens({ auth: { identity } })).status).toBe(404);
  });

  test('by a bearer token of an OpenID provider', async () => {
    const { provider, protocol } = FEDERATION;
    const url = `${cloud.keystone}/OS-FEDERATION/identity_providers/${provider}/protocols/${protocol}/auth`;
    const exchange = (bearer: string) => fetch(url, { method: 'POST', headers: { Authorization: `Bearer ${bearer}` } });
    const response = await exchange('erna');
    expect(response.status).toBe(201);
    const id = response.headers.get('x-subject-token')!;
    const projects = await fetch(`${cloud.keystone}/auth/projects`, { headers: { 'X-Auth-Token': id } });
    expect(await projects.json()).toMatchObject({ projects: [{ name: FEDERATION.project }] });
    expect((await exchange('expired')).status).toBe(401);
  });

  test('of a reader, of a member of two projects, of another domain', async () => {
    const sessions = await Promise.all(
      [USERS.rita, USERS.dora, { ...USERS.dora, project: 'beta' }, USERS.erik].map((user) =>
        login(cloud.keystone, user),
      ),
    );
    const [rita, inAlpha, inBeta, erik] = sessions.map(({ projectId }) => projectId);
    expect([rita, inAlpha, inBeta]).toEqual([alice.projectId, alice.projectId, bob.projectId]);
    expect([alice.projectId, bob.projectId]).not.toContain(erik);
  });
});

test(
  'machines by the hundred are listed with their ports, and go at once',
  async () => {
    const count = 120;
    const many = await login(cloud.keystone, USERS.many);
    await populate(cloud, count);
    const { servers } = await many.ask('compute', 'GET', '/servers/detail', undefined, VERSION);
    const { ports } = await many.ask('network', 'GET', '/v2.0/ports');
    const seen = (servers as Server[]).map(({ id, status, addresses: { many } }) => [
      id,
      status,
      ...many.flatMap((address) => [address.addr, address['OS-EXT-IPS-MAC:mac_addr']]),
    ]);
    const expected = (ports as Port[]).map(({ device_id, fixed_ips, mac_address }) => [
      device_id,
      'ACTIVE',
      ...fixed_ips.flatMap(({ ip_address }) => [ip_address, mac_address]),
    ]);
    expect(seen).toHaveLength(count);
    expect(seen.sort()).toEqual(expected.sort());
    await clear(cloud);
    expect([await idsOf(many), (await many.ask('network', 'GET', '/v2.0/ports')).ports]).toEqual([[], []]);
  },
  TIMEOUT_MS,
);
