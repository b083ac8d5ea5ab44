/** Interfaces and elastic addresses behind the proxy. */
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  DeleteNetworkInterfaceCommand,
  DescribeAddressesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  DetachNetworkInterfaceCommand,
  DisassociateAddressCommand,
  ModifyNetworkInterfaceAttributeCommand,
  ReleaseAddressCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { SETTINGS } from '../../ec2-proxy/settings.ts';
import { startEc2 } from '../ec2.ts';
import { clientOf, instance, launched, refused } from './client.ts';

let ec2: Awaited<ReturnType<typeof startEc2>>;
let client: ReturnType<typeof clientOf>;
let subnets: string[];
beforeAll(async () => {
  ec2 = await startEc2();
  client = clientOf(ec2.endpoint);
  const { Subnets } = await client.send(new DescribeSubnetsCommand({}));
  subnets = Subnets!.map(({ SubnetId }) => SubnetId!);
});
afterEach(() => void Object.assign(ec2.settings, SETTINGS));
afterAll(() => ec2.stop());

const launch = async (input = {}) => (await launched(client, { SubnetId: subnets[0], ...input })).InstanceId!;
const nic = async (SubnetId = subnets[0]) =>
  (await client.send(new CreateNetworkInterfaceCommand({ SubnetId }))).NetworkInterface!.NetworkInterfaceId!;
const shown = async (id: string) =>
  (await client.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }))).NetworkInterfaces![0]!;
const attach = (NetworkInterfaceId: string, InstanceId: string, DeviceIndex = 1) =>
  client.send(new AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId, DeviceIndex }));
const detach = (AttachmentId: string) => client.send(new DetachNetworkInterfaceCommand({ AttachmentId }));
const remove = (NetworkInterfaceId: string) => client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
const terminate = (id: string) => client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
const primary = async (machine: string) => (await instance(client, machine)).NetworkInterfaces![0]!;

describe('interfaces', () => {
  test('are attached to one instance of their zone, at a place that is free, as many as its type has', async () => {
    const [machine, one, two, three] = [await launch(), await nic(), await nic(), await nic()];
    await attach(one, machine);
    expect((await instance(client, machine)).NetworkInterfaces).toHaveLength(2);
    await refused(attach(one, machine, 2), 'InvalidNetworkInterface.InUse');
    await refused(attach(two, machine, 1), 'InvalidParameterValue');
    await refused(attach(three, machine, 2), 'AttachmentLimitExceeded');
    await refused(attach(await nic(subnets[1]), await launch()), 'InvalidParameterCombination');
    const NetworkInterfaces = [{ DeviceIndex: 0, NetworkInterfaceId: one }];
    await refused(launched(client, { NetworkInterfaces }), 'InvalidNetworkInterface.InUse');
    ec2.settings.pending = 60_000;
    await refused(attach(two, await launch()), 'IncorrectState');
  });

  test('take a while to come and to go, and are in use that long', async () => {
    Object.assign(ec2.settings, { attaching: 60_000, detaching: 60_000 });
    const [machine, id] = [await launch(), await nic()];
    const { AttachmentId } = await attach(id, machine);
    expect((await shown(id)).Attachment!.Status).toBe('attaching');
    ec2.later(60_000);
    expect((await shown(id)).Attachment!.Status).toBe('attached');
    await detach(AttachmentId!);
    expect(await shown(id)).toMatchObject({ Status: 'in-use', Attachment: { Status: 'detaching' } });
    await refused(remove(id), 'InvalidNetworkInterface.InUse');
    ec2.later(60_000);
    expect(await shown(id)).toMatchObject({ Status: 'available' });
    await refused(detach(AttachmentId!), 'InvalidAttachmentID.NotFound');
    expect((await instance(client, machine)).NetworkInterfaces).toHaveLength(1);
    await remove(id);
    await refused(detach((await primary(machine)).Attachment!.AttachmentId!), 'OperationNotPermitted');
  });

  test('go with their instance, or outlive it, as it was said of them', async () => {
    const [machine, goes, stays] = [await launch({ InstanceType: 'm5.large' }), await nic(), await nic()];
    const { AttachmentId } = await attach(goes, machine);
    await attach(stays, machine, 2);
    const Attachment = { AttachmentId, DeleteOnTermination: true };
    await client.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: goes, Attachment }));
    const said = (await instance(client, machine)).NetworkInterfaces!.map((one) => [
      one.Attachment!.DeviceIndex,
      one.Attachment!.DeleteOnTermination,
    ]);
    expect(said.sort()).toEqual([
      [0, true],
      [1, true],
      [2, false],
    ]);
    await terminate(machine);
    await refused(shown(goes), 'InvalidNetworkInterfaceID.NotFound');
    expect(await shown(stays)).toMatchObject({ Status: 'available' });
    await remove(stays);
  });
});

describe('elastic addresses', () => {
  const allocate = () => client.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  const release = (AllocationId: string) => client.send(new ReleaseAddressCommand({ AllocationId }));
  const address = async (id: string) =>
    (await client.send(new DescribeAddressesCommand({ AllocationIds: [id] }))).Addresses![0]!;

  test('are of the account where those that AWS lends are not, and are not released in use', async () => {
    const machine = await launch();
    const { AllocationId, PublicIp } = await allocate();
    expect(PublicIp).toMatch(/^198\.18\./);
    const NetworkInterfaceId = (await primary(machine)).NetworkInterfaceId!;
    await client.send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
    expect((await primary(machine)).Association).toMatchObject({ PublicIp, IpOwnerId: ec2.account });
    await refused(release(AllocationId!), 'InvalidIPAddress.InUse');
    const { AssociationId } = await address(AllocationId!);
    await client.send(new DisassociateAddressCommand({ AssociationId }));
    expect((await primary(machine)).Association?.PublicIp).not.toBe(PublicIp);
    await release(AllocationId!);
    await refused(release(AllocationId!), 'InvalidAllocationID.NotFound');
  });

  test('are taken from what is pending, and let go with what is terminated', async () => {
    const { AllocationId } = await allocate();
    ec2.settings.pending = 60_000;
    const InstanceId = await launch();
    await refused(client.send(new AssociateAddressCommand({ AllocationId, InstanceId })), 'InvalidInstanceID');
    ec2.later(60_000);
    await client.send(new AssociateAddressCommand({ AllocationId, InstanceId }));
    await terminate(InstanceId);
    expect((await address(AllocationId!)).AssociationId).toBeUndefined();
    await release(AllocationId!);
  });
});
