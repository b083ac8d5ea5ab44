/** What a launch asks of EC2 because of its type, its networks and its image, as AWS documents it. */
import {
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  type Instance,
  ModifyInstanceAttributeCommand,
  ModifyInstanceCreditSpecificationCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { readCatalogue } from '../../../../adapters/ec2/catalogue.ts';
import { compute } from '../../../../adapters/ec2/compute/compute.ts';
import { imageMixinId, typeMixinId } from '../../../../adapters/ec2/mixins.ts';
import { typeId } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { changeOf, computeDraft, linkTo, mixinOf } from '../compute-drafts.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const mock = mocked();
const IMAGE = 'ami-00000000000000def';
const ID = 'i-0123456789abcdef0';
const [FIRST, SECOND] = ['subnet-00000000000000001', 'subnet-00000000000000002'];
const TYPES = ['t2.micro', 't3.micro', 't4g.small', 'm5.large', 'c7i.large'];

const instance = (change: Partial<Instance> = {}): Instance => ({
  InstanceId: ID,
  InstanceType: 't3.micro',
  State: { Name: 'pending' },
  Tags: [{ Key: 'occi:tenant', Value: cloudOf({ tenancy: 'single' }).account.tenant }],
  ...change,
});

/** Types that the process does not know by itself. */
const SHOWN = [
  { InstanceType: 't2.micro', BurstablePerformanceSupported: true },
  { InstanceType: 'c7i.large', BurstablePerformanceSupported: false },
].map((one) => ({ ...one, VCpuInfo: { DefaultVCpus: 2 }, MemoryInfo: { SizeInMiB: 1024 } }));

const kindWith = (change: Readonly<Record<string, unknown>> = {}) =>
  compute(cloudOf({ images: { default: IMAGE }, types: TYPES, tenancy: 'single', attempts: 1, ...change }));
const launched = () => mock.commandCalls(RunInstancesCommand).map(({ args }) => args[0].input);

/** Subnets that EC2 shows; without IPv4 where said so. */
const subnets = (...ipv6: readonly boolean[]) =>
  mock.on(DescribeSubnetsCommand).resolves({
    Subnets: ipv6.map((Ipv6Native, index) => ({
      SubnetId: [FIRST, SECOND][index]!,
      VpcId: 'vpc-0123456789abcdef0',
      AvailabilityZone: 'us-east-1a',
      State: 'available',
      Ipv6Native,
      ...(Ipv6Native ? {} : { CidrBlock: '10.0.0.0/24' }),
    })),
  });

beforeEach(() => {
  mock.reset();
  mock.on(DescribeImagesCommand).resolves({ Images: [{ ImageId: IMAGE, State: 'available' }] });
  mock.on(DescribeInstanceTypesCommand).resolves({ InstanceTypes: SHOWN as never });
  mock.on(DescribeAvailabilityZonesCommand).resolves({ AvailabilityZones: [{ ZoneName: 'us-east-1a' }] });
  mock.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [] });
  mock.on(RunInstancesCommand).resolves({ Instances: [instance()] });
});

describe('CPU credits', () => {
  test.each([
    ['t2.micro', {}, { CpuCredits: 'standard' }],
    ['t3.micro', {}, { CpuCredits: 'standard' }],
    ['t4g.small', { cpuCredits: 'unlimited' }, { CpuCredits: 'unlimited' }],
    ['m5.large', { cpuCredits: 'unlimited' }, undefined],
    ['c7i.large', {}, undefined],
  ])('of a machine of the type %s are those of the settings, if the type has any', async (type, change, credits) => {
    await kindWith(change).create!(computeDraft({ mixins: [mixinOf(typeMixinId(type))] }), 'token');
    expect(launched()[0]).toMatchObject({ InstanceType: type });
    expect(launched()[0]?.CreditSpecification).toEqual(credits);
  });

  const stopped = (InstanceType: string) =>
    mock.on(DescribeInstancesCommand).resolves({
      Reservations: [{ Instances: [instance({ InstanceType: InstanceType as never, State: { Name: 'stopped' } })] }],
    });
  const to = (type: string) => changeOf({ addMixins: [mixinOf(typeMixinId(type))] });
  const set = () =>
    mock
      .commandCalls(ModifyInstanceCreditSpecificationCommand)
      .map(({ args }) => args[0].input.InstanceCreditSpecifications);
  const types = () => mock.commandCalls(ModifyInstanceAttributeCommand).map(({ args }) => args[0].input.InstanceType);

  test('are set when a machine gets a burstable type, which would have unlimited ones, and not with others', async () => {
    stopped('m5.large');
    mock.on(ModifyInstanceAttributeCommand).resolves({});
    mock.on(ModifyInstanceCreditSpecificationCommand).resolves({ UnsuccessfulInstanceCreditSpecifications: [] });
    await kindWith().update!(ID, to('c7i.large'));
    expect(set()).toEqual([]);
    await kindWith().update!(ID, to('t3.micro'));
    expect(set()).toEqual([[{ InstanceId: ID, CpuCredits: 'standard' }]]);
    expect(types()).toEqual([{ Value: 'c7i.large' }, { Value: 't3.micro' }]);
  });

  test.each([
    ['in the answer', () => ({ UnsuccessfulInstanceCreditSpecifications: [{ Error: { Code: 'x' as never } }] })],
    [
      'as an error',
      () => {
        throw refusedWith('UnauthorizedOperation', 'x', 403);
      },
    ],
  ])('that cannot be set leave the machine as it was: refused %s', async (_, answer) => {
    stopped('m5.large');
    mock.on(ModifyInstanceAttributeCommand).resolves({});
    mock.on(ModifyInstanceCreditSpecificationCommand).callsFake(answer);
    await expect(kindWith().update!(ID, to('t3.micro'))).rejects.toThrow();
    expect(types()).toEqual([{ Value: 't3.micro' }, { Value: 'm5.large' }]);
  });

  test('that cannot be set, and the size not be taken back, are said to be missing', async () => {
    stopped('m5.large');
    mock.on(ModifyInstanceAttributeCommand).resolvesOnce({}).rejects(refusedWith('IncorrectInstanceState'));
    mock.on(ModifyInstanceCreditSpecificationCommand).rejects(refusedWith('UnauthorizedOperation', 'x', 403));
    const message = await fails(kindWith().update!(ID, to('t3.micro')), 'conflict');
    expect(message).toContain('not its CPU credits');
  });
});

