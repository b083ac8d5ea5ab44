/** Computes on bad days and in accounts that others work in: what no emulator of EC2 does. */
import {
  DeleteKeyPairCommand,
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  ImportKeyPairCommand,
  type Instance,
  RunInstancesCommand,
  type SecurityGroup,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { clientToken } from '../../../../adapters/ec2/cloud.ts';
import { compute } from '../../../../adapters/ec2/compute/compute.ts';
import { typeMixinId } from '../../../../adapters/ec2/mixins.ts';
import type { Native } from '../../../../lib/adapter/contract.ts';
import { OcciError } from '../../../../lib/errors.ts';
import { CRTP_TEMPLATES, MIXINS } from '../../../../lib/occi/mixins/index.ts';
import { type Attributes, typeId } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import {
  changeOf,
  computeDraft,
  DATA,
  KEY,
  linkTo,
  mixinOf,
  OPENSTACK_DATA,
  OPENSTACK_KEY,
  publicKey,
} from '../compute-drafts.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const mock = mocked();

const TYPES = [
  { InstanceType: 't3.micro' as const, VCpuInfo: { DefaultVCpus: 2 }, MemoryInfo: { SizeInMiB: 1024 } },
  {
    InstanceType: 'm5d.large' as const,
    VCpuInfo: { DefaultVCpus: 2 },
    MemoryInfo: { SizeInMiB: 8192 },
    InstanceStorageInfo: { TotalSizeInGB: 75 },
    ProcessorInfo: { SupportedArchitectures: ['x86_64' as const] },
  },
];
let images = 0;
/** A process remembers images: each case has one of its own. */
const newImage = () => `ami-${String(++images).padStart(17, '0')}`;

const instance = (change: Partial<Instance> = {}): Instance => ({
  InstanceId: 'i-0123456789abcdef0',
  InstanceType: 't3.micro',
  State: { Name: 'pending' },
  Tags: [{ Key: 'occi:tenant', Value: cloudOf().account.tenant }],
  ...change,
});

const answers = (...all: readonly Instance[]) => ({ Reservations: all.map((one) => ({ Instances: [one] })) });
const settingsOf = (change: Readonly<Record<string, unknown>> = {}) => ({
  images: { default: newImage() },
  attempts: 1,
  ...change,
});
const adapterOf = (change?: Readonly<Record<string, unknown>>) => compute(cloudOf(settingsOf(change)));
const callsTo = (name: 'RunInstances' | 'ImportKeyPair' | 'DeleteKeyPair') =>
  mock
    .commandCalls(
      { RunInstances: RunInstancesCommand, ImportKeyPair: ImportKeyPairCommand, DeleteKeyPair: DeleteKeyPairCommand }[
        name
      ] as never,
    )
    .map((call) => call.args[0].input as never as Record<string, unknown>);

/** The tenant's own group, as an earlier launch has left it. */
const PRESET = {
  GroupId: 'sg-0123456789abcdef0',
  GroupName: 'occi-0123456789abcdef',
  Tags: [{ Key: 'occi:tenant', Value: cloudOf().account.tenant }],
};

beforeEach(() => {
  mock.reset();
  mock.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [PRESET] });
  mock.on(DescribeInstanceTypesCommand).resolves({ InstanceTypes: TYPES });
  mock.on(DescribeImagesCommand).resolves({
    Images: [{ Architecture: 'x86_64', RootDeviceName: '/dev/xvda', RootDeviceType: 'ebs' }],
  });
  mock.on(RunInstancesCommand).resolves({ Instances: [instance()] });
  mock.on(DescribeInstancesCommand).resolves({});
  mock.on(ImportKeyPairCommand).resolves({});
  mock.on(DeleteKeyPairCommand).resolves({});
});

const refusal = (promise: Promise<unknown>): Promise<OcciError> =>
  promise.then(
    () => {
      throw new Error('nothing was refused');
    },
    (error) => {
      expect(error).toBeInstanceOf(OcciError);
      return error as OcciError;
    },
  );

