/** The proxy in front of moto: what is counted, what is idempotent, and what is not seen yet. */
import {
  CreateNetworkInterfaceCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  EC2Client,
  ImportKeyPairCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { publicKey } from '../../adapters/ec2/compute-drafts.ts';
import { SETTINGS } from '../../ec2-proxy/settings.ts';
import { startEc2 } from '../ec2.ts';
import { clientOf, created, instance, LAUNCH, launched, refused, ZONE } from './client.ts';

let ec2: Awaited<ReturnType<typeof startEc2>>;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  ec2 = await startEc2();
  client = clientOf(ec2.endpoint);
});
afterEach(() => void Object.assign(ec2.settings, SETTINGS));
afterAll(() => ec2.stop());

const run = (input: object) => client.send(new RunInstancesCommand({ ...LAUNCH, ...input }));
const idOf = async (answer: ReturnType<typeof run>) => (await answer).Instances![0]!.InstanceId!;

describe('ClientToken', () => {
  test('of 30 launches at once makes one instance, and later the same again', async () => {
    const before = ec2.calls('RunInstances');
    const ids = await Promise.all(Array.from({ length: 30 }, () => idOf(run({ ClientToken: 'thirty' }))));
    expect(new Set(ids).size).toBe(1);
    expect(await idOf(run({ ClientToken: 'thirty' }))).toBe(ids[0]);
    expect(ec2.calls('RunInstances') - before).toBe(31);
    const shown = await client.send(
      new DescribeInstancesCommand({ Filters: [{ Name: 'client-token', Values: ['thirty'] }] }),
    );
    expect(shown.Reservations!.flatMap(({ Instances }) => Instances!.map(({ InstanceId }) => InstanceId))).toEqual([
      ids[0],
    ]);
  });

  test('with other parameters is a mismatch; in another Region it is another', async () => {
    const id = await idOf(run({ ClientToken: 'other' }));
    const error = await refused(run({ ClientToken: 'other', InstanceType: 't3.small' }), 'IdempotentParameterMismatch');
    expect(error.$metadata.httpStatusCode).toBe(400);
    const elsewhere = await clientOf(ec2.endpoint, 'eu-west-1').send(
      new RunInstancesCommand({ ...LAUNCH, ClientToken: 'other' }),
    );
    expect(elsewhere.Instances![0]!.InstanceId).not.toBe(id);
  });

  test('of a launch that was refused may be used again', async () => {
    await refused(run({ ClientToken: 'again', InstanceType: 'x9.huge' }), 'InvalidParameterValue');
    expect(await idOf(run({ ClientToken: 'again' }))).toMatch(/^i-/);
  });

  test('goes for volumes and interfaces too', async () => {
    const volume = { AvailabilityZone: ZONE, Size: 1, ClientToken: 'both' };
    const [one, two] = await Promise.all([1, 2].map(() => client.send(new CreateVolumeCommand(volume))));
    expect(one!.VolumeId).toBe(two!.VolumeId);
    await refused(client.send(new CreateVolumeCommand({ ...volume, Size: 2 })), 'IdempotentParameterMismatch');
    const { Subnets } = await client.send(new DescribeSubnetsCommand({}));
    const nic = { SubnetId: Subnets![0]!.SubnetId!, ClientToken: 'both' };
    const made = await Promise.all([1, 2].map(() => client.send(new CreateNetworkInterfaceCommand(nic))));
    expect(new Set(made.map(({ NetworkInterface }) => NetworkInterface!.NetworkInterfaceId)).size).toBe(1);
  });
});

