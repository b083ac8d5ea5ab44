/** Interfaces on the stand-in: one port for one link, whatever dies or is lost, and none that is left behind. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import type { Adapter, Draft, Native } from '../../../../lib/adapter/contract.ts';
import { OcciError } from '../../../../lib/errors.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { end } from '../../../contract/adapter/drafts.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';

const MAC = 'occi.networkinterface.mac';
const ADDRESS = 'occi.networkinterface.address';
const INTERFACE = 'occi.networkinterface.interface';
const EMPTY = { attributes: {}, mixins: [], links: [] } as const;
const NO_CHANGE = { set: {}, unset: [], addMixins: [], removeMixins: [] };

let cloud: OpenStack;
let external: string;
let machine: Native<'compute'>;
let net: Native<'network'>;

/** An adapter in a process of its own. */
const adapterOf = (user = 'alice'): Adapter =>
  connect({
    settings: settings.parse({ endpoint: cloud.endpoint, ...(external !== '' && { externalNetwork: external }) }),
    site: 'test',
    table: memoryTable(),
    local: true,
  })({ caller: { name: user, credentials: `${user}:${user}-secret` }, deadline: Date.now() + 60_000 });

const links = (adapter = adapterOf()) => adapter.kinds.networkinterface!;

/** Waits until what was accepted is done. */
async function eventually<T>(check: () => Promise<T>): Promise<T> {
  const give = Date.now() + 5000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > give) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** A machine on a network of its own; `net` is another. */
async function startMachine(adapter: Adapter): Promise<Native<'compute'>> {
  const { mixins } = await adapter.catalogue();
  const first = await adapter.kinds.network!.create!({ kind: 'network', ...EMPTY }, 'first');
  const image = mixins.find(({ scheme, title }) => scheme.includes('/template/os') && /cirros/i.test(title ?? ''));
  const made = await adapter.kinds.compute!.create!(
    {
      kind: 'compute',
      ...EMPTY,
      mixins: [image!],
      links: [{ kind: 'networkinterface', ...EMPTY, target: end(first) }],
    },
    'machine',
  );
  return eventually(async () => {
    const now = await adapter.kinds.compute!.get(made.id);
    expect(now.attributes['occi.compute.state']).toBe('active');
    return now;
  });
}

beforeEach(async () => {
  external = '';
  cloud = await startOpenStack({ step: 5 });
  external = (await adapterOf().kinds.network!.list({})).items.find(({ published }) => published)!.id;
  const adapter = adapterOf();
  machine = await startMachine(adapter);
  net = await adapter.kinds.network!.create!(
    { kind: 'network', ...EMPTY, attributes: { 'occi.network.address': '10.5.0.0/24' } },
    'net',
  );
}, 30_000);
afterEach(() => cloud.close());

const draft = (attributes: Draft['attributes'] = {}, target = end(net)): Draft<'networkinterface'> => ({
  kind: 'networkinterface',
  attributes,
  mixins: [],
  links: [],
  source: end(machine),
  target,
});