describe('A launch that EC2 refuses', () => {
  test.each([
    ['InsufficientInstanceCapacity', 'We have no t3.micro in us-east-1a.', 'unavailable', /capacity/],
    ['VcpuLimitExceeded', 'You have requested more vCPU capacity.', 'conflict', /as many as it may/],
    ['InstanceLimitExceeded', 'You have 20.', 'conflict', /as many as it may/],
    ['InvalidAMIID.NotFound', 'The image id [ami-1] does not exist', 'invalid', /OS template/],
    ['InvalidAMIID.Unavailable', 'The AMI is pending', 'invalid', /OS template/],
    ['InvalidParameterValue', "Invalid value 't9.nano' for InstanceType.", 'invalid', /resource_tpl/],
    ['InvalidInstanceType.NotFound', 'no such type', 'invalid', /resource_tpl/],
    ['InvalidParameterValue', "The architecture 'i386' does not match", 'invalid', /os_tpl/],
    ['InvalidParameterValue', 'User data is limited to 16384 bytes', 'invalid', /occi\.compute\.userdata/],
    ['InvalidParameterValue', 'Subnet does not exist in the availability zone', 'conflict', /availability zone/],
    [
      'InvalidParameter',
      'Security group sg-1 and subnet subnet-1 belong to different networks.',
      'conflict',
      /securitygroup.*VPC/,
    ],
    ['InvalidParameterValue', 'Address 10.0.0.300 is bad', 'invalid', /occi\.networkinterface\.address/],
    [
      'InvalidParameterCombination',
      'Hibernation is not supported for this type.',
      'conflict',
      /suspended.*resource_tpl/,
    ],
    ['UnsupportedHibernationConfiguration', 'Root volume too small', 'conflict', /suspended.*resource_tpl/],
    ['InvalidParameterValue', 'Something else', 'invalid', /compute/],
    ['InvalidSubnetID.NotFound', 'The subnet ID does not exist', 'invalid', /network/],
    ['MagicHappened', 'arn:aws:iam::123456789012:role/x', 'internal', /reason/],
  ] as const)('for %s (%s) is translated into OCCI terms', async (code, sentence, failure, message) => {
    mock.on(RunInstancesCommand).rejects(refusedWith(code, sentence));
    const error = await refusal(adapterOf().create!(computeDraft(), 'token'));
    expect(error).toMatchObject({ failure, unknownOutcome: false, message: expect.stringMatching(message) });
    expect(error.message).not.toMatch(/ami-|arn:|t9\.nano|10\.0\.0|\d{12}/);
  });

  test('because of missing rights hides the encoded message from the client and logs it', async () => {
    const sentence = 'You are not authorized. Encoded authorization failure message: s3cr3tc0de';
    mock.on(RunInstancesCommand).rejects(refusedWith('UnauthorizedOperation', sentence, 403));
    const error = await refusal(adapterOf().create!(computeDraft(), 'token'));
    expect(error).toMatchObject({ failure: 'forbidden', cause: { sentence } });
    expect(error.message + JSON.stringify(error.headers)).not.toContain('s3cr3tc0de');
  });

  test('because there are too many calls may be sent again, and nothing was made', async () => {
    mock.on(RunInstancesCommand).rejects(refusedWith('RequestLimitExceeded', 'Request limit exceeded.', 503));
    const error = await refusal(adapterOf().create!(computeDraft(), 'token'));
    expect(error).toMatchObject({ failure: 'unavailable', unknownOutcome: false });
    expect(error.headers).toHaveProperty('Retry-After');
  });

  test('is not remembered: the same token may be sent again', async () => {
    const kind = adapterOf();
    mock
      .on(RunInstancesCommand)
      .rejectsOnce(refusedWith('InsufficientInstanceCapacity'))
      .resolves({ Instances: [instance()] });
    await fails(kind.create!(computeDraft(), 'token'), 'unavailable');
    expect((await kind.create!(computeDraft(), 'token')).id).toBe('i-0123456789abcdef0');
    expect((await kind.create!(computeDraft(), 'other')).id).toBe('i-0123456789abcdef0');
    expect(callsTo('RunInstances').map(({ ClientToken }) => ClientToken)).toEqual(['token', 'token', 'other']);
  });
});