describe('what is new', () => {
  test('is invisible for a while, both by its id and in a listing', async () => {
    ec2.settings.unseen = 60_000;
    const { InstanceId: id } = await launched(client, { ClientToken: 'unseen' });
    const InstanceIds = [id!];
    await refused(client.send(new DescribeInstancesCommand({ InstanceIds })), 'InvalidInstanceID.NotFound');
    await refused(client.send(new StopInstancesCommand({ InstanceIds })), 'InvalidInstanceID.NotFound');
    await refused(client.send(new TerminateInstancesCommand({ InstanceIds })), 'InvalidInstanceID.NotFound');
    const tags = { Resources: InstanceIds, Tags: [{ Key: 'a', Value: 'b' }] };
    await refused(client.send(new CreateTagsCommand(tags)), 'InvalidInstanceID.NotFound');
    const filter = { Filters: [{ Name: 'client-token', Values: ['unseen'] }] };
    expect((await client.send(new DescribeInstancesCommand(filter))).Reservations).toEqual([]);
    expect(await idOf(run({ ClientToken: 'unseen' }))).toBe(id);
    ec2.later(60_000);
    expect((await instance(client, id!)).InstanceId).toBe(id);
    expect((await client.send(new DescribeInstancesCommand(filter))).Reservations).toHaveLength(1);
  });

  test('has a time of its own for each kind, and key pairs are hidden by their names', async () => {
    ec2.settings.unseen = { key: 60_000, vol: 60_000 };
    const PublicKeyMaterial = Buffer.from(publicKey(3));
    await client.send(new ImportKeyPairCommand({ KeyName: 'late', PublicKeyMaterial }));
    await refused(run({ KeyName: 'late' }), 'InvalidKeyPair.NotFound');
    await refused(
      client.send(new DescribeVolumesCommand({ VolumeIds: [await created(client)] })),
      'InvalidVolume.NotFound',
    );
    const id = await idOf(run({}));
    expect((await instance(client, id)).InstanceId).toBe(id);
    ec2.later(60_000);
    await run({ KeyName: 'late' });
  });

  test('goes for volumes too', async () => {
    ec2.settings.unseen = 60_000;
    const id = await created(client);
    await refused(client.send(new DescribeVolumesCommand({ VolumeIds: [id] })), 'InvalidVolume.NotFound');
    const { Volumes } = await client.send(new DescribeVolumesCommand({}));
    expect(Volumes!.map(({ VolumeId }) => VolumeId)).not.toContain(id);
  });
});

describe('the proxy', () => {
  test('counts calls by action, and knows what was in them', async () => {
    const before = [ec2.calls(), ec2.calls('CreateVolume')] as const;
    await created(client);
    expect([ec2.calls(), ec2.calls('CreateVolume')]).toEqual([before[0] + 1, before[1] + 1]);
    expect(ec2.actions().at(-1)).toBe('CreateVolume');
    expect(ec2.sent('CreateVolume').at(-1)).toMatchObject({ AvailabilityZone: ZONE, Size: '1', VolumeType: 'gp3' });
  });

  test('passes on what is not of EC2, and keeps the accounts of roles apart', async () => {
    const common = { endpoint: ec2.endpoint, region: 'us-east-1' };
    const own = { accessKeyId: 'a', secretAccessKey: 'b' };
    const sts = new STSClient({ ...common, credentials: own });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(ec2.account);
    const role = { RoleArn: 'arn:aws:iam::222222222222:role/occi', RoleSessionName: 'occi' };
    const before = ec2.calls();
    const { Credentials } = await sts.send(new AssumeRoleCommand(role));
    expect(ec2.calls()).toBe(before);
    const credentials = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
    const theirs = new EC2Client({ ...common, credentials });
    const id = await idOf(run({ ClientToken: 'shared' }));
    const other = await theirs.send(new RunInstancesCommand({ ...LAUNCH, ClientToken: 'shared' }));
    expect(other.Instances![0]!.InstanceId).not.toBe(id);
    const { Reservations } = await theirs.send(new DescribeInstancesCommand({}));
    expect(Reservations!.map(({ OwnerId }) => OwnerId)).toEqual(['222222222222']);
    await refused(theirs.send(new DescribeInstancesCommand({ InstanceIds: [id] })), 'InvalidInstanceID.NotFound');
  });
});
