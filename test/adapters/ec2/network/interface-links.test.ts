import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { address, type Instance, instance } from '../../../../adapters/ec2/native/index.ts';
import { interfaceAt } from '../../../../adapters/ec2/network/elastic-addresses.ts';
import { planInterfaces, toNetworkinterfaces } from '../../../../adapters/ec2/network/interface-links.ts';
import { cannotHoldOfInterface, wishesOf } from '../../../../adapters/ec2/network/interface-request.ts';
import { addressTags, settleAddresses, taggedAddresses } from '../../../../adapters/ec2/network/pending-addresses.ts';
import type { LinkDraft } from '../../../../lib/adapter/contract.ts';
import type { Attributes } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const STATE = 'occi.networkinterface.state';
const ALLOCATION = 'eipalloc-0123456789abcdef0';
const OTHER = 'eipalloc-0123456789abcdef1';

let mock: ReturnType<typeof mocked>;
beforeEach(() => {
  mock = mocked();
});
afterEach(() => mock.restore());

const nic = (index: number, change: Readonly<Record<string, unknown>> = {}) => ({
  NetworkInterfaceId: `eni-0123456789abcdef${index}`,
  SubnetId: 'subnet-0123456789abcdef0',
  MacAddress: '02:00:00:00:00:0a',
  PrivateIpAddress: `10.0.0.${index + 4}`,
  Attachment: { AttachmentId: `eni-attach-0123456789abcdef${index}`, DeviceIndex: index, Status: 'attached' },
  ...change,
});
const machine = (NetworkInterfaces: readonly unknown[], change: Readonly<Record<string, unknown>> = {}): Instance =>
  instance.parse({
    InstanceId: 'i-0123456789abcdef0',
    InstanceType: 't3.micro',
    State: { Name: 'running' },
    LaunchTime: new Date(Date.now() - 60_000),
    NetworkInterfaces,
    ...change,
  });
const NONE = new Map();
const shown = (NetworkInterfaces: readonly unknown[]) => toNetworkinterfaces(machine(NetworkInterfaces), NONE);
const link = (id: string, attributes: Attributes = {}, kind: 'network' | 'ipreservation' = 'ipreservation') =>
  ({ kind: 'networkinterface', attributes, mixins: [], target: { kind, id } }) as LinkDraft<'networkinterface'>;

describe('Interfaces of a machine', () => {
  test('stand in the order of their numbers, each under machine, attachment and interface', () => {
    expect(shown([nic(1), nic(0)]).map(({ id }) => id)).toEqual([
      'i-0123456789abcdef0:eni-attach-0123456789abcdef0:eni-0123456789abcdef0',
      'i-0123456789abcdef0:eni-attach-0123456789abcdef1:eni-0123456789abcdef1',
    ]);
  });

  test('without IPv4 have an address of IPv6, and without any no mixin', () => {
    const [six] = shown([nic(0, { PrivateIpAddress: undefined, Ipv6Addresses: [{ Ipv6Address: '2001:db8::5' }] })]);
    expect(six!.attributes['occi.networkinterface.address']).toBe('2001:db8::5');
    const [none] = shown([nic(0, { PrivateIpAddress: undefined })]);
    expect(none!.mixins).toEqual([]);
    expect(none!.attributes).not.toHaveProperty(['occi.networkinterface.allocation']);
  });

  test.each([
    ['attaching', 'waiting', /attached/],
    ['attached', 'active', undefined],
    ['detaching', 'waiting', /detached/],
    ['unheard-of', 'waiting', /unheard-of/],
  ])('that are %s are %s', (Status, state, message) => {
    const [one] = shown([nic(0, { Attachment: { ...nic(0).Attachment, Status } })]);
    expect(one!.attributes[STATE]).toBe(state);
    const why = one!.attributes[`${STATE}.message`];
    if (message) expect(why).toMatch(message);
    else expect(why).toBeUndefined();
  });

  test('that are detached, in no subnet or not attached yet are no links', () => {
    const { Attachment } = nic(0);
    expect(shown([nic(0, { Attachment: { ...Attachment, Status: 'detached' } })])).toEqual([]);
    expect(shown([nic(0, { SubnetId: undefined }), nic(1, { Attachment: undefined })])).toEqual([]);
  });

  test('with a passing public address or one of another tenant have no link to an ipreservation', () => {
    const elastic = new Map([
      [
        '198.51.100.7',
        address.parse({ AllocationId: ALLOCATION, PublicIp: '198.51.100.7', AssociationId: 'eipassoc-1' }),
      ],
    ]);
    const links = (Association: unknown) => toNetworkinterfaces(machine([nic(0, { Association })]), elastic);
    expect(links({ PublicIp: '198.51.100.7', IpOwnerId: 'amazon' })).toHaveLength(1);
    expect(links({ PublicIp: '198.51.100.8', IpOwnerId: '123456789012' })).toHaveLength(1);
    const [, one] = links({ PublicIp: '198.51.100.7', IpOwnerId: '123456789012' });
    expect(one).toMatchObject({
      id: `i-0123456789abcdef0:eth0:${ALLOCATION}`,
      target: { kind: 'ipreservation', id: ALLOCATION },
      attributes: { 'occi.networkinterface.address': '198.51.100.7', 'occi.networkinterface.interface': 'eth0' },
    });
  });
});