describe('A token', () => {
  test('whose machine was taken back makes another one, the same in every process', async () => {
    const taken = new Set<unknown>();
    mock.on(RunInstancesCommand).callsFake(({ ClientToken }) => {
      const isFirst = taken.has(ClientToken) || taken.size < 2;
      taken.add(ClientToken);
      const gone = taken.size === 1 ? 'terminated' : 'shutting-down';
      return {
        Instances: [isFirst ? instance({ State: { Name: gone } }) : instance({ InstanceId: 'i-0fedcba9876543210' })],
      };
    });
    expect((await adapterOf().create!(computeDraft(), 'token')).id).toBe('i-0fedcba9876543210');
    const sent = callsTo('RunInstances').map(({ ClientToken }) => String(ClientToken));
    expect(sent[0]).toBe('token');
    expect(new Set(sent).size).toBe(3);
    for (const one of sent) expect(one).toMatch(/^[\x21-\x7e]{1,64}$/);
    mock.on(RunInstancesCommand).resolves({ Instances: [instance({ State: { Name: 'terminated' } })] });
    await refusal(adapterOf().create!(computeDraft(), 'token'));
    const again = callsTo('RunInstances').map(({ ClientToken }) => String(ClientToken));
    expect(again.slice(3, 6)).toEqual(sent);
  });

  test('whose machine EC2 says is terminated goes on with the next of its row', async () => {
    mock
      .on(RunInstancesCommand)
      .rejectsOnce(refusedWith('IdempotentInstanceTerminated', 'The instance i-0123456789abcdef0 is terminated.'))
      .resolves({ Instances: [instance({ InstanceId: 'i-0fedcba9876543210' })] });
    expect((await adapterOf().create!(computeDraft(), 'token')).id).toBe('i-0fedcba9876543210');
    const sent = callsTo('RunInstances').map(({ ClientToken }) => ClientToken);
    expect(sent).toEqual([clientToken('token'), clientToken('token 1')]);
  });

  test.each<[string, () => void]>([
    [
      'whose machines are shown as terminated',
      () => mock.on(RunInstancesCommand).resolves({ Instances: [instance({ State: { Name: 'terminated' } })] }),
    ],
    [
      'that is refused for machines that are terminated',
      () => mock.on(RunInstancesCommand).rejects(refusedWith('IdempotentInstanceTerminated')),
    ],
  ])('%s is not tried for ever', async (_what, answer) => {
    answer();
    await fails(adapterOf().create!(computeDraft(), 'token'), 'conflict');
    expect(new Set(callsTo('RunInstances').map(({ ClientToken }) => ClientToken)).size).toBe(5);
    expect(callsTo('RunInstances').length).toBeLessThanOrEqual(10);
  });

  test('that was sent with other parameters finds its machine, or is refused', async () => {
    mock.on(RunInstancesCommand).rejects(refusedWith('IdempotentParameterMismatch'));
    await fails(adapterOf().create!(computeDraft(), 'token'), 'conflict');
    mock.on(DescribeInstancesCommand).resolves(answers(instance({ State: { Name: 'running' } })));
    expect((await adapterOf().create!(computeDraft(), 'token')).id).toBe('i-0123456789abcdef0');
    mock.on(DescribeInstancesCommand).resolves(answers(instance({ State: { Name: 'shutting-down' } })));
    await fails(adapterOf().create!(computeDraft(), 'token'), 'conflict');
    expect(await adapterOf().findByToken!('token')).toBeUndefined();
  });

  test('is kept when the machine is there and cannot be shown', async () => {
    const Association = { PublicIp: '198.51.100.7', IpOwnerId: '123456789012' };
    const NetworkInterfaces = [{ NetworkInterfaceId: 'eni-0123456789abcdef0', Association }];
    mock.on(RunInstancesCommand).resolves({ Instances: [instance({ State: { Name: 'running' }, NetworkInterfaces })] });
    mock.on(DescribeAddressesCommand).rejects(refusedWith('UnauthorizedOperation', 'no', 403));
    const error = await refusal(adapterOf().create!(computeDraft(), 'token'));
    expect(error).toMatchObject({ failure: 'unavailable', unknownOutcome: true });
  });

  test('of an answer that makes no sense is kept', async () => {
    mock.on(RunInstancesCommand).resolves({ Instances: [] });
    const error = await refusal(adapterOf().create!(computeDraft(), 'token'));
    expect(error).toMatchObject({ failure: 'unavailable', unknownOutcome: true });
  });
});

