/**
 * Networks, network interfaces and reserved addresses against moto behind the proxy: what they become, and what is left
 * of them.
 */
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateSubnetCommand,
  DescribeAddressesCommand,
  DescribeNetworkInterfacesCommand,
  type EC2Client,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readInstance } from '../../adapters/ec2/machine/reads.ts';
import { zoneMixinId } from '../../adapters/ec2/mixins.ts';
import { sweepAll } from '../../adapters/ec2/network/interface-cleanup.ts';
import { planInterfaces, toNetworkinterfaces } from '../../adapters/ec2/network/interface-links.ts';
import { ipreservation } from '../../adapters/ec2/network/ipreservation.ts';
import { network } from '../../adapters/ec2/network/network.ts';
import { networkinterface } from '../../adapters/ec2/network/networkinterface.ts';
import { addressTags } from '../../adapters/ec2/network/pending-addresses.ts';
import type { Change, Draft, LinkDraft, NativeEnd } from '../../lib/adapter/contract.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { type Attributes, typeId } from '../../lib/occi/types.ts';
import { cloudOf } from '../adapters/ec2/mocked.ts';
import { fails } from '../contract/adapter.ts';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { startEc2 } from './ec2.ts';
import { ec2Client, prepare, type Site, ZONE } from './ec2-site.ts';

const ADDRESS = 'occi.network.address';
const GATEWAY = 'occi.network.gateway';
const INTERFACE = 'occi.networkinterface.interface';

let proxy: Ec2Proxy;
let client: EC2Client;
let site: Site;
let tokens = 0;

beforeAll(async () => {
  proxy = await startEc2();
  site = await prepare(proxy);
  client = ec2Client(proxy);
}, 60_000);
afterEach(() => {
  proxy.faults.end();
  Object.assign(proxy.settings, { pending: 0, detaching: 0, attaching: 0, unseen: 0 });
});
afterAll(async () => {
  client?.destroy();
  await proxy?.stop();
});

/** Does something as if it were so many milliseconds later; what it calls EC2 with must not be older. */
async function later<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const now = Date.now;
  Date.now = () => now() + milliseconds;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}

const newToken = () => `network-${++tokens}`;
/** What a process of its own sees: nothing of what others remember. */
const cloud = (change: Readonly<Record<string, unknown>> = {}, name = 'anne') =>
  cloudOf({ ...site.settings, ...change }, name);

const networkDraft = (attributes: Attributes = {}): Draft<'network'> =>
  ({
    kind: 'network',
    attributes: { [ADDRESS]: site.addresses().address, ...attributes },
    mixins: [MIXINS.ipnetwork],
    links: [],
  }) as Draft<'network'>;
const addressDraft = { kind: 'ipreservation', attributes: {}, mixins: [], links: [] } as const;
const linkDraft = (target: NativeEnd, attributes: Attributes = {}): LinkDraft<'networkinterface'> => ({
  kind: 'networkinterface',
  attributes,
  mixins: [],
  target,
});
const linkTo = (compute: string, target: NativeEnd, attributes: Attributes = {}): Draft<'networkinterface'> => ({
  ...linkDraft(target, attributes),
  links: [],
  source: { kind: 'compute', id: compute },
});
const change = (set: Attributes, unset: string[] = []) =>
  ({ set, unset, addMixins: [], removeMixins: [] }) as Change<never>;

const makeNetwork = async (name = 'anne') => {
  const { id } = await network(cloud({}, name)).create!(networkDraft(), newToken());
  return { kind: 'network', id } as const;
};
const makeAddress = async () => {
  const { id } = await ipreservation(cloud()).create!(addressDraft, newToken());
  return { kind: 'ipreservation', id } as const;
};

/** An instance of the tenant in the first subnet. */
async function run(input: Partial<RunInstancesCommandInput> = {}, name = 'anne'): Promise<string> {
  const { Tags = [] } = input.TagSpecifications?.[0] ?? {};
  const { Instances } = await client.send(
    new RunInstancesCommand({
      ImageId: site.image,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      ...(input.NetworkInterfaces ? {} : { SubnetId: site.subnet }),
      ...input,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'occi:tenant', Value: name }, ...Tags] }],
    }),
  );
  return Instances![0]!.InstanceId!;
}

