/** What a launch behind the proxy makes, and what EC2 refuses of it. */
import { CreateTagsCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startEc2 } from '../ec2.ts';
import { clientOf, instance, LAUNCH, launched, refused } from './client.ts';

let ec2: Awaited<ReturnType<typeof startEc2>>;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  ec2 = await startEc2();
  client = clientOf(ec2.endpoint);
});
afterAll(() => ec2.stop());

const launch = async (input = {}) => (await launched(client, input)).InstanceId!;

describe('a launch', () => {
  test('makes as many as it can, tells of them as pending, and gives them what EC2 does', async () => {
    const { Instances } = await client.send(new RunInstancesCommand({ ...LAUNCH, MaxCount: 2 }));
    expect(Instances!.map(({ State }) => State!.Name)).toEqual(['pending', 'pending']);
    const shown = await instance(client, Instances![0]!.InstanceId!);
    expect(shown).toMatchObject({
      State: { Name: 'running', Code: 16 },
      HibernationOptions: { Configured: false },
    });
    expect(shown.StateReason).toBeUndefined();
    expect(shown.SecurityGroups).toEqual(shown.NetworkInterfaces![0]!.Groups);
    expect(shown.SecurityGroups).toHaveLength(1);
    expect(shown.NetworkInterfaces![0]).toMatchObject({
      Attachment: { DeviceIndex: 0, DeleteOnTermination: true },
      Association: { IpOwnerId: 'amazon' },
    });
    expect(shown.BlockDeviceMappings).toHaveLength(1);
    expect(shown.BlockDeviceMappings![0]).toMatchObject({
      DeviceName: shown.RootDeviceName,
      Ebs: { DeleteOnTermination: true },
    });
  });

  test('has the root volume of its image beside the volumes that it asks for', async () => {
    const id = await launch({ BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 3 } }] });
    const { BlockDeviceMappings, RootDeviceName } = await instance(client, id);
    expect(BlockDeviceMappings!.map(({ DeviceName }) => DeviceName).sort()).toEqual(
      [RootDeviceName, '/dev/sdf'].sort(),
    );
  });

  test('is refused for more user data than 16 KB, unknown images, types and keys, and least over most', async () => {
    const UserData = (bytes: number) => Buffer.alloc(bytes, 'x').toString('base64');
    await launch({ UserData: UserData(16_384) });
    await refused(launch({ UserData: UserData(16_385) }), 'InvalidParameterValue');
    await refused(launch({ InstanceType: 'x9.huge' }), 'InvalidParameterValue');
    await refused(launch({ ImageId: 'ami-0123456789abcdef0' }), 'InvalidAMIID.NotFound');
    await refused(launch({ ImageId: 'windows' }), 'InvalidAMIID.Malformed');
    await refused(launch({ KeyName: 'nobody' }), 'InvalidKeyPair.NotFound');
    await refused(launch({ MinCount: 2 }), 'InvalidParameterValue');
    await refused(launch({ SubnetId: 'subnet-0123456789abcdef0' }), 'InvalidSubnetID.NotFound');
    await refused(launch({ SecurityGroupIds: ['sg-0123456789abcdef0'] }), 'InvalidGroup.NotFound');
  });
});

describe('tags', () => {
  test('go to what there is, and keep to their limits', async () => {
    const tag = (id: string, Key: string, Value = 'x') =>
      client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value }] }));
    const id = await launch();
    await tag(id, 'Name', 'a & b <c>');
    expect((await instance(client, id)).Tags).toEqual([{ Key: 'Name', Value: 'a & b <c>' }]);
    await refused(tag('i-0123456789abcdef0', 'Name'), 'InvalidInstanceID.NotFound');
    await refused(tag('vol-0123456789abcdef0', 'Name'), 'InvalidVolume.NotFound');
    await refused(tag(id, 'aws:mine'), 'InvalidParameterValue');
    await refused(tag(id, 'long', 'x'.repeat(257)), 'InvalidParameterValue');
    const Tags = [{ Key: 'aws:mine', Value: 'x' }];
    await refused(launch({ TagSpecifications: [{ ResourceType: 'instance', Tags }] }), 'InvalidParameterValue');
  });
});