describe('A key of a launch', () => {
  const withKey = (attributes: Readonly<Record<string, string>> = { [KEY]: publicKey() }) =>
    computeDraft({ attributes, mixins: [MIXINS.ssh_key] });

  test('goes with a launch that is refused, and stays while its outcome is not known', async () => {
    mock.on(RunInstancesCommand).rejects(refusedWith('InsufficientInstanceCapacity'));
    await fails(adapterOf().create!(withKey(), 'token'), 'unavailable');
    expect(callsTo('DeleteKeyPair')).toHaveLength(1);
    mock.on(RunInstancesCommand).rejects(Object.assign(new Error('cut'), { name: 'TimeoutError' }));
    await fails(adapterOf().create!(withKey(), 'token'), 'timedOut');
    expect(callsTo('DeleteKeyPair')).toHaveLength(1);
  });

  test('that EC2 does not see yet is waited for, and left for the next attempt', async () => {
    mock
      .on(RunInstancesCommand)
      .rejectsOnce(refusedWith('InvalidKeyPair.NotFound'))
      .rejectsOnce(refusedWith('InvalidKeyPair.NotFound'))
      .resolves({ Instances: [instance()] });
    expect((await adapterOf().create!(withKey(), 'token')).id).toBe('i-0123456789abcdef0');
    expect(callsTo('ImportKeyPair')).toHaveLength(2);
    expect(callsTo('RunInstances')).toHaveLength(3);
    mock.on(RunInstancesCommand).rejects(refusedWith('InvalidKeyPair.NotFound'));
    const hurried = compute({ ...cloudOf(settingsOf()), deadline: Date.now() + 2500 });
    const error = await refusal(hurried.create!(withKey(), 'token'));
    expect(error).toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining('key'),
      headers: { 'Retry-After': expect.stringMatching(/^\d+$/) },
    });
    expect(callsTo('DeleteKeyPair')).toEqual([]);
  });

  test('is not waited for when the time of the request is nearly over', async () => {
    mock.on(RunInstancesCommand).rejects(refusedWith('InvalidKeyPair.NotFound'));
    const hurried = compute({ ...cloudOf(settingsOf()), deadline: Date.now() + 2000 });
    await fails(hurried.create!(withKey(), 'token'), 'unavailable');
    expect(callsTo('RunInstances')).toHaveLength(2);
  });

  test('that EC2 refuses is named by the attribute that it came in', async () => {
    mock.on(ImportKeyPairCommand).rejects(refusedWith('InvalidKey.Format'));
    for (const name of [KEY, OPENSTACK_KEY]) {
      expect(await fails(adapterOf().create!(withKey({ [name]: publicKey() }), 'token'), 'invalid')).toContain(name);
    }
    mock.on(ImportKeyPairCommand).rejects(refusedWith('UnauthorizedOperation', 'no', 403));
    await fails(adapterOf().create!(withKey(), 'token'), 'forbidden');
    expect(callsTo('RunInstances')).toEqual([]);
  });

  test('and user data may come twice only when they are the same', async () => {
    const data = Buffer.from('#!/bin/sh').toString('base64');
    const same = {
      [KEY]: publicKey(),
      [OPENSTACK_KEY]: publicKey(1, 'ssh-ed25519', 'x'),
      [DATA]: '#!/bin/sh',
      [OPENSTACK_DATA]: data,
    };
    await adapterOf().create!(withKey(same), 'token');
    expect(callsTo('RunInstances')[0]).toMatchObject({ UserData: data });
    await fails(adapterOf().create!(withKey({ ...same, [OPENSTACK_KEY]: publicKey(2) }), 'token'), 'conflict');
    await fails(adapterOf().create!(withKey({ ...same, [DATA]: '#!/bin/bash' }), 'token'), 'conflict');
    expect(callsTo('RunInstances')).toHaveLength(1);
  });
});

describe('A root volume', () => {
  test('is encrypted at the place that the image has it', async () => {
    await adapterOf().create!(computeDraft(), 'token');
    expect(callsTo('RunInstances')[0]).toMatchObject({
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }],
    });
  });

  test('is left alone where the settings say nothing of it, or the image has none', async () => {
    await adapterOf({ encrypted: false }).create!(computeDraft(), 'token');
    mock
      .on(DescribeImagesCommand)
      .resolves({ Images: [{ RootDeviceName: '/dev/sda1', RootDeviceType: 'instance-store' }] });
    await adapterOf().create!(computeDraft(), 'token');
    for (const sent of callsTo('RunInstances')) expect(sent).not.toHaveProperty('BlockDeviceMappings');
  });

  test('has room for the memory of a machine that hibernates', async () => {
    const BlockDeviceMappings = [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } }];
    mock.on(DescribeImagesCommand).resolves({ Images: [{ RootDeviceName: '/dev/xvda', BlockDeviceMappings }] });
    const change = { hibernation: true, encrypted: false, types: ['m5d.large'] };
    const mixins = [mixinOf(typeMixinId('m5d.large'))];
    await adapterOf(change).create!(computeDraft({ mixins }), 'token');
    expect(callsTo('RunInstances')[0]).toMatchObject({
      HibernationOptions: { Configured: true },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeSize: 16 } }],
    });
  });

  test('of an image that is gone is no reason to launch', async () => {
    mock.on(DescribeImagesCommand).resolves({ Images: [] });
    expect(await fails(adapterOf().create!(computeDraft(), 'token'), 'invalid')).toContain('OS template');
    mock.on(DescribeImagesCommand).rejects(refusedWith('InvalidAMIID.NotFound', 'The image id [ami-1] does not exist'));
    expect(await fails(adapterOf().create!(computeDraft(), 'token'), 'invalid')).toContain('OS template');
  });
});