async function callsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = proxy.actions().length;
  await work();
  return proxy.actions().slice(before);
}

const interfacesIn = async (subnet: string) => {
  const filter = { Name: 'subnet-id', Values: [subnet] };
  const { NetworkInterfaces } = await client.send(new DescribeNetworkInterfacesCommand({ Filters: [filter] }));
  return NetworkInterfaces!;
};

describe('A network', () => {
  test('is a subnet with its addresses, its router and its zone', async () => {
    const { address, gateway } = site.addresses();
    const kind = network(cloud());
    let made = '';
    const calls = await callsOf(async () => {
      const draft = networkDraft({ [ADDRESS]: address, [GATEWAY]: gateway, 'occi.core.title': 'Büro, 2. Stock' });
      made = (await kind.create!(draft, newToken())).id;
    });
    expect(calls).toEqual(['CreateSubnet']);
    expect(await callsOf(() => kind.get(made))).toEqual(['DescribeSubnets']);
    const { attributes, mixins, published } = await kind.get(made);
    expect(attributes).toEqual({
      'occi.core.title': 'Büro, 2. Stock',
      'occi.network.state': 'active',
      [ADDRESS]: address,
      [GATEWAY]: gateway,
      'occi.network.allocation': 'dynamic',
    });
    expect(mixins).toEqual([typeId(MIXINS.ipnetwork), zoneMixinId(ZONE), expect.stringContaining('region')]);
    expect(published).toBeUndefined();
  });

  test('that was made by a lost attempt is found by its addresses', async () => {
    const [draft, token] = [networkDraft(), newToken()];
    proxy.faults.add({ kind: 'lost' }, { action: 'CreateSubnet', times: 1 });
    const { id } = await network(cloud()).create!(draft, token);
    expect((await network(cloud()).create!(draft, token)).id).toBe(id);
    expect((await network(cloud()).findByToken!(token))?.id).toBe(id);
    const sentence = await fails(network(cloud()).create!(draft, newToken()), 'conflict');
    expect(sentence).toContain(String(draft.attributes[ADDRESS]));
  });

  test.each([
    [{ [GATEWAY]: '10.64.0.9' }, /gateway of .* is 10\.64\..*occi\.network\.gateway/],
    [{ 'occi.network.allocation': 'static' }, /occi\.network\.allocation/],
    [{ [ADDRESS]: '10.0.0.0/8' }, /occi\.network\.address/],
    [{ [ADDRESS]: '192.168.0.0/24' }, /occi\.network\.address/],
  ])('cannot be %j', async (attributes, told) => {
    expect(
      await fails(network(cloud()).create!(networkDraft(attributes as Attributes), newToken()), 'invalid'),
    ).toMatch(told);
  });

  test('gets free addresses if it does not ask for any', async () => {
    const nothing = networkDraft({ [ADDRESS]: undefined } as unknown as Attributes);
    const draft = { ...nothing, attributes: {}, mixins: [] };
    const made = await Promise.all([1, 2, 3].map(() => network(cloud()).create!(draft, newToken())));
    const blocks = made.map(({ attributes }) => attributes[ADDRESS]);
    expect(new Set(blocks).size).toBe(3);
    for (const block of blocks) expect(block).toMatch(/^10\.64\.\d+\.0\/24$/);
    for (const { id } of made) await network(cloud()).remove!(id);
  });

  test('cannot be created where the provider has named no VPC', async () => {
    const sentence = await fails(
      network(cloud({ vpc: undefined })).create!(networkDraft(), newToken()),
      'notImplemented',
    );
    expect(sentence).toBe('Networks cannot be created here: the provider has configured no VPC for them.');
  });

  test('changes its title, and nothing else', async () => {
    const { id } = await makeNetwork();
    const kind = network(cloud());
    const titled = await kind.update!(id, change({ 'occi.core.title': 'new' }));
    expect(titled).toEqual(await kind.get(id));
    expect(titled.attributes['occi.core.title']).toBe('new');
    const bare = await kind.update!(id, change({}, ['occi.core.title']));
    expect(bare).toEqual(await kind.get(id));
    expect(bare.attributes).not.toHaveProperty(['occi.core.title']);
    expect(await fails(kind.update!(id, change({ [ADDRESS]: '10.64.0.0/28' })), 'notImplemented')).toContain(ADDRESS);
  });

  test('of the provider is visible to all and read-only; one of another tenant is not seen', async () => {
    const own = await makeNetwork();
    const other = network(cloud({}, 'bob'));
    const seen = (await other.list({})).items;
    expect(seen.map(({ id, published }) => [id, published])).toEqual([[site.subnet, true]]);
    expect((await other.ids({})).items).toEqual([site.subnet]);
    await fails(other.get(own.id), 'notFound');
    await fails(other.remove!(own.id), 'notFound');
    await fails(other.remove!(site.subnet), 'forbidden');
    await fails(other.update!(site.subnet, change({ 'occi.core.title': 'mine' })), 'forbidden');
    const all = network(cloud({ published: { networks: 'default' }, subnet: undefined }, 'bob'));
    const zones = (await all.list({})).items.map(({ mixins }) => mixins[1]);
    expect(zones).toHaveLength(6);
    expect(zones).toContain(zoneMixinId(ZONE));
    const single = network(cloud({ tenancy: 'single' }));
    expect((await single.ids({})).items).not.toContain(own.id);
    expect((await single.ids({})).items).toContain(site.subnet);
  });

  test('with computes in it stays, and the error counts them', async () => {
    const { id } = await makeNetwork();
    const machines = [await run({ SubnetId: id }), await run({ SubnetId: id })];
    expect(await fails(network(cloud()).remove!(id), 'conflict')).toContain('2 computes');
    await client.send(new TerminateInstancesCommand({ InstanceIds: machines }));
    await network(cloud()).remove!(id);
    await fails(network(cloud()).remove!(id), 'notFound');
  });
});

