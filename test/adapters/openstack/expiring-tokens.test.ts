/**
 * A token that ends in the middle of a request, before any of its calls: 401 once, with the challenge. Its client logs in
 * again and repeats the request, after which everything is there once, or gone.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, type Reply, startEndpoint } from '../../endpoint.ts';
import { entity, pathOf, type Wanted } from '../../lib/operations/payloads.ts';
import { type OpenStack, startOpenStack } from '../../openstack/index.ts';
import { type Inventory, inventoryOf } from '../../openstack/inventory.ts';
import { PUBLIC_NETWORK } from '../../openstack/neutron/seed.ts';
import { CIRROS } from './alice.ts';

/** More calls than any request makes. */
const MOST_CALLS = 30;
/** How long a token lasts, in milliseconds of Keystone's clock. */
const LIFETIME_MS = 60_000;
/** When a port that no server has is left over, in milliseconds of Neutron's clock, and a minute more. */
const LEFT_OVER_MS = 660_000;
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f somebody';
const JSON_TYPE = { accept: 'application/occi+json' };
const SSH_KEY = 'http://schemas.ogf.org/occi/infrastructure/credentials#ssh_key';

let cloud: OpenStack;
let endpoint: Endpoint;
let challenge: string;
beforeEach(async () => {
  cloud = await startOpenStack({ step: 1, quotas: false });
  cloud.site.tokenLifetimeMs = LIFETIME_MS;
  const settings = { endpoint: cloud.endpoint, defaultOsTemplate: CIRROS, externalNetwork: PUBLIC_NETWORK };
  endpoint = await startEndpoint({
    settings: { adapter: { name: 'openstack', site: 'test', settings }, auth: ['basic', 'cloud-token'] },
  });
  challenge = `Keystone uri='${cloud.site.origins.identity}'`;
});
afterEach(async () => {
  await endpoint.stop();
  await cloud.close();
});

type Client = (method: string, path: string, call?: Parameters<Endpoint['send']>[2]) => Promise<Reply>;

/** A client that has just logged in. */
function loggedIn(): Client {
  const token = { 'x-auth-token': cloud.token('alice') };
  return (method, path, call = {}) => endpoint.send(method, path, { ...call, headers: { ...call.headers, ...token } });
}

/** The answer to a request whose token ends before the n-th of its calls, and whether it made so many. */
async function ending(at: number, work: (client: Client) => Promise<Reply>) {
  let calls = 0;
  let hasEnded = false;
  const test = (): boolean => {
    if (calls++ === at) {
      hasEnded = true;
      cloud.site.passTime(LIFETIME_MS);
    }
    return false;
  };
  const client = loggedIn();
  cloud.badDays.add({ kind: 'down' }, { path: { test } as unknown as RegExp });
  const reply = await work(client);
  cloud.badDays.end();
  return { reply, hasEnded };
}

const settle = (): void => cloud.site.steps.settle();

let keys = 0;
const newKey = (): string => `key-${++keys}`;

const create = (client: Client, kind: string, wanted: Wanted, key = newKey()): Promise<Reply> => {
  const { headers, body } = entity('text/plain', { kind, ...wanted });
  return client('POST', `/${kind}/`, { headers: { ...headers, 'idempotency-key': key }, ...(body && { body }) });
};

async function made(kind: string, wanted: Wanted = {}, key?: string): Promise<string> {
  const { status, headers, body } = await create(loggedIn(), kind, wanted, key);
  if (status !== 201) throw new Error(`${kind} ${key}: ${status} ${body}`);
  settle();
  return pathOf(headers.location!);
}

const STORAGE: Wanted = { attributes: { 'occi.storage.size': 1 } };
const RULES = [{ type: 'inbound', protocol: 'tcp', port: '22', range: '0.0.0.0/0' }];
const interfaceTo = (target: string) => ({ target, kind: 'networkinterface' });
const linkedCompute = async () => await made('compute', { links: [interfaceTo(await made('network'))] });
const linkTo = async (target: string): Promise<Wanted> => ({
  attributes: { 'occi.core.source': await linkedCompute(), 'occi.core.target': target },
});