describe('The other disks of an image', () => {
  const data = (DeviceName: string) => ({ DeviceName, Ebs: { VolumeSize: 20, DeleteOnTermination: false } });
  const withDisks = () =>
    mock.on(DescribeImagesCommand).resolves({
      Images: [
        {
          RootDeviceName: '/dev/xvda',
          RootDeviceType: 'ebs',
          BlockDeviceMappings: [
            { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8 } },
            data('/dev/sdf'),
            { DeviceName: '/dev/sdg', VirtualName: 'ephemeral0' },
          ],
        },
      ],
    });

  test('are encrypted as its root is, and go with the machine', async () => {
    withDisks();
    await adapterOf().create!(computeDraft(), 'token');
    await adapterOf({ encrypted: false }).create!(computeDraft(), 'token');
    const [encrypted, plain] = callsTo('RunInstances').map((input) => input.BlockDeviceMappings);
    expect(encrypted).toEqual([
      { DeviceName: '/dev/xvda', Ebs: { Encrypted: true, DeleteOnTermination: true, VolumeSize: 8 } },
      { DeviceName: '/dev/sdf', Ebs: { Encrypted: true, DeleteOnTermination: true, VolumeSize: 20 } },
    ]);
    expect(plain).toEqual([{ DeviceName: '/dev/sdf', Ebs: { DeleteOnTermination: true, VolumeSize: 20 } }]);
  });

  test('have the key of the settings, as its root has', async () => {
    withDisks();
    await adapterOf({ volumeKey: 'alias/volumes' }).create!(computeDraft(), 'token');
    const [{ BlockDeviceMappings } = {}] = callsTo('RunInstances');
    const Ebs = { Encrypted: true, KmsKeyId: 'alias/volumes', DeleteOnTermination: true };
    expect(BlockDeviceMappings).toEqual([
      { DeviceName: '/dev/xvda', Ebs: { ...Ebs, VolumeSize: 8 } },
      { DeviceName: '/dev/sdf', Ebs: { ...Ebs, VolumeSize: 20 } },
    ]);
  });

  test('have their devices: storage gets others', async () => {
    withDisks();
    const volume = (VolumeId: string) => ({
      VolumeId,
      Size: 1,
      State: 'available' as const,
      AvailabilityZone: 'us-east-1a',
      Tags: PRESET.Tags,
    });
    mock.on(DescribeVolumesCommand).resolves({ Volumes: [volume('vol-0123456789abcdef0')] });
    const links = (attributes: Attributes = {}) => [linkTo('storage', 'vol-0123456789abcdef0', attributes)];
    await adapterOf().create!(computeDraft({ links: links() }), 'token');
    const [{ Tags }] = callsTo('RunInstances')[0]!.TagSpecifications as [{ Tags: { Key: string; Value: string }[] }];
    expect(Tags.find(({ Key }) => Key.startsWith('occi:link:'))?.Value).toMatch(/^sdh\b/);
    const taken = links({ 'occi.storagelink.deviceid': '/dev/sdf' });
    expect(await fails(adapterOf().create!(computeDraft({ links: taken }), 'token'), 'conflict')).toContain('/dev/sdf');
  });
});

describe('Links of a launch', () => {
  test('that are more than a machine has tags are refused before anything is made', async () => {
    const ids = Array.from({ length: 48 }, (_, at) => `vol-${String(at).padStart(17, '0')}`);
    mock.on(DescribeVolumesCommand).resolves({
      Volumes: ids.map((VolumeId) => ({
        VolumeId,
        Size: 1,
        State: 'available' as const,
        AvailabilityZone: 'us-east-1a',
        Tags: PRESET.Tags,
      })),
    });
    const links = ids.map((id) => linkTo('storage', id));
    const attributes = { 'occi.core.title': 'many' };
    const sentence = await fails(adapterOf().create!(computeDraft({ attributes, links }), 'token'), 'conflict');
    expect(sentence).toMatch(/at most 47 .*48/);
    expect(callsTo('RunInstances')).toEqual([]);
    await adapterOf().create!(computeDraft({ attributes, links: links.slice(1) }), 'token');
    const [{ Tags }] = callsTo('RunInstances')[0]!.TagSpecifications as [{ Tags: unknown[] }];
    expect(Tags).toHaveLength(50);
  });
});