describe('A network interface', () => {
  test('of a launch is shown without asking for it', async () => {
    const id = await run();
    const { items } = await networkinterface(cloud()).list({});
    const own = items.filter(({ source }) => source?.id === id);
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({
      target: { kind: 'network', id: site.subnet },
      mixins: [typeId(MIXINS.ipnetworkinterface)],
      attributes: {
        [INTERFACE]: 'eth0',
        'occi.networkinterface.state': 'active',
        'occi.networkinterface.address': expect.stringMatching(/^10\.64\./),
        'occi.networkinterface.mac': expect.stringMatching(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
        'occi.networkinterface.allocation': 'dynamic',
      },
    });
    expect(await callsOf(() => networkinterface(cloud()).get(own[0]!.id))).toEqual(['DescribeInstances']);
    expect(await fails(networkinterface(cloud()).remove!(own[0]!.id), 'conflict')).toContain('goes with the compute');
  });

  test('is made, attached, and goes with its machine', async () => {
    const [id, target] = [await run(), await makeNetwork()];
    const kind = networkinterface(cloud());
    let made = '';
    const calls = await callsOf(async () => {
      made = (await kind.create!(linkTo(id, target), newToken())).id;
    });
    expect(calls.toSorted()).toEqual(
      [
        'AttachNetworkInterface',
        'CreateNetworkInterface',
        'DescribeInstances',
        'DescribeSubnets',
        'ModifyNetworkInterfaceAttribute',
      ].toSorted(),
    );
    expect(made).toMatch(/^i-[0-9a-f]+:eni-attach-[0-9a-f]+:eni-[0-9a-f]+$/);
    expect((await kind.get(made)).attributes).toMatchObject({ [INTERFACE]: 'eth1' });
    await client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(await interfacesIn(target.id)).toEqual([]);
  });

  test('has the groups of the machine', async () => {
    const [id, target] = [await run(), await makeNetwork()];
    await networkinterface(cloud()).create!(linkTo(id, target), newToken());
    const instance = await readInstance(cloud(), id);
    const [first, second] = instance.NetworkInterfaces.map(({ Groups }) => Groups.map(({ GroupId }) => GroupId));
    expect(second).toEqual(first);
  });

  test('gets the name and the address that are asked for', async () => {
    const [id, target] = [await run(), await makeNetwork()];
    const { attributes } = await network(cloud()).get(target.id);
    const address = String(attributes[GATEWAY]).replace(/\d+$/, (last) => String(Number(last) + 8));
    const wishes = { [INTERFACE]: 'eth3', 'occi.networkinterface.address': address };
    const made = await networkinterface(cloud()).create!(linkTo(id, target, wishes), newToken());
    expect(made.attributes).toMatchObject(wishes);
    const again = networkinterface(cloud()).create!(linkTo(id, target, { [INTERFACE]: 'eth3' }), newToken());
    expect(await fails(again, 'conflict')).toContain('eth3');
    const mac = linkTo(id, target, { 'occi.networkinterface.mac': '02:00:00:00:00:01' });
    expect(await fails(networkinterface(cloud()).create!(mac, newToken()), 'invalid')).toContain('mac');
  });

  test('made at once with another has a number of its own', async () => {
    const [id, ...targets] = [await run({ InstanceType: 't3.large' }), await makeNetwork(), await makeNetwork()];
    const made = await Promise.all(
      targets.map((target) => networkinterface(cloud()).create!(linkTo(id as string, target as NativeEnd), newToken())),
    );
    expect(made.map(({ attributes }) => attributes[INTERFACE]).toSorted()).toEqual(['eth1', 'eth2']);
  });

  test('is one for a token, over processes too', async () => {
    const [id, target, token] = [await run({ InstanceType: 't3.large' }), await makeNetwork(), newToken()];
    const draft = linkTo(id, target);
    const made = await Promise.all([1, 2, 3].map(() => networkinterface(cloud()).create!(draft, token)));
    expect(new Set(made.map((one) => one.id)).size).toBe(1);
    expect((await networkinterface(cloud()).findByToken!(token))?.id).toBe(made[0]!.id);
    expect(await networkinterface(cloud()).findByToken!(newToken())).toBeUndefined();
    expect(await interfacesIn(target.id)).toHaveLength(1);
  });

  test.each(['CreateNetworkInterface', 'AttachNetworkInterface', 'ModifyNetworkInterfaceAttribute'])(
    'is one when the answer to %s is lost and the request comes again',
    async (action) => {
      const [id, target, token] = [await run(), await makeNetwork(), newToken()];
      proxy.faults.add({ kind: 'lost' }, { action, times: 1 });
      const attempts = cloud({ attempts: 1 });
      await networkinterface(attempts).create!(linkTo(id, target), token).catch(() => undefined);
      const made = await networkinterface(cloud()).create!(linkTo(id, target), token);
      expect((await networkinterface(cloud()).get(made.id)).attributes[INTERFACE]).toBe('eth1');
      expect(await interfacesIn(target.id)).toHaveLength(1);
    },
  );

  test('that cannot be attached leaves nothing, and can be had under the same token', async () => {
    const [id, target, token] = [await run(), await makeNetwork(), newToken()];
    proxy.faults.add({ kind: 'error', code: 'IncorrectState' }, { action: 'AttachNetworkInterface', times: 1 });
    const process = cloud();
    await fails(networkinterface(process).create!(linkTo(id, target), token), 'conflict');
    expect(await interfacesIn(target.id)).toEqual([]);
    const made = await networkinterface(process).create!(linkTo(id, target), token);
    expect(made.attributes[INTERFACE]).toBe('eth1');
  });

  test('is refused while the machine is not up, and where it has as many as it can', async () => {
    proxy.settings.pending = 60_000;
    const [id, target] = [await run(), await makeNetwork()];
    expect(await fails(networkinterface(cloud()).create!(linkTo(id, target), newToken()), 'conflict')).toContain(
      'waiting',
    );
    proxy.settings.pending = 0;
    const other = await run();
    await networkinterface(cloud()).create!(linkTo(other, target), newToken());
    const third = networkinterface(cloud()).create!(linkTo(other, target), newToken());
    expect(await fails(third, 'conflict')).toContain('no further');
    expect(await interfacesIn(target.id)).toHaveLength(1);
  });

  test('does not cross zones', async () => {
    const [id, { address }] = [await run(), site.addresses()];
    const { Subnet } = await client.send(
      new CreateSubnetCommand({
        VpcId: site.vpc,
        CidrBlock: address,
        AvailabilityZone: 'us-east-1b',
        TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'occi:tenant', Value: 'anne' }] }],
      }),
    );
    const target = { kind: 'network', id: Subnet!.SubnetId! } as const;
    const sentence = await fails(networkinterface(cloud()).create!(linkTo(id, target), newToken()), 'conflict');
    expect(sentence).toContain(ZONE);
    expect(sentence).toContain('us-east-1b');
    const both = [linkDraft({ kind: 'network', id: site.subnet }), linkDraft(target)];
    expect(await fails(planInterfaces(cloud(), both, []), 'conflict')).toContain('us-east-1b');
  });

  test('of another tenant has no ends', async () => {
    const [id, target] = [await run(), await makeNetwork()];
    const made = await networkinterface(cloud()).create!(linkTo(id, target), newToken());
    const other = networkinterface(cloud({}, 'bob'));
    await fails(other.get(made.id), 'notFound');
    await fails(other.remove!(made.id), 'notFound');
    expect(await fails(other.create!(linkTo(id, target), newToken()), 'invalid')).toContain('compute');
    const own = await run({}, 'bob');
    expect(await fails(other.create!(linkTo(own, target), newToken()), 'invalid')).toContain('network');
    await fails(planInterfaces(cloud({}, 'bob'), [linkDraft(target)], []), 'invalid');
  });

  test('that is removed is gone when EC2 has detached it, and deleted with what comes next', async () => {
    const [id, target] = [await run(), await makeNetwork()];
    const made = await networkinterface(cloud()).create!(linkTo(id, target), newToken());
    proxy.settings.detaching = 60_000;
    const calls = await callsOf(() => networkinterface(cloud()).remove!(made.id));
    expect(calls.toSorted()).toEqual(
      [
        'CreateTags',
        'DeleteNetworkInterface',
        'DescribeInstances',
        'DescribeNetworkInterfaces',
        'DetachNetworkInterface',
      ].toSorted(),
    );
    expect((await networkinterface(cloud()).get(made.id)).attributes['occi.networkinterface.state']).toBe('waiting');
    expect(await fails(network(cloud()).remove!(target.id), 'conflict')).toContain('in use');
    proxy.later(61_000);
    await fails(networkinterface(cloud()).get(made.id), 'notFound');
    expect(await interfacesIn(target.id)).toHaveLength(1);
    await network(cloud()).remove!(target.id);
    await fails(network(cloud()).get(target.id), 'notFound');
  });

  test('of a create that died is deleted in the end', async () => {
    const [id, target, token] = [await run(), await makeNetwork(), newToken()];
    proxy.faults.add({ kind: 'down' }, { action: 'AttachNetworkInterface' });
    const died = networkinterface(cloud({ attempts: 1 })).create!(linkTo(id, target), token);
    await fails(died, 'unavailable');
    proxy.faults.end();
    expect(await interfacesIn(target.id)).toHaveLength(1);
    // The first look gives the create time to go on.
    await sweepAll(cloud());
    await sweepAll(cloud());
    expect(await interfacesIn(target.id)).toHaveLength(1);
    const process = cloud();
    await later(61_000, () => sweepAll({ ...process, ec2: cloud().ec2 }));
    expect(await interfacesIn(target.id)).toEqual([]);
    const made = await networkinterface(process).create!(linkTo(id, target), token);
    expect(made.target).toEqual(target);
  });

  test('that another process has deleted is made again when it cannot be one that EC2 shows late', async () => {
    const [id, target, token] = [await run(), await makeNetwork(), newToken()];
    proxy.faults.add({ kind: 'down' }, { action: 'AttachNetworkInterface' });
    await fails(networkinterface(cloud({ attempts: 1 })).create!(linkTo(id, target), token), 'unavailable');
    proxy.faults.end();
    await sweepAll(cloud());
    await later(61_000, () => sweepAll(cloud()));
    const process = cloud();
    const hurried = networkinterface({ ...process, deadline: Date.now() + 2500 });
    await fails(hurried.create!(linkTo(id, target), token), 'unavailable');
    expect(await interfacesIn(target.id)).toEqual([]);
    const made = await later(31_000, () =>
      networkinterface({ ...process, ec2: cloud().ec2 }).create!(linkTo(id, target), token),
    );
    expect(made.target).toEqual(target);
    expect(await interfacesIn(target.id)).toHaveLength(1);
  });

  test('is planned for a launch with the name that is asked for', async () => {
    const [one, other] = [await makeNetwork(), await makeNetwork()];
    const links = [linkDraft(one), linkDraft(other, { [INTERFACE]: 'eth0' })];
    const calls = await callsOf(() => planInterfaces(cloud(), links, []));
    expect(calls).toEqual(['DescribeSubnets']);
    const plan = await planInterfaces(cloud(), links, []);
    expect(plan.zone).toBe(ZONE);
    expect(plan.specifications.map(({ SubnetId, DeviceIndex }) => [SubnetId, DeviceIndex])).toEqual([
      [other.id, 0],
      [one.id, 1],
    ]);
    const id = await run({ NetworkInterfaces: plan.specifications });
    const shown = toNetworkinterfaces(await readInstance(cloud(), id), new Map());
    expect(shown.map(({ target, attributes }) => [target?.id, attributes[INTERFACE]])).toEqual([
      [other.id, 'eth0'],
      [one.id, 'eth1'],
    ]);
    const only = [linkDraft(one, { [INTERFACE]: 'eth1' })];
    expect(await fails(planInterfaces(cloud(), only, []), 'conflict')).toContain('eth0');
    expect(await callsOf(() => planInterfaces(cloud(), [], []))).toEqual([]);
  });
});