/** What is made of each kind, after what it needs. */
const WANTED: Readonly<Record<string, () => Promise<Wanted>>> = {
  compute: async () => ({
    mixins: [SSH_KEY],
    attributes: { 'occi.core.title': 'web', 'occi.credentials.ssh.publickey': KEY },
    links: [interfaceTo(await made('network')), { target: await made('storage', STORAGE), kind: 'storagelink' }],
  }),
  storage: async () => STORAGE,
  network: async () => ({}),
  securitygroup: async () => ({ attributes: { 'occi.securitygroup.rules': RULES } }),
  ipreservation: async () => ({}),
  networkinterface: async () => await linkTo(await made('network')),
  storagelink: async () => await linkTo(await made('storage', STORAGE)),
  securitygrouplink: async () => await linkTo(await made('securitygroup')),
};

/** Deletes an entity that may be gone already. */
async function remove(path: string): Promise<void> {
  const client = loggedIn();
  expect([200, 404]).toContain((await client('DELETE', path)).status);
  settle();
  expect((await client('GET', path)).status).toBe(404);
}

/** Ports that Nova has let go of are deleted by what comes next, those of a request that has failed when they are old. */
async function sweep(): Promise<void> {
  cloud.site.passTime(LEFT_OVER_MS);
  await remove(await made('compute'));
}

const inventory = (): Promise<Inventory> => inventoryOf(cloud);

/** 401 as it must be, or another status. */
const shown = ({ status, headers, body }: Reply) =>
  status === 401 ? [401, headers['www-authenticate'] === challenge, body.includes('gAAAAA')] : status;
const ENDED = [401, true, false];

describe.each(Object.entries(WANTED))('%s', (kind, wantedOf) => {
  test('is made once by the client that logs in again and repeats its create', async () => {
    const wanted = await wantedOf();
    const before = await inventory();
    const first = await made(kind, wanted);
    const after = await inventory();
    await remove(first);
    await sweep();
    expect(await inventory()).toEqual(before);
    let goesOn = true;
    for (let at = 0; goesOn; at++) {
      expect(at).toBeLessThan(MOST_CALLS);
      const key = newKey();
      const { reply, hasEnded } = await ending(at, (client) => create(client, kind, wanted, key));
      goesOn = hasEnded;
      expect([at, shown(reply)]).toEqual([at, reply.status === 201 ? 201 : ENDED]);
      settle();
      const path = await made(kind, wanted, key);
      expect([at, await inventory()]).toEqual([at, after]);
      await remove(path);
      await sweep();
      expect([at, await inventory()]).toEqual([at, before]);
    }
  }, 120_000);

  test('is gone when the client logs in again and repeats its delete', async () => {
    const wanted = await wantedOf();
    const before = await inventory();
    let goesOn = true;
    for (let at = 0; goesOn; at++) {
      expect(at).toBeLessThan(MOST_CALLS);
      const path = await made(kind, wanted);
      const { reply, hasEnded } = await ending(at, (client) => client('DELETE', path));
      goesOn = hasEnded;
      expect([at, shown(reply)]).toEqual([at, reply.status === 200 ? 200 : ENDED]);
      settle();
      await remove(path);
      await sweep();
      expect([at, await inventory()]).toEqual([at, before]);
    }
  }, 120_000);
});

test('A look shows all that there is, or is 401', async () => {
  const group = await made('securitygroup');
  const links = [interfaceTo(await made('network')), { target: await made('storage', STORAGE), kind: 'storagelink' }];
  const machine = await made('compute', { links });
  await made('securitygrouplink', { attributes: { 'occi.core.source': machine, 'occi.core.target': group } });
  const kinds = Object.keys(WANTED).map((kind) => `/${kind}/`);
  for (const path of ['/-/', machine, ...kinds]) {
    const whole = (await loggedIn()('GET', path, { headers: JSON_TYPE })).body;
    let goesOn = true;
    for (let at = 0; goesOn; at++) {
      expect([path, at < MOST_CALLS]).toEqual([path, true]);
      const { reply, hasEnded } = await ending(at, (client) => client('GET', path, { headers: JSON_TYPE }));
      goesOn = hasEnded;
      expect([path, at, shown(reply)]).toEqual([path, at, reply.status === 200 ? 200 : ENDED]);
      if (reply.status === 200) expect([path, at, reply.body]).toEqual([path, at, whole]);
    }
  }
}, 120_000);