describe('The groups of a launch', () => {
  const [SUBNET, VPC, ELSEWHERE] = ['subnet-0123456789abcdef0', 'vpc-0123456789abcdef0', 'vpc-0fedcba9876543210'];
  const LINKED = 'sg-0fedcba9876543210';
  const groups = (...all: readonly SecurityGroup[]) =>
    mock.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [...all] });
  const sent = () => callsTo('RunInstances').at(-1)!.SecurityGroupIds;
  const inSubnet = (vpc = VPC) =>
    mock.on(DescribeSubnetsCommand).resolves({
      Subnets: [{ SubnetId: SUBNET, VpcId: vpc, AvailabilityZone: 'us-east-1a', State: 'available' }],
    });

  test('are never the default of EC2 where others are in the account', async () => {
    inSubnet();
    const kind = adapterOf({ subnet: SUBNET });
    await kind.create!(computeDraft(), 'one');
    expect(sent()).toEqual([PRESET.GroupId]);
    const asked = mock.commandCalls(DescribeSecurityGroupsCommand).length;
    await kind.create!(computeDraft(), 'two');
    expect(sent()).toEqual([PRESET.GroupId]);
    expect(mock.commandCalls(DescribeSecurityGroupsCommand)).toHaveLength(asked);
    await adapterOf({ tenancy: 'single' }).create!(computeDraft(), 'three');
    expect(sent()).toBeUndefined();
  });

  test('are the one of the settings in its VPC', async () => {
    inSubnet();
    groups({ ...PRESET, GroupId: LINKED, GroupName: 'all of us', VpcId: VPC, Tags: [] });
    for (const tenancy of ['shared', 'single']) {
      await adapterOf({ subnet: SUBNET, securityGroup: LINKED, tenancy }).create!(computeDraft(), 'token');
      expect(sent()).toEqual([LINKED]);
    }
    inSubnet(ELSEWHERE);
    mock.on(DescribeSecurityGroupsCommand).callsFake(({ Filters }) => ({
      SecurityGroups: [
        Filters?.[0]?.Name === 'group-id' ? { ...PRESET, GroupId: LINKED, GroupName: 'x', VpcId: VPC } : PRESET,
      ],
    }));
    await adapterOf({ subnet: SUBNET, securityGroup: LINKED }).create!(computeDraft(), 'token');
    expect(sent()).toEqual([PRESET.GroupId]);
  });

  test('of the settings are published', () => {
    const published = { securityGroups: [PRESET.GroupId] };
    expect(cloudOf({ securityGroup: LINKED, published }).settings.published.securityGroups).toEqual([
      PRESET.GroupId,
      LINKED,
    ]);
  });

  test('are made again when the tenant has deleted them', async () => {
    const kind = adapterOf();
    await kind.create!(computeDraft(), 'one');
    mock.on(RunInstancesCommand).callsFake(({ SecurityGroupIds: [group] }) => {
      if (group !== LINKED) throw refusedWith('InvalidGroup.NotFound', `The security group '${group}' does not exist`);
      return { Instances: [instance()] };
    });
    groups({ ...PRESET, GroupId: LINKED });
    await kind.create!(computeDraft(), 'two');
    expect(sent()).toEqual([LINKED]);
    mock.on(RunInstancesCommand).rejects(refusedWith('InvalidGroup.NotFound'));
    const error = await refusal(kind.create!(computeDraft(), 'three'));
    expect(error).toMatchObject({ failure: 'unavailable', headers: { 'Retry-After': expect.anything() } });
  });

  test('of another VPC than the network are named as such', async () => {
    inSubnet();
    groups({ ...PRESET, GroupId: LINKED, VpcId: ELSEWHERE });
    const links = [linkTo('securitygroup', LINKED)];
    for (const draft of [{ links: [linkTo('network', SUBNET), ...links] }, { links }]) {
      const kind = adapterOf({ subnet: SUBNET });
      expect(await fails(kind.create!(computeDraft(draft), 'token'), 'conflict')).toMatch(/securitygroup.*VPC/);
    }
    groups({ ...PRESET, GroupId: LINKED, VpcId: VPC });
    await adapterOf({ subnet: SUBNET }).create!(computeDraft({ links }), 'token');
    expect(sent()).toEqual([LINKED]);
  });
});

