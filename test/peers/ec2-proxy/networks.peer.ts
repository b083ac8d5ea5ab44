/** Groups, subnets and keys behind the proxy. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  ImportKeyPairCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startEc2 } from '../ec2.ts';
import { clientOf, instance, launched, refused } from './client.ts';

let ec2: Awaited<ReturnType<typeof startEc2>>;
let client: ReturnType<typeof clientOf>;
let vpc: string;
let subnets: string[];
beforeAll(async () => {
  ec2 = await startEc2();
  client = clientOf(ec2.endpoint);
  const { Subnets } = await client.send(new DescribeSubnetsCommand({}));
  vpc = Subnets![0]!.VpcId!;
  subnets = Subnets!.map(({ SubnetId }) => SubnetId!);
});
afterAll(() => ec2.stop());

let groups = 0;
const group = async () => {
  const input = { GroupName: `group-${++groups}`, Description: 'a group', VpcId: vpc };
  return (await client.send(new CreateSecurityGroupCommand(input))).GroupId!;
};
const launch = async (input = {}) => (await launched(client, { SubnetId: subnets[0], ...input })).InstanceId!;
const nic = async (SubnetId = subnets[0]) =>
  (await client.send(new CreateNetworkInterfaceCommand({ SubnetId }))).NetworkInterface!.NetworkInterfaceId!;
const shown = async (id: string) =>
  (await client.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }))).NetworkInterfaces![0]!;
const remove = (NetworkInterfaceId: string) => client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
const terminate = (id: string) => client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
const primary = async (machine: string) => (await instance(client, machine)).NetworkInterfaces![0]!;

describe('groups', () => {
  test('of an instance are those of its first interface, however they were given', async () => {
    const [one, two] = [await group(), await group()];
    const groupsOf = async (id: string) => (await instance(client, id)).SecurityGroups!.map(({ GroupId }) => GroupId);
    expect(await groupsOf(await launch({ SecurityGroupIds: [one] }))).toEqual([one]);
    const NetworkInterfaces = [{ DeviceIndex: 0, SubnetId: subnets[0], Groups: [one, two] }];
    const id = (await launched(client, { NetworkInterfaces })).InstanceId!;
    expect((await groupsOf(id)).sort()).toEqual([one, two].sort());
    await client.send(new ModifyInstanceAttributeCommand({ InstanceId: id, Groups: [two] }));
    expect(await groupsOf(id)).toEqual([two]);
    const { NetworkInterfaceId } = await primary(id);
    expect((await shown(NetworkInterfaceId!)).Groups!.map(({ GroupId }) => GroupId)).toEqual([two]);
    await client.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [one] }));
    expect(await groupsOf(id)).toEqual([one]);
    const unknown = { InstanceId: id, Groups: ['sg-0123456789abcdef0'] };
    await refused(client.send(new ModifyInstanceAttributeCommand(unknown)), 'InvalidGroup.NotFound');
  });

  test('in use, or named by a rule of another, are not deleted; nor is the default one', async () => {
    const drop = (GroupId: string) => client.send(new DeleteSecurityGroupCommand({ GroupId }));
    const [held, named, naming] = [await group(), await group(), await group()];
    const machine = await launch({ SecurityGroupIds: [held] });
    await refused(drop(held), 'DependencyViolation');
    await terminate(machine);
    await drop(held);
    const UserIdGroupPairs = [{ GroupId: named }];
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs }];
    await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: naming, IpPermissions }));
    await refused(drop(named), 'DependencyViolation');
    await drop(naming);
    await drop(named);
    await refused(drop((await primary(await launch())).Groups![0]!.GroupId!), 'CannotDelete');
  });
});

describe('a subnet', () => {
  test('is not deleted while interfaces are in it', async () => {
    const CidrBlock = '172.31.128.0/20';
    const { Subnet } = await client.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock }));
    const drop = () => client.send(new DeleteSubnetCommand({ SubnetId: Subnet!.SubnetId! }));
    const id = await nic(Subnet!.SubnetId!);
    await refused(drop(), 'DependencyViolation');
    await remove(id);
    await drop();
    await refused(drop(), 'InvalidSubnetID.NotFound');
  });
});

test('a malformed key is InvalidKey.Format', async () => {
  const key = { KeyName: 'none', PublicKeyMaterial: Buffer.from('no key') };
  await refused(client.send(new ImportKeyPairCommand(key)), 'InvalidKey.Format');
});
