import type { Stage } from '../../stage.ts';

/** The server that most recordings are about, and what it stands on. */
export const WEB = 'c5247107-5f3a-4aad-a177-5a9dcb685b04';
export const LAN = '85428bbd-c7c2-4129-bb6f-0743d23512cb';
export const CIRROS = '7ee45757-09e6-46e6-9bc8-847da7c611f0';
export const KEY = `ssh-rsa ${Buffer.concat([
  Buffer.from([0, 0, 0, 7]),
  Buffer.from('ssh-rsa'),
  Buffer.alloc(64, 1),
]).toString('base64')} alice@example`;

const json = (body: object) => ({ body });

/** A network of alice with an IPv4 and an IPv6 subnet. */
export async function lan(stage: Stage, name = 'alpha-net', id = LAN): Promise<void> {
  // The group exists from the first look on: its ids must not be those that are expected next.
  await stage.call('alice', 'network', 'GET', '/v2.0/security-groups');
  stage.ids(id);
  await stage.call('alice', 'network', 'POST', '/v2.0/networks', json({ network: { name } }));
  const subnet = (more: object) => json({ subnet: { network_id: id, ...more } });
  await stage.call('alice', 'network', 'POST', '/v2.0/subnets', subnet({ ip_version: 4, cidr: '10.20.0.0/24' }));
}

/** As on the recorded site: every port has an IPv6 address, too. */
export async function lanWithIpv6(stage: Stage): Promise<void> {
  await lan(stage);
  const ipv6 = { ip_version: 6, cidr: 'fd00:10::/64', ipv6_address_mode: 'slaac', ipv6_ra_mode: 'slaac' };
  const subnet = { network_id: LAN, ...ipv6 };
  await stage.call('alice', 'network', 'POST', '/v2.0/subnets', json({ subnet }));
}

/** The external network of the site, which members may not plug. */
export const PUBLIC = 'f18fd0c7-7433-4ed3-bd9b-ebc9743f7f7d';

interface Made {
  readonly id?: string;
  readonly version?: string;
  readonly user?: string;
}

/** A server that has only been asked for. */
export async function asked(
  stage: Stage,
  wish: object,
  { id, version = '2.1', user = 'alice' }: Made = {},
): Promise<string> {
  if (id !== undefined) stage.ids(id);
  const body = { server: { flavorRef: '1', imageRef: CIRROS, networks: [{ uuid: LAN }], ...wish } };
  const made = await stage.call<{ server: { id: string } }>(user, 'compute', 'POST', '/v2.1/servers', {
    body,
    headers: { 'openstack-api-version': `compute ${version}` },
  });
  return made.server.id;
}

export async function keyPair(stage: Stage, name = 'k1'): Promise<void> {
  await stage.call('alice', 'compute', 'POST', '/v2.1/os-keypairs', json({ keypair: { name, public_key: KEY } }));
}

const FIRST_METADATA = { 'occi.id': 'urn:uuid:1', ['k'.repeat(255)]: 'v'.repeat(255) };

export async function building(stage: Stage): Promise<void> {
  await lanWithIpv6(stage);
  await keyPair(stage);
  await asked(
    stage,
    { name: 'web-1', key_name: 'k1', metadata: FIRST_METADATA, user_data: 'IyEvYmluL3NoCmVjaG8gaGVsbG8K' },
    { id: WEB },
  );
}

/** web-1, ACTIVE. */
export async function web(stage: Stage): Promise<void> {
  await building(stage);
  stage.settle();
}

/** The same after its first minute: renamed, with one item of metadata. */
export async function webB(stage: Stage): Promise<void> {
  await web(stage);
  const path = `/v2.1/servers/${WEB}`;
  await stage.call('alice', 'compute', 'PUT', path, json({ server: { name: 'web-1b' } }));
  const metadata = { 'occi.id': 'urn:uuid:1' };
  await stage.call('alice', 'compute', 'PUT', `${path}/metadata`, json({ metadata }));
}

/** An action, and all that follows from it. */
export async function done(stage: Stage, name: string, value: unknown = null, id = WEB): Promise<void> {
  await stage.call('alice', 'compute', 'POST', `/v2.1/servers/${id}/action`, json({ [name]: value }));
  stage.settle();
}

/** web-1b in a state that actions lead to. */
export const after =
  (...actions: readonly (string | readonly [string, unknown])[]) =>
  async (stage: Stage): Promise<void> => {
    await webB(stage);
    for (const one of actions) await (typeof one === 'string' ? done(stage, one) : done(stage, one[0], one[1]));
  };

const RESIZED = ['resize', { flavorRef: '2' }] as const;

/** web-1b as m1.small. */
export const small = (...actions: readonly (string | readonly [string, unknown])[]) =>
  after(RESIZED, 'confirmResize', ...actions);

/** Two servers that Nova accepts and that go into ERROR. */
export async function bads(stage: Stage): Promise<void> {
  await asked(stage, { name: 'bad', networks: [{ uuid: PUBLIC }] });
  await asked(stage, { name: 'bad', networks: [{ uuid: LAN, fixed_ip: '10.99.0.9' }] });
  stage.settle();
}

export const resized = after(RESIZED);