describe('Wishes', () => {
  test('that EC2 has no place for are kept by the store', () => {
    const name = 'occi.networkinterface.interface';
    expect(['eth0', 'eth31', 'ens5', 'eth01', 'eth0:1'].map((one) => cannotHoldOfInterface(name, one))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
    expect(cannotHoldOfInterface('occi.networkinterface.allocation', 'static')).toBe(true);
    expect(cannotHoldOfInterface('occi.networkinterface.allocation', 'dynamic')).toBe(false);
  });

  test('for another end or a MAC are refused', async () => {
    const storage = { attributes: {}, target: { kind: 'storage', id: 'vol-1' } } as const;
    await fails((async () => wishesOf(storage))(), 'invalid');
    const mac = link('x', { 'occi.networkinterface.mac': '02:00:00:00:00:01' }, 'network');
    expect(await fails((async () => wishesOf(mac))(), 'invalid')).toContain('occi.networkinterface.mac');
  });
});

describe('A launch', () => {
  const subnet = (digit: number, change: Readonly<Record<string, unknown>> = {}) => ({
    SubnetId: `subnet-0123456789abcdef${digit}`,
    VpcId: 'vpc-1',
    AvailabilityZone: 'us-east-1a',
    State: 'available',
    CidrBlock: `10.0.${digit}.0/24`,
    DefaultForAz: true,
    ...change,
  });
  const network = (digit: number, attributes: Attributes = {}) =>
    link(`subnet-0123456789abcdef${digit}`, attributes, 'network');
  const plan = (...links: LinkDraft[]) => planInterfaces(cloudOf(), links, ['sg-1']);

  test('asks for an address of IPv6 where the network has no other', async () => {
    const v6 = { CidrBlock: undefined, Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/64' }] };
    mock.onAnyCommand().resolves({ Subnets: [subnet(0, v6), subnet(1)] } as never);
    const { specifications } = await plan(network(0), network(1, { 'occi.networkinterface.address': '10.0.1.9' }));
    expect(specifications).toEqual([
      {
        DeviceIndex: 0,
        SubnetId: 'subnet-0123456789abcdef0',
        DeleteOnTermination: true,
        Ipv6AddressCount: 1,
        Groups: ['sg-1'],
      },
      {
        DeviceIndex: 1,
        SubnetId: 'subnet-0123456789abcdef1',
        DeleteOnTermination: true,
        PrivateIpAddress: '10.0.1.9',
        Groups: ['sg-1'],
      },
    ]);
  });

  test('is in one VPC, and gives no number twice', async () => {
    mock.onAnyCommand().resolves({ Subnets: [subnet(0), subnet(1, { VpcId: 'vpc-2' })] } as never);
    await fails(plan(network(0), network(1)), 'conflict');
    mock.onAnyCommand().resolves({ Subnets: [subnet(0), subnet(1)] } as never);
    const eth0 = { 'occi.networkinterface.interface': 'eth0' };
    expect(await fails(plan(network(0, eth0), network(1, eth0)), 'conflict')).toContain('eth0');
  });

  test('refuses an address that is not there, is used, is another than was meant, or has no interface', async () => {
    const tenant = { Tags: [{ Key: 'occi:tenant', Value: 'anne' }] };
    mock.onAnyCommand().resolves({ Addresses: [] } as never);
    await fails(plan(link(ALLOCATION)), 'invalid');
    await fails(plan(link('no such thing')), 'invalid');
    const free = { AllocationId: ALLOCATION, PublicIp: '198.51.100.7', ...tenant };
    mock.onAnyCommand().resolves({ Addresses: [{ ...free, AssociationId: 'eipassoc-1' }] } as never);
    expect(await fails(plan(link(ALLOCATION)), 'conflict')).toContain('in use');
    mock.onAnyCommand().resolves({ Addresses: [free, { ...free, AllocationId: OTHER }] } as never);
    await fails(plan(link(ALLOCATION, { 'occi.networkinterface.address': '198.51.100.8' })), 'invalid');
    await fails(plan(link(ALLOCATION, { 'occi.networkinterface.interface': 'eth1' })), 'invalid');
    await fails(plan(link(ALLOCATION), link(OTHER)), 'conflict');
    expect((await plan(link(ALLOCATION))).addresses).toEqual([{ allocationId: ALLOCATION }]);
  });
});

describe('An address that a machine is to get', () => {
  const waiting = (change: Readonly<Record<string, unknown>> = {}) =>
    machine([nic(0)], {
      Tags: [{ Key: 'occi:tenant', Value: 'anne' }, ...addressTags([{ allocationId: ALLOCATION }])],
      ...change,
    });
  const settle = async (refusal?: Error) => {
    mock.onAnyCommand().callsFake((input) => {
      if (input.AllowReassociation === false && refusal) throw refusal;
      if (input.AllocationIds) {
        return {
          Addresses: [
            {
              AllocationId: ALLOCATION,
              AssociationId: 'eipassoc-2',
              NetworkInterfaceId: 'eni-2',
              Tags: waiting().Tags,
            },
          ],
        };
      }
      return input.InstanceIds ? { Reservations: [{ Instances: [waiting()] }] } : {};
    });
    await settleAddresses(cloudOf(), waiting());
    const inputs = mock
      .calls()
      .map(({ args: [command] }) => (command as unknown as { input: Record<string, unknown> }).input);
    return inputs.filter((input) => 'Tags' in input).map((input) => input.Tags);
  };
  const Key = `occi:address:${ALLOCATION}`;

  test('is a tag that anybody may have written', () => {
    const tags = (Value: string, Key = `occi:address:${ALLOCATION}`) => taggedAddresses({ Tags: [{ Key, Value }] });
    expect(tags('eth2')).toEqual([{ allocationId: ALLOCATION, index: 2 }]);
    expect(tags('eth2 taken')).toEqual([{ allocationId: ALLOCATION, index: 2, failed: 'taken' }]);
    for (const text of ['', 'ens5', 'eth2 constructor', 'eth2 taken twice']) expect(tags(text)).toEqual([]);
    expect(tags('eth0', 'occi:address:x')).toEqual([]);
  });

  test('is given once, and then is no tag any more', async () => {
    expect(await settle()).toEqual([[{ Key }]]);
  });

  test.each([
    ['Resource.AlreadyAssociated', [[{ Key, Value: 'eth0 taken' }]]],
    ['InvalidAllocationID.NotFound', [[{ Key, Value: 'eth0 gone' }]]],
    ['Gateway.NotAttached', [[{ Key, Value: 'eth0 outside' }]]],
    ['IncorrectInstanceState', []],
    ['RequestLimitExceeded', []],
    ['InvalidNetworkInterfaceID.NotFound', []],
    ['UnauthorizedOperation', [[{ Key, Value: 'eth0 refused' }]]],
    ['SomethingNew', [[{ Key, Value: 'eth0 refused' }]]],
  ])('says what came of it after %s', async (code, tags) => {
    expect(await settle(refusedWith(code))).toEqual(tags);
  });

  const stateIn = (one: Instance) =>
    toNetworkinterfaces(one, NONE)
      .filter(({ target }) => target!.kind === 'ipreservation')
      .map(({ attributes }) => [attributes[STATE], attributes[`${STATE}.message`]]);

  test('is refused for good, which costs no call ever after', async () => {
    mock.onAnyCommand().callsFake((input) => {
      if (input.AllowReassociation === false) throw refusedWith('UnauthorizedOperation', 'no', 403);
      return {};
    });
    const after = await settleAddresses(cloudOf(), waiting());
    expect(mock.calls()).toHaveLength(2);
    expect(stateIn(after)).toEqual([['error', expect.stringContaining('does not permit')]]);
    expect(await settleAddresses(cloudOf(), after)).toBe(after);
    expect(mock.calls()).toHaveLength(2);
  });

  test('waits on where it cannot be given now, at the cost of one call', async () => {
    mock.onAnyCommand().rejects(refusedWith('IncorrectInstanceState'));
    const before = waiting();
    expect(await settleAddresses(cloudOf(), before)).toBe(before);
    expect(mock.calls()).toHaveLength(1);
    expect(stateIn(before)).toEqual([['waiting', expect.any(String)]]);
  });

  test('that was given and is not shown yet is no link that is lost', async () => {
    mock
      .onAnyCommand()
      .callsFake((input) => (input.InstanceIds ? { Reservations: [{ Instances: [machine([nic(0)])] }] } : {}));
    const single = cloudOf({ tenancy: 'single' });
    expect(stateIn(await settleAddresses(single, waiting()))).toEqual([['waiting', expect.any(String)]]);
  });

  test('is given up after a quarter of an hour, and a later start changes nothing', async () => {
    const long = new Date(Date.now() - 16 * 60_000);
    const { Attachment } = nic(0);
    const started = { NetworkInterfaces: [nic(0, { Attachment: { ...Attachment, AttachTime: long } })] };
    for (const late of [waiting({ LaunchTime: long }), waiting(started)]) {
      expect(await settleAddresses(cloudOf(), late)).toBe(late);
      expect(stateIn(late)).toEqual([['error', expect.stringContaining('in time')]]);
    }
    expect(mock.calls()).toEqual([]);
  });

  test('waits while the machine is not up', async () => {
    const pending = waiting({ State: { Name: 'pending' } });
    expect(await settleAddresses(cloudOf(), pending)).toBe(pending);
    expect(mock.calls()).toEqual([]);
    await fails((async () => addressTags(Array(21).fill({ allocationId: ALLOCATION })))(), 'conflict');
  });

  test('needs an interface', async () => {
    expect(await fails((async () => interfaceAt(machine([nic(0)]), 1))(), 'invalid')).toContain('eth1');
  });
});
