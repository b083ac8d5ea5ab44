/** What no single recording of Neutron, Cinder and Glance shows. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type OpenStack, startOpenStack } from './index.ts';
import { PUBLIC_NETWORK } from './neutron/seed.ts';
import type { ServiceName } from './service.ts';

let stand: OpenStack;
beforeEach(async () => {
  stand = await startOpenStack();
});
afterEach(() => stand.close());

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  readonly body: any;
}

async function call(
  service: ServiceName,
  method: string,
  path: string,
  body?: object,
  user = 'alice',
): Promise<Answer> {
  const answer = await fetch(stand.site.origins[service] + path, {
    method,
    headers: { 'x-auth-token': stand.token(user), 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

async function network(cidr: string, user = 'alice'): Promise<{ readonly id: string; readonly subnet: string }> {
  const { id } = (await call('network', 'POST', '/v2.0/networks', { network: { name: 'n' } }, user)).body.network;
  const wish = { subnet: { network_id: id, ip_version: 4, cidr } };
  return { id, subnet: (await call('network', 'POST', '/v2.0/subnets', wish, user)).body.subnet.id };
}

const project = (name: string): string => stand.site.people.projectNamed(name)!.id;

test('an address that a port gives back is given out again, and a range runs out', async () => {
  const { id } = await network('10.0.0.0/29');
  const ports = [];
  for (let count = 0; count < 5; count += 1)
    ports.push((await call('network', 'POST', '/v2.0/ports', { port: { network_id: id } })).body.port);
  expect(new Set(ports.map(({ fixed_ips }) => fixed_ips[0].ip_address)).size).toBe(5);
  const full = await call('network', 'POST', '/v2.0/ports', { port: { network_id: id } });
  expect(full.body.NeutronError.type).toBe('IpAddressGenerationFailure');
  await call('network', 'DELETE', `/v2.0/ports/${ports[2].id}`);
  const again = await call('network', 'POST', '/v2.0/ports', { port: { network_id: id } });
  expect(again.body.port.fixed_ips[0].ip_address).toBe(ports[2].fixed_ips[0].ip_address);
});

test('a project sees its own things and those that are shared with it, an administrator all of them', async () => {
  const mine = await network('10.0.0.0/24');
  const theirs = await network('10.0.0.0/24', 'bob');
  const shared = { network: { name: 's', shared: true } };
  const { id } = (await call('network', 'POST', '/v2.0/networks', shared, 'admin')).body.network;
  const seen = async (user: string) =>
    (await call('network', 'GET', '/v2.0/networks', undefined, user)).body.networks.map(
      (one: { id: string }) => one.id,
    );
  expect((await seen('alice')).sort()).toEqual([mine.id, id, PUBLIC_NETWORK].sort());
  expect((await seen('bob')).sort()).toEqual([theirs.id, id, PUBLIC_NETWORK].sort());
  expect(await seen('admin')).toHaveLength(4);
});

test('pages of a listing, each found by the link of the one before, hold everything once', async () => {
  for (let count = 0; count < 7; count += 1)
    await call('network', 'POST', '/v2.0/networks', { network: { name: `n${count % 3}` } });
  const found: string[] = [];
  let next: string | undefined = '/v2.0/networks?limit=3&sort_key=name&sort_dir=asc';
  while (next !== undefined) {
    const { body }: Answer = await call('network', 'GET', next);
    found.push(...body.networks.map(({ name }: { name: string }) => name));
    const link = body.networks_links.find(({ rel }: { rel: string }) => rel === 'next');
    next = link?.href.slice(stand.site.origins.network.length);
  }
  expect(found).toEqual(['n0', 'n0', 'n0', 'n1', 'n1', 'n2', 'n2', 'public']);
});

test('a port that Nova makes belongs to its server: a member cannot delete it, and its addresses go with it', async () => {
  const { id } = await network('10.0.0.0/24');
  const { ports } = stand.site.between;
  const made = ports.create(project('alpha'), { networkId: id });
  if (typeof made === 'string') throw new Error(made);
  ports.bind(made.id, 'server-1', 'nova');
  expect(ports.ofServer('server-1')).toMatchObject([{ id: made.id, status: 'ACTIVE', deviceId: 'server-1' }]);
  expect(await call('network', 'DELETE', `/v2.0/ports/${made.id}`)).toMatchObject({ status: 403 });
  ports.remove(made.id);
  expect(ports.ofServer('server-1')).toEqual([]);
  expect(await call('network', 'DELETE', `/v2.0/networks/${id}`)).toMatchObject({ status: 204 });
});

test('Nova is told why a port cannot be made', async () => {
  const { id } = await network('10.0.0.0/30');
  const { ports } = stand.site.between;
  const wish = { networkId: id };
  expect(ports.create(project('alpha'), { ...wish, address: '10.1.0.1' })).toBe('addressOutside');
  expect(ports.create(project('alpha'), wish)).toHaveProperty('id');
  expect(ports.create(project('alpha'), { ...wish, address: '10.0.0.2' })).toBe('addressInUse');
  expect(ports.create(project('alpha'), wish)).toBe('noAddress');
  await call('network', 'PUT', `/v2.0/quotas/${project('alpha')}`, { quota: { port: 1 } }, 'admin');
  expect(ports.create(project('alpha'), wish)).toBe('quota');
});

test('a rule that only differs in how it names every address is a duplicate', async () => {
  const group = (await call('network', 'POST', '/v2.0/security-groups', { security_group: { name: 'g' } })).body;
  const rule = { security_group_id: group.security_group.id, direction: 'ingress', protocol: 'tcp' };
  const send = (more: object) =>
    call('network', 'POST', '/v2.0/security-group-rules', { security_group_rule: { ...rule, ...more } });
  expect(await send({})).toMatchObject({ status: 201 });
  expect(await send({ remote_ip_prefix: '0.0.0.0/0' })).toMatchObject({ status: 409 });
  expect(await send({ port_range_min: 1, port_range_max: 65_535 })).toMatchObject({ status: 409 });
  expect(await send({ remote_ip_prefix: '10.0.0.0/8' })).toMatchObject({ status: 201 });
});

test('a bulk request makes nothing when one of its rules cannot be made', async () => {
  const { body } = await call('network', 'POST', '/v2.0/security-groups', { security_group: { name: 'g' } });
  const { id } = body.security_group;
  const rule = { security_group_id: id, direction: 'ingress', protocol: 'tcp', port_range_min: 80 };
  const rules = [
    { ...rule, port_range_max: 80 },
    { ...rule, port_range_max: 79 },
  ];
  const refused = await call('network', 'POST', '/v2.0/security-group-rules', { security_group_rules: rules });
  expect(refused.status).toBe(400);
  const after = await call('network', 'GET', `/v2.0/security-groups/${id}`);
  expect(after.body.security_group.security_group_rules).toHaveLength(2);
});

test('a volume that cannot be made ends as an error, one that is deleted is gone after a step', async () => {
  stand.site.steps.hold();
  stand.site.failNext('createVolume');
  const make = async () => (await call('volume', 'POST', '/v3/volumes', { volume: { size: 1 } })).body.volume.id;
  const [bad, good] = [await make(), await make()];
  const status = async (id: string) => (await call('volume', 'GET', `/v3/volumes/${id}`)).body.volume?.status;
  expect([await status(bad), await status(good)]).toEqual(['creating', 'creating']);
  stand.site.steps.settle();
  expect([await status(bad), await status(good)]).toEqual(['error', 'available']);
  await call('volume', 'DELETE', `/v3/volumes/${good}`);
  expect(await status(good)).toBe('deleting');
  stand.site.steps.settle();
  expect(await status(good)).toBeUndefined();
});

test('a backup works where a service makes them', async () => {
  await stand.close();
  stand = await startOpenStack({ backups: true });
  stand.site.steps.hold();
  const { id } = (await call('volume', 'POST', '/v3/volumes', { volume: { size: 1 } })).body.volume;
  stand.site.steps.settle();
  await call('volume', 'POST', '/v3/backups', { backup: { volume_id: id } });
  expect((await call('volume', 'GET', `/v3/volumes/${id}`)).body.volume.status).toBe('backing-up');
  stand.site.steps.settle();
  expect((await call('volume', 'GET', `/v3/volumes/${id}`)).body.volume.status).toBe('available');
  expect((await call('volume', 'GET', '/v3/backups/detail')).body.backups).toMatchObject([{ status: 'available' }]);
});

test('the image of a server is queued, and active with its formats after its steps', async () => {
  stand.site.steps.hold();
  const { images } = stand.site.between;
  const [base] = images.all(project('alpha'));
  const userId = stand.site.people.userNamed('alice')!.id;
  const wish = { name: 'snap', serverId: 'server-1', baseImageId: base!.id, metadata: {} };
  const { id, status } = images.snapshot(project('alpha'), userId, wish);
  expect(status).toBe('queued');
  stand.site.steps.settle();
  const image = (await call('image', 'GET', `/v2/images/${id}`)).body;
  expect(image).toMatchObject({ status: 'active', disk_format: 'raw', image_type: 'snapshot' });
  expect(images.image(project('beta'), id)).toBeUndefined();
});