describe('A reserved address', () => {
  test('is an elastic one of the tenant, from the pool that it names', async () => {
    const kind = ipreservation(cloud());
    const { id } = await makeAddress();
    expect(await callsOf(() => kind.get(id))).toEqual(['DescribeAddresses']);
    const { attributes, mixins } = await kind.get(id);
    expect(attributes).toEqual({
      'occi.ipreservation.address': expect.stringMatching(/^198\.18\./),
      'occi.ipreservation.used': false,
      'occi.ipreservation.state': 'active',
    });
    expect(mixins[0]).toMatch(/floatingippool#amazon$/);
    const other = ipreservation(cloud({}, 'bob'));
    expect((await other.list({})).items).toEqual([]);
    await fails(other.get(id), 'notFound');
    await fails(other.remove!(id), 'notFound');
    const titled = await kind.update!(id, change({ 'occi.core.title': 'door' }));
    expect(titled).toEqual(await kind.get(id));
    await kind.remove!(id);
    await fails(kind.remove!(id), 'notFound');
  });

  test.each([{ attempts: 1 }, {}])('is one for a token, also when the answer is lost (%j)', async (settings) => {
    const token = newToken();
    proxy.faults.add({ kind: 'lost' }, { action: 'AllocateAddress', times: 1 });
    await ipreservation(cloud(settings)).create!(addressDraft, token).catch(() => undefined);
    const { id } = await ipreservation(cloud()).create!(addressDraft, token);
    expect((await ipreservation(cloud()).findByToken!(token))?.id).toBe(id);
    const Filters = [{ Name: 'tag:occi:token', Values: [token] }];
    const { Addresses } = await client.send(new DescribeAddressesCommand({ Filters }));
    expect(Addresses!.map(({ AllocationId }) => AllocationId)).toEqual([id]);
  });

  test('is given to a machine and taken from it', async () => {
    const [id, target] = [await run(), await makeAddress()];
    const kind = networkinterface(cloud());
    let made = '';
    const calls = await callsOf(async () => {
      made = (await kind.create!(linkTo(id, target), newToken())).id;
    });
    expect(calls.toSorted()).toEqual(['AssociateAddress', 'DescribeAddresses', 'DescribeInstances']);
    const { attributes } = await ipreservation(cloud()).get(target.id);
    expect(attributes['occi.ipreservation.used']).toBe(true);
    expect(await callsOf(() => kind.get(made))).toEqual(['DescribeInstances', 'DescribeAddresses']);
    expect(await kind.get(made)).toMatchObject({
      id: made,
      target,
      attributes: {
        [INTERFACE]: 'eth0',
        'occi.networkinterface.address': attributes['occi.ipreservation.address'],
        'occi.networkinterface.state': 'active',
      },
    });
    await fails(ipreservation(cloud()).remove!(target.id), 'conflict');
    // Again it is the same link; another machine cannot have it.
    expect((await networkinterface(cloud()).create!(linkTo(id, target), newToken())).id).toBe(made);
    await fails(networkinterface(cloud()).create!(linkTo(await run(), target), newToken()), 'conflict');
    await fails(kind.create!(linkTo(id, await makeAddress()), newToken()), 'conflict');
    await kind.remove!(made);
    await fails(kind.get(made), 'notFound');
    await ipreservation(cloud()).remove!(target.id);
  });

  test('of a launch is given when the machine is up', async () => {
    proxy.settings.pending = 60_000;
    const target = await makeAddress();
    const plan = await planInterfaces(cloud(), [linkDraft(target)], []);
    expect(plan.specifications).toEqual([]);
    const id = await run({ TagSpecifications: [{ ResourceType: 'instance', Tags: addressTags(plan.addresses) }] });
    const kind = networkinterface(cloud());
    const waiting = (await kind.list({})).items.find((link) => link.target?.id === target.id)!;
    expect(waiting.attributes['occi.networkinterface.state']).toBe('waiting');
    expect((await kind.get(waiting.id)).attributes['occi.networkinterface.state']).toBe('waiting');
    proxy.later(61_000);
    expect((await kind.get(waiting.id)).attributes).toMatchObject({
      'occi.networkinterface.state': 'active',
      'occi.networkinterface.address': expect.stringMatching(/^198\.18\./),
    });
    expect((await readInstance(cloud(), id)).Tags.map(({ Key }) => Key)).toEqual(['occi:tenant']);
    await kind.remove!(waiting.id);
    await fails(kind.get(waiting.id), 'notFound');
  });

  test('of a launch without a read in time is not given after a later start', async () => {
    const target = await makeAddress();
    const { addresses } = await planInterfaces(cloud(), [linkDraft(target)], []);
    const id = await run({ TagSpecifications: [{ ResourceType: 'instance', Tags: addressTags(addresses) }] });
    const first = await readInstance(cloud(), id);
    const times = [
      ...first.BlockDeviceMappings.map(({ Ebs }) => Ebs),
      ...first.NetworkInterfaces.map((nic) => nic.Attachment),
    ];
    expect(times.map((one) => one?.AttachTime)).toEqual(times.map(() => expect.any(Date)));
    const now = Date.now;
    Date.now = () => now() + 16 * 60_000;
    try {
      const kind = networkinterface(cloud());
      const link = (await kind.list({})).items.find((one) => one.target?.id === target.id)!;
      expect(await callsOf(() => kind.get(link.id))).toEqual(['DescribeInstances']);
      expect(link.attributes).toMatchObject({ 'occi.networkinterface.state': 'error' });
      await kind.remove!(link.id);
    } finally {
      Date.now = now;
    }
  });

  test('of a launch that another takes first is an error, and can be removed', async () => {
    proxy.settings.pending = 60_000;
    const target = await makeAddress();
    const { addresses } = await planInterfaces(cloud(), [linkDraft(target)], []);
    proxy.settings.pending = 0;
    await run({ TagSpecifications: [{ ResourceType: 'instance', Tags: addressTags(addresses) }] });
    const kind = networkinterface(cloud());
    const other = await kind.create!(linkTo(await run(), target), newToken());
    const failed = (await kind.list({})).items.find((one) => one.target?.id === target.id && one.id !== other.id)!;
    expect((await kind.get(failed.id)).attributes).toMatchObject({ 'occi.networkinterface.state': 'error' });
    await kind.remove!(failed.id);
    await fails(kind.get(failed.id), 'notFound');
    expect((await kind.get(other.id)).attributes['occi.networkinterface.state']).toBe('active');
  });

  test('that the provider gave by hand is hidden in a shared account', async () => {
    const { AllocationId } = await client.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    const id = await run();
    await client.send(new AssociateAddressCommand({ AllocationId, InstanceId: id }));
    await fails(ipreservation(cloud()).get(AllocationId!), 'notFound');
    const links = (await networkinterface(cloud()).list({})).items.filter(({ source }) => source?.id === id);
    expect(links.map(({ target }) => target?.kind)).toEqual(['network']);
    expect((await ipreservation(cloud({ tenancy: 'single' })).ids({})).items).toContain(AllocationId);
    await client.send(new StopInstancesCommand({ InstanceIds: [id] }));
  });
});