/** A call of the project by hand. */
// biome-ignore lint/suspicious/noExplicitAny: the answers of the stand-in are compared, not used
async function neutron(path: string, body?: object, method = body ? 'PUT' : 'GET'): Promise<any> {
  const response = await fetch(`${cloud.site.origins.network}/v2.0/${path}`, {
    method,
    headers: { 'x-auth-token': cloud.token('alice'), 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.ok).toBe(true);
  return await response.json();
}

/** Ports on the network but those of routers and services. */
async function ports(): Promise<readonly { readonly device_id: string }[]> {
  const { ports: all } = await neutron(`ports?network_id=${net.id}`);
  return all.filter((one: { device_owner: string }) => !one.device_owner.startsWith('network:'));
}

describe('a link to a network', () => {
  test('has the address, the MAC and the name that it asks for, or the next of each', async () => {
    const asked = {
      [ADDRESS]: '10.5.0.44',
      [INTERFACE]: 'eth7',
      'occi.networkinterface.mac': 'FA:16:3E:00:00:44',
    };
    expect((await links().create!(draft(asked), 'one')).attributes).toMatchObject({
      [ADDRESS]: '10.5.0.44',
      [INTERFACE]: 'eth7',
      'occi.networkinterface.mac': 'fa:16:3e:00:00:44',
    });
    expect((await links().create!(draft(), 'two')).attributes[INTERFACE]).toBe('eth1');
  });

  test.each([
    ['a lost answer of the port', { service: 'network', method: 'POST', path: '/ports' }],
    ['a lost answer of the attach', { service: 'compute', method: 'POST', path: '/os-interface' }],
  ] as const)('is one after %s', async (_name, when) => {
    cloud.badDays.add({ kind: 'lost' }, { ...when, times: 1 });
    const error = await links().create!(draft(), 'token').catch((thrown) => thrown);
    expect(error).toBeInstanceOf(OcciError);
    expect((error as OcciError).unknownOutcome).toBe(true);
    const found = await links().findByToken!('token');
    const made = await links().create!(draft(), 'token');
    expect(found ?? made).toEqual(made);
    expect(await links().findByToken!('token')).toEqual(await links().get(made.id));
    expect(await ports()).toHaveLength(1);
  });

  test('leaves no port when Nova refuses it', async () => {
    const refused = { conflictingRequest: { code: 409, message: `Instance ${machine.id} is locked` } };
    cloud.badDays.add({ kind: 'answer', answer: { status: 409, body: refused } }, { path: '/os-interface', times: 1 });
    await fails(links().create!(draft(), 'token'), 'conflict');
    expect(await ports()).toEqual([]);
  });

  test('is refused for an address that is none of the network, or taken', async () => {
    expect(await fails(links().create!(draft({ [ADDRESS]: '10.6.0.4' }), 'a'), 'invalid')).toContain('address');
    await links().create!(draft({ [ADDRESS]: '10.5.0.44' }), 'b');
    expect(await fails(links().create!(draft({ [ADDRESS]: '10.5.0.44' }), 'c'), 'conflict')).toContain('not free');
    expect(await fails(links().create!(draft({ [INTERFACE]: 'eth0' }), 'd'), 'conflict')).toContain('eth0');
    expect(await ports()).toHaveLength(1);
  });

  test('is in the securitygroups of the other interfaces', async () => {
    const { security_group: made } = await neutron('security-groups', { security_group: { name: 'web' } }, 'POST');
    const group = made.id;
    const [server, first] = machine.links![0]!.id.split(':');
    await neutron(`ports/${first}`, { port: { security_groups: [group] } });
    await links().create!(draft(), 'token');
    const { ports: all } = await neutron(`ports?device_id=${server}`);
    expect(all.map((one: { security_groups: string[] }) => one.security_groups)).toEqual([[group], [group]]);
  });

  test('gets another address while the machine runs, and keeps its MAC', async () => {
    const { id } = await links().create!(draft(), 'token');
    const to = (attributes: Draft['attributes']) => links().update!(id, { ...NO_CHANGE, set: attributes });
    expect((await to({ [ADDRESS]: '10.5.0.99' })).attributes[ADDRESS]).toBe('10.5.0.99');
    expect((await links().get(id)).attributes[ADDRESS]).toBe('10.5.0.99');
    await fails(to({ [ADDRESS]: '10.6.0.99' }), 'invalid');
    await fails(to({ 'occi.networkinterface.mac': 'fa:16:3e:00:00:99' }), 'notImplemented');
  });

  test('takes its port with it, also when its machine goes', async () => {
    const adapter = adapterOf();
    const one = await links(adapter).create!(draft(), 'one');
    await links(adapter).create!(draft(), 'two');
    await links(adapter).remove!(one.id);
    await eventually(() => fails(links(adapter).get(one.id), 'notFound'));
    await adapter.kinds.compute!.remove!(machine.id);
    await eventually(async () => {
      await fails(adapter.kinds.compute!.get(machine.id), 'notFound');
      expect(await ports()).toEqual([]);
    });
    await adapter.kinds.network!.remove!(net.id);
  });

  test('leaves a port behind at a death, which goes with the network', async () => {
    const { id } = await links().create!(draft(), 'token');
    await links().remove!(id);
    await eventually(async () => expect((await ports()).map((one) => one.device_id)).toEqual(['']));
    await adapterOf().kinds.network!.remove!(net.id);
    await fails(adapterOf().kinds.network!.get(net.id), 'notFound');
  });
});

describe('a link to a reserved address', () => {
  const reserve = () => adapterOf().kinds.ipreservation!.create!({ kind: 'ipreservation', ...EMPTY }, 'reserved');

  test('is on the first interface that a router joins to the pool', async () => {
    const reserved = await reserve();
    const made = await links().create!(draft({}, end(reserved)), 'token');
    expect(made.target).toEqual(end(reserved));
    expect(made.attributes[ADDRESS]).toBe(reserved.attributes['occi.ipreservation.address']);
    expect(await links().get(made.id)).toEqual(made);
    // The same again is the same link.
    expect(await links().create!(draft({}, end(reserved)), 'another')).toEqual(made);
    const used = await adapterOf().kinds.ipreservation!.get(reserved.id);
    expect(used.attributes['occi.ipreservation.used']).toBe(true);
    await fails(adapterOf().kinds.ipreservation!.remove!(reserved.id), 'conflict');
    await links().remove!(made.id);
    await fails(links().get(made.id), 'notFound');
    await adapterOf().kinds.ipreservation!.remove!(reserved.id);
  });

  test('is never taken from another interface', async () => {
    const reserved = await reserve();
    const second = await links().create!(draft(), 'second');
    const names = [machine.links![0]!, second].map((one) => one.attributes[INTERFACE] as string);
    const order = (name: string) => draft({ [INTERFACE]: name }, end(reserved));
    const both = await Promise.allSettled(names.map((name) => links().create!(order(name), `token ${name}`)));
    const made = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
    // Both may see that it is free: the second that Neutron hears of is refused, or finds the machine to have it.
    expect(new Set(made).size).toBe(1);
  });

  test('is refused where no router leads to the pool', async () => {
    const held = external;
    external = '';
    const adapter = adapterOf();
    const lonely = await adapter.kinds.network!.create!({ kind: 'network', ...EMPTY }, 'lonely');
    external = held;
    const reserved = await reserve();
    const link = await links().create!(draft({}, end(lonely)), 'link');
    const name = link.attributes[INTERFACE] as string;
    expect(await fails(links().create!(draft({ [INTERFACE]: name }, end(reserved)), 'token'), 'conflict')).toContain(
      'router',
    );
  });

  test('is on the interface with its MAC address, and on no other', async () => {
    const reserved = await reserve();
    const second = await links().create!(draft(), 'second');
    const other = draft({ [MAC]: 'fa:16:3e:00:00:99' }, end(reserved));
    expect(await fails(links().create!(other, 'none'), 'invalid')).toContain('MAC address fa:16:3e:00:00:99');
    const mac = String(second.attributes[MAC]);
    const made = await links().create!(draft({ [MAC]: mac.toUpperCase() }, end(reserved)), 'token');
    expect(made.attributes[MAC]).toBe(mac);
  });

  test('names an end that is not there', async () => {
    const nobody = { kind: 'ipreservation' as const, id: '11111111-1111-4111-8111-111111111111' };
    expect(await fails(links().create!(draft({}, nobody), 'token'), 'invalid')).toContain('ipreservation');
  });
});