describe('A machine in a network without IPv4', () => {
  const inNetworks = (...ids: readonly string[]) => computeDraft({ links: ids.map((id) => linkTo('network', id)) });
  const published = { published: { networks: [FIRST, SECOND] } };

  test('reaches its metadata over IPv6 and gets an address', async () => {
    subnets(true);
    await kindWith(published).create!(inNetworks(FIRST), 'token');
    expect(launched()[0]).toMatchObject({
      MetadataOptions: { HttpTokens: 'required', HttpProtocolIpv6: 'enabled' },
      NetworkInterfaces: [{ SubnetId: FIRST, Ipv6AddressCount: 1 }],
    });
  });

  test('does so too where the settings name the network', async () => {
    subnets(true);
    await kindWith({ subnet: FIRST }).create!(computeDraft(), 'token');
    expect(launched()[0]).toMatchObject({
      MetadataOptions: { HttpTokens: 'required', HttpProtocolIpv6: 'enabled' },
      SubnetId: FIRST,
      Ipv6AddressCount: 1,
    });
  });

  test('shows its address', async () => {
    const nic = {
      NetworkInterfaceId: 'eni-00000000000000001',
      SubnetId: FIRST,
      Ipv6Addresses: [{ Ipv6Address: '2001:db8::7' }],
      Attachment: { AttachmentId: 'eni-attach-00000000000000001', DeviceIndex: 0, Status: 'attached' as const },
    };
    mock.on(DescribeInstancesCommand).resolves({
      Reservations: [{ Instances: [instance({ State: { Name: 'running' }, NetworkInterfaces: [nic] })] }],
    });
    const { links } = await kindWith().get(ID);
    expect(links?.[0]?.attributes).toMatchObject({ 'occi.networkinterface.address': '2001:db8::7' });
  });

  test.each([
    ['linked', published, () => inNetworks(FIRST)],
    ['of the settings', { subnet: FIRST }, () => computeDraft()],
  ])('is none where the network that is %s has IPv4', async (_, change, draft) => {
    subnets(false);
    await kindWith(change).create!(draft(), 'token');
    expect(launched()[0]?.MetadataOptions).toEqual({ HttpTokens: 'required' });
    expect(launched()[0]).not.toHaveProperty('Ipv6AddressCount');
  });

  test('several networks, or one, ask for no public address: EC2 refuses it for several', async () => {
    subnets(false, false);
    await kindWith(published).create!(inNetworks(FIRST, SECOND), 'token');
    const [sent] = launched();
    expect(sent?.NetworkInterfaces).toHaveLength(2);
    for (const one of sent!.NetworkInterfaces!) expect(one).not.toHaveProperty('AssociatePublicIpAddress');
  });
});

describe('Images that their owner has deprecated', () => {
  const asked = () => mock.commandCalls(DescribeImagesCommand).map(({ args }) => args[0].input);

  test('are offered where the settings name them, and not where they name their owner', async () => {
    mock.on(DescribeImagesCommand).callsFake(({ IncludeDeprecated = false }) => ({
      Images: IncludeDeprecated ? [{ ImageId: IMAGE, State: 'available' }] : [],
    }));
    const images = { default: IMAGE, owners: ['136693071363'], filters: { name: ['debian-*'] } };
    const { mixins, defaultOsTemplate } = await readCatalogue(cloudOf({ images }));
    expect(mixins.map(typeId)).toContain(imageMixinId(IMAGE));
    expect(defaultOsTemplate).toBe(imageMixinId(IMAGE));
    for (const { Owners, IncludeDeprecated } of asked()) expect(IncludeDeprecated ?? false).toBe(Owners === undefined);
  });

  test('are offered too where another image is gone', async () => {
    mock.on(DescribeImagesCommand).callsFake(({ ImageIds, Filters, IncludeDeprecated = false }) => {
      if (ImageIds) throw refusedWith('InvalidAMIID.NotFound');
      const isById = Filters?.some(({ Name }: { Name: string }) => Name === 'image-id');
      return { Images: isById && IncludeDeprecated ? [{ ImageId: IMAGE, State: 'available' }] : [] };
    });
    const images = { ids: [IMAGE, 'ami-00000000000000fff'] };
    expect((await readCatalogue(cloudOf({ images }))).mixins.map(typeId)).toContain(imageMixinId(IMAGE));
  });
});

test('A machine that cannot be resized for its state is not asked for credits', async () => {
  mock.on(DescribeInstancesCommand).resolves({
    Reservations: [{ Instances: [instance({ InstanceType: 'm5.large', State: { Name: 'running' } })] }],
  });
  const change = changeOf({ addMixins: [mixinOf(typeMixinId('t3.micro'))] });
  expect(await fails(kindWith().update!(ID, change), 'conflict')).toContain('stop it first');
});