describe('A type that the region does not have', () => {
  test('is not asked for at every create', async () => {
    const change = { types: ['t3.micro', 'x9.large'], defaultType: 'x9.large' };
    const { types } = cloudOf();
    const kind = () => compute({ ...cloudOf(settingsOf(change)), types });
    const asked = () => mock.commandCalls(DescribeInstanceTypesCommand).length;
    for (const token of ['one', 'two', 'three']) await kind().create!(computeDraft(), token);
    expect(asked()).toBe(1);
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 601_000);
    await kind().create!(computeDraft(), 'four');
    clock.mockRestore();
    expect(asked()).toBe(2);
  });
});

describe('An instance', () => {
  const shown = async (
    change: Partial<Instance>,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<Native> => {
    mock.on(DescribeInstancesCommand).resolves(answers(instance({ State: { Name: 'running' }, ...change })));
    return adapterOf(settings).get('i-0123456789abcdef0');
  };

  test('that was launched outside OCCI is shown in an account with one tenant', async () => {
    const foreign = { Tags: [], Architecture: 'arm64' as const, InstanceType: 'm5d.large' as const };
    const native = await shown(foreign, { tenancy: 'single', types: ['m5d.large'] });
    expect(native.attributes).toEqual({
      'occi.compute.cores': 2,
      'occi.compute.memory': 8,
      // 75 GB are 69.8 GiB.
      'occi.compute.ephemeral_storage.size': 69,
      'occi.compute.state': 'active',
    });
    expect(native.mixins).toContain(typeMixinId('m5d.large'));
    await fails(shown(foreign), 'notFound');
    const theirs = { Tags: [{ Key: 'occi:tenant', Value: 'somebody' }] };
    await fails(shown(theirs, { tenancy: 'single' }), 'notFound');
  });

  test('of a type that is not offered has no size, and one of an unknown type no memory', async () => {
    const native = await shown({ InstanceType: 'u-24tb1.metal' });
    expect(native.attributes).toEqual({ 'occi.compute.state': 'active' });
    expect(native.mixins.filter((id) => id.includes('resource_tpl'))).toEqual([]);
    const unsized = await shown({}, { types: ['m5d.large'], sizes: { small: 'm5d.large' } });
    expect(unsized.attributes).not.toHaveProperty('occi.compute.ephemeral_storage.size');
    expect(unsized.attributes).toMatchObject({ 'occi.compute.cores': 2, 'occi.compute.memory': 1 });
  });

  test('has as many cores as it was launched with', async () => {
    const native = await shown({ CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 } });
    expect(native.attributes).toMatchObject({ 'occi.compute.cores': 1 });
  });

  test('is believed what it was made with, as far as that is known', async () => {
    const tagged = (Value: string) => shown({ Tags: [...instance().Tags!, { Key: 'occi:mixins', Value }] });
    const small = typeId(CRTP_TEMPLATES[0]);
    expect((await tagged('small ssh_key')).mixins).toEqual(expect.arrayContaining([small, typeId(MIXINS.ssh_key)]));
    // It has another type since, and users write tags themselves.
    expect((await tagged('mem_large http://example.org/x#y constructor')).mixins).toEqual((await shown({})).mixins);
  });

  test('says why it is in its state, on one line', async () => {
    const StateReason = { Code: 'Server.SpotInstanceTermination', Message: 'Because\nof\u0007that' };
    const native = await shown({ State: { Name: 'stopping' }, StateReason });
    expect(native.attributes).toMatchObject({
      'occi.compute.state': 'waiting',
      'occi.compute.state.message': 'Because of that',
    });
  });

  test('that is terminated is gone, from a listing too', async () => {
    await fails(shown({ State: { Name: 'terminated' } }), 'notFound');
    expect((await adapterOf().list({})).items).toEqual([]);
    mock
      .on(DescribeInstancesCommand)
      .rejects(refusedWith('InvalidInstanceID.NotFound', "The instance ID 'i-1' does not exist"));
    expect(await fails(adapterOf().get('i-0123456789abcdef0'), 'notFound')).not.toContain('i-');
  });
});

