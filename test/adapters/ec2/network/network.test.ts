import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Subnet, subnet } from '../../../../adapters/ec2/native/index.ts';
import { network } from '../../../../adapters/ec2/network/network.ts';
import { isVisibleSubnet, routerOf, toNetwork } from '../../../../adapters/ec2/network/reads.ts';
import type { Draft } from '../../../../lib/adapter/contract.ts';
import { MIXINS } from '../../../../lib/occi/mixins/index.ts';
import type { Attributes } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const ADDRESS = 'occi.network.address';
const VPC = 'vpc-0123456789abcdef0';
const ID = 'subnet-0123456789abcdef0';

let mock: ReturnType<typeof mocked>;
beforeEach(() => {
  mock = mocked();
});
afterEach(() => mock.restore());

const native = (change: Readonly<Record<string, unknown>> = {}): Subnet =>
  subnet.parse({
    SubnetId: ID,
    VpcId: VPC,
    AvailabilityZone: 'us-east-1a',
    State: 'available',
    CidrBlock: '10.0.0.0/24',
    ...change,
  });
const tagged = (tenant: string) => ({ Tags: [{ Key: 'occi:tenant', Value: tenant }] });
const draft = (attributes: Attributes): Draft<'network'> =>
  ({ kind: 'network', attributes, mixins: [MIXINS.ipnetwork], links: [] }) as Draft<'network'>;

/** The settings of an account that one tenant has alone. */
const SINGLE = { tenancy: 'single' };

test.each([
  ['one of the tenant', {}, tagged('anne'), 'own'],
  ['one of another tenant', {}, tagged('bob'), undefined],
  ['one of another tenant, in an account that one has alone', SINGLE, tagged('bob'), undefined],
  ['one of the provider', {}, {}, undefined],
  ['one of the provider, in an account that one has alone', SINGLE, {}, 'published'],
  ['the default of its zone', {}, { DefaultForAz: true }, 'published'],
  [
    'the default of its zone, where others are published',
    { published: { networks: [] } },
    { DefaultForAz: true },
    undefined,
  ],
  ['one by its id', { published: { networks: [ID] } }, {}, 'published'],
  ['one of another tenant by its id', { published: { networks: [ID] } }, tagged('bob'), 'published'],
  ['any, where all are published', { published: { networks: 'all' } }, {}, 'published'],
  ['one of another tenant, where all are published', { published: { networks: 'all' } }, tagged('bob'), undefined],
  ['that of machines without a network', { subnet: ID, published: { networks: [] } }, {}, 'published'],
])('A subnet is visible as it must: %s', (_what, settings, change, verdict) => {
  expect(isVisibleSubnet(cloudOf(settings), native(change))).toBe(verdict);
});

describe('What is shown', () => {
  const shown = (change: Readonly<Record<string, unknown>>) => toNetwork(cloudOf(), native(change)).attributes;

  test('is IPv6 where there is no IPv4, without what is being taken away', () => {
    const block = (Ipv6CidrBlock: string, State: string) => ({ Ipv6CidrBlock, Ipv6CidrBlockState: { State } });
    const six = [block('2001:db8:1::/64', 'disassociated'), block('2001:db8:2::/64', 'associated')];
    const attributes = shown({ CidrBlock: undefined, Ipv6CidrBlockAssociationSet: six });
    expect(attributes[ADDRESS]).toBe('2001:db8:2::/64');
    expect(attributes).not.toHaveProperty(['occi.network.gateway']);
    expect(shown({ Ipv6CidrBlockAssociationSet: six })[ADDRESS]).toBe('10.0.0.0/24');
  });

  test.each([
    ['pending', 'waiting'],
    ['unavailable', 'inactive'],
    ['failed', 'error'],
    ['new-state', 'waiting'],
  ])('of one that is %s is %s', (State, state) => {
    expect(shown({ State })['occi.network.state']).toBe(state);
  });

  test('as router is the first address', () => {
    expect(['10.0.0.0/24', '10.0.1.17/28', '10.0.0.0/31', '2001:db8::/64', 'none'].map(routerOf)).toEqual([
      '10.0.0.1',
      '10.0.1.17',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('A create', () => {
  const create = (attributes: Attributes) => network(cloudOf({ vpc: VPC })).create!(draft(attributes), 'token');
  const input = () => (mock.calls()[0]!.args[0] as unknown as { input: Record<string, unknown> }).input;

  test('of IPv6 makes a subnet that has nothing else', async () => {
    mock.onAnyCommand().resolves({ Subnet: native({ ...tagged('anne') }) } as never);
    await create({ [ADDRESS]: '2001:DB8:0:0::/64' });
    expect(input()).toMatchObject({ Ipv6CidrBlock: '2001:db8::/64', Ipv6Native: true });
    const gateway = { [ADDRESS]: '2001:db8::/64', 'occi.network.gateway': '2001:db8::1' };
    expect(await fails(create(gateway), 'invalid')).toContain('occi.network.gateway');
  });

  test('sends the address as EC2 spells it, with tags', async () => {
    mock.onAnyCommand().resolves({ Subnet: native({ ...tagged('anne') }) } as never);
    await create({ [ADDRESS]: '10.0.0.77/24', 'occi.core.title': 'mine' });
    expect(input()).toEqual({
      VpcId: VPC,
      CidrBlock: '10.0.0.0/24',
      TagSpecifications: [
        {
          ResourceType: 'subnet',
          Tags: [
            { Key: 'occi:token', Value: 'token' },
            { Key: 'occi:tenant', Value: 'anne' },
            { Key: 'Name', Value: 'mine' },
          ],
        },
      ],
    });
  });

  test.each([
    ['SubnetLimitExceeded', 'conflict'],
    ['UnauthorizedOperation', 'forbidden'],
    ['RequestLimitExceeded', 'unavailable'],
  ] as const)('that ends in %s is reported as %s', async (code, failure) => {
    mock.onAnyCommand().rejects(refusedWith(code, 'encoded: abc'));
    expect(await fails(create({ [ADDRESS]: '10.0.0.0/24' }), failure)).not.toContain('abc');
  });
});

test('A user of a network that is not a compute is named as such', async () => {
  mock.onAnyCommand().callsFake((input) => {
    if (input.SubnetIds) return { Subnets: [native(tagged('anne'))] };
    if (!input.SubnetId) return { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', Status: 'in-use' }] };
    throw refusedWith('DependencyViolation');
  });
  expect(await fails(network(cloudOf()).remove!(ID), 'conflict')).toContain('something that is no compute');
  await fails(network(cloudOf()).get('no such thing'), 'notFound');
});

test.each([
  ['is in no answer', [], true],
  ['has no tags yet', [native()], true],
  ["is another's", [native(tagged('bob'))], false],
])('A network that %s is not there, and may be unseen', async (_what, Subnets, unseen) => {
  mock.onAnyCommand().resolves({ Subnets } as never);
  await expect(network(cloudOf()).get(ID)).rejects.toMatchObject({ failure: 'notFound', unseen });
});

test.each(['InvalidSubnetID.NotFound', 'InvalidSubnet.NotFound'])(
  'A network that is gone when it is deleted (%s) is deleted',
  async (code) => {
    mock.onAnyCommand().callsFake((input) => {
      if (input.SubnetIds) return { Subnets: [native(tagged('anne'))] };
      throw refusedWith(code);
    });
    await network(cloudOf()).remove!(ID);
  },
);