describe('A change', () => {
  const present = (change: Partial<Instance>) =>
    mock.on(DescribeInstancesCommand).resolves(answers(instance({ Architecture: 'x86_64', ...change })));

  test.each(['pending', 'running', 'stopping', 'shutting-down'] as const)(
    'of the size of a %s machine waits',
    async (Name) => {
      present({ State: { Name } });
      const change = changeOf({ addMixins: [mixinOf(typeMixinId('m5d.large'))] });
      const sentence = await fails(
        adapterOf({ types: ['t3.micro', 'm5d.large'] }).update!('i-0123456789abcdef0', change),
        'conflict',
      );
      expect(sentence).toMatch(/inactive.*(active|waiting)/);
    },
  );

  test('of the size of one that hibernates waits', async () => {
    present({ State: { Name: 'stopped' }, StateReason: { Code: 'Client.UserInitiatedHibernate' } });
    const change = changeOf({ set: { 'occi.compute.memory': 4 } });
    const kind = adapterOf({ types: ['t3.micro', 'm5d.large'] });
    expect(await fails(kind.update!('i-0123456789abcdef0', change), 'conflict')).toContain('suspended');
  });

  test('to a type of another architecture is refused', async () => {
    present({ State: { Name: 'stopped' }, Architecture: 'arm64' });
    const change = changeOf({ addMixins: [mixinOf(typeMixinId('m5d.large'))] });
    await fails(adapterOf({ types: ['m5d.large'] }).update!('i-0123456789abcdef0', change), 'conflict');
  });
});

describe('A delete', () => {
  test('is done though its key cannot be looked after', async () => {
    const KeyName = `occi-${'0'.repeat(64)}`;
    mock
      .on(DescribeInstancesCommand, { InstanceIds: ['i-0123456789abcdef0'] })
      .resolves(answers(instance({ KeyName })));
    mock.on(TerminateInstancesCommand).resolves({});
    for (const why of [refusedWith('RequestLimitExceeded', 'x', 503), refusedWith('UnauthorizedOperation', 'x', 403)]) {
      mock.on(DescribeInstancesCommand, { MaxResults: 5 }).rejects(why);
      await adapterOf().remove!('i-0123456789abcdef0');
    }
    mock.on(DescribeInstancesCommand, { MaxResults: 5 }).resolves({});
    mock.on(DeleteKeyPairCommand).rejects(refusedWith('UnauthorizedOperation', 'x', 403));
    await adapterOf().remove!('i-0123456789abcdef0');
    expect(callsTo('DeleteKeyPair').length).toBeGreaterThan(0);
    expect(mock.commandCalls(TerminateInstancesCommand)).toHaveLength(3);
  });

  test('takes the key before the machine, which EC2 may go on to show as running', async () => {
    const KeyName = `occi-${'0'.repeat(64)}`;
    mock.on(DescribeInstancesCommand).resolves(answers(instance({ KeyName, State: { Name: 'running' } })));
    mock.on(TerminateInstancesCommand).rejects(Object.assign(new Error('cut'), { name: 'TimeoutError' }));
    await fails(adapterOf().remove!('i-0123456789abcdef0'), 'timedOut');
    expect(callsTo('DeleteKeyPair')).toHaveLength(1);
  });

  test('leaves a key that others have, and looks again when the machine is on its way out', async () => {
    const KeyName = `occi-${'0'.repeat(64)}`;
    const both = [instance({ KeyName }), instance({ KeyName, InstanceId: 'i-0fedcba9876543210' })];
    mock.on(DescribeInstancesCommand).resolves(answers(both[0]!));
    mock.on(DescribeInstancesCommand, { MaxResults: 5 }).resolves(answers(...both));
    mock.on(TerminateInstancesCommand).resolves({});
    await adapterOf().remove!('i-0123456789abcdef0');
    expect(callsTo('DeleteKeyPair')).toEqual([]);
    // Both are deleted in one moment: the one that looks last takes the key along.
    mock.on(TerminateInstancesCommand).callsFake(() => {
      mock.on(DescribeInstancesCommand, { MaxResults: 5 }).resolves({});
      return {};
    });
    await adapterOf().remove!('i-0123456789abcdef0');
    expect(callsTo('DeleteKeyPair')).toHaveLength(1);
  });

  test('that is protected is a conflict, and of what vanished meanwhile 404', async () => {
    mock.on(DescribeInstancesCommand).resolves(answers(instance()));
    mock.on(TerminateInstancesCommand).rejects(refusedWith('OperationNotPermitted', 'i-1 may not be terminated'));
    expect(await fails(adapterOf().remove!('i-0123456789abcdef0'), 'conflict')).toContain('protected');
    mock.on(TerminateInstancesCommand).rejects(refusedWith('InvalidInstanceID.NotFound'));
    await fails(adapterOf().remove!('i-0123456789abcdef0'), 'notFound');
  });
});
