/** Volumes, snapshots and images behind the proxy. */
import {
  AttachVolumeCommand,
  CreateImageCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DescribeVolumesModificationsCommand,
  DetachVolumeCommand,
  ModifyVolumeCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { SETTINGS } from '../../ec2-proxy/settings.ts';
import { startEc2 } from '../ec2.ts';
import { clientOf, created, instance, launched, refused, volume, ZONE } from './client.ts';

let ec2: Awaited<ReturnType<typeof startEc2>>;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  ec2 = await startEc2();
  client = clientOf(ec2.endpoint);
});
afterEach(() => void Object.assign(ec2.settings, SETTINGS));
afterAll(() => ec2.stop());

const launch = async () => (await launched(client, { Placement: { AvailabilityZone: ZONE } })).InstanceId!;
const attach = (VolumeId: string, InstanceId: string, Device = '/dev/sdf') =>
  client.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device }));
const detach = (VolumeId: string) => client.send(new DetachVolumeCommand({ VolumeId }));
const remove = (VolumeId: string) => client.send(new DeleteVolumeCommand({ VolumeId }));
const grow = (VolumeId: string, Size: number) => client.send(new ModifyVolumeCommand({ VolumeId, Size }));

describe('a volume', () => {
  test('is creating before it is available, also for the filter', async () => {
    ec2.settings.creating = 60_000;
    const machine = await launch();
    const { State, VolumeId } = await client.send(new CreateVolumeCommand({ AvailabilityZone: ZONE, Size: 1 }));
    expect(State).toBe('creating');
    expect((await volume(client, VolumeId!)).State).toBe('creating');
    const Filters = [{ Name: 'status', Values: ['creating'] }];
    expect((await client.send(new DescribeVolumesCommand({ Filters }))).Volumes).toHaveLength(1);
    await refused(attach(VolumeId!, machine), 'IncorrectState');
    await refused(remove(VolumeId!), 'IncorrectState');
    ec2.later(60_000);
    expect((await volume(client, VolumeId!)).State).toBe('available');
    await remove(VolumeId!);
  });

  test('is refused in an invalid zone, and with an invalid size', async () => {
    await refused(created(client, 'us-east-1q'), 'InvalidZone.NotFound');
    const none = new CreateVolumeCommand({ AvailabilityZone: ZONE, Size: 0 });
    await refused(client.send(none), 'InvalidParameterValue');
    await refused(volume(client, 'vol-1'), 'InvalidVolumeID.Malformed');
    await refused(volume(client, 'vol-0123456789abcdef0'), 'InvalidVolume.NotFound');
  });

  test('grows, never shrinks, and four times in 24 hours unless that is switched off', async () => {
    const id = await created(client);
    await grow(id, 3);
    expect((await volume(client, id)).Size).toBe(3);
    await refused(grow(id, 2), 'InvalidParameterValue');
    for (const size of [4, 5, 6]) await grow(id, size);
    const { message } = await refused(grow(id, 7), 'VolumeModificationRateExceeded');
    const [next] = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(message) ?? [];
    expect(Date.parse(next!) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    ec2.settings.modificationRate = false;
    await grow(id, 7);
    ec2.settings.modificationRate = true;
    ec2.later(24 * 3_600_000);
    await grow(id, 8);
  });

  test('is modifying for a while, in which it cannot be modified again', async () => {
    const id = await created(client);
    ec2.settings.modifying = 60_000;
    await grow(id, 4);
    const modification = async () => {
      const shown = await client.send(new DescribeVolumesModificationsCommand({ VolumeIds: [id] }));
      return shown.VolumesModifications!.at(-1)!.ModificationState;
    };
    expect(await modification()).toBe('modifying');
    await refused(grow(id, 5), 'IncorrectModificationState');
    ec2.later(60_000);
    expect(await modification()).toBe('completed');
    await grow(id, 5);
  });
});

describe('an attachment', () => {
  test('is refused twice, at a device in use, in another zone, and to what is pending or gone', async () => {
    const [machine, one, two] = [await launch(), await created(client), await created(client)];
    await attach(one, machine);
    await refused(attach(one, machine, '/dev/sdg'), 'VolumeInUse');
    const clash = await refused(attach(two, machine), 'InvalidParameterValue');
    expect(clash.message).toBe("Invalid value '/dev/sdf' for unixDevice. Attachment point /dev/sdf is already in use");
    await refused(attach(two, machine, 'sofa'), 'InvalidParameterValue');
    const far = await created(client, 'us-east-1b');
    await refused(attach(far, machine, '/dev/sdg'), 'InvalidVolume.ZoneMismatch');
    ec2.settings.pending = 60_000;
    await refused(attach(two, await launch()), 'IncorrectState');
    await client.send(new TerminateInstancesCommand({ InstanceIds: [machine] }));
    await refused(attach(two, machine, '/dev/sdg'), 'InvalidInstanceID.NotFound');
    expect((await volume(client, one)).State).toBe('available');
  });

  test('takes a while to be made and to be ended, and needs no instance to be ended', async () => {
    Object.assign(ec2.settings, { attaching: 60_000, detaching: 60_000 });
    const [machine, id] = [await launch(), await created(client)];
    const states = async () => {
      const { BlockDeviceMappings } = await instance(client, machine);
      const { State, Attachments } = await volume(client, id);
      const mapping = BlockDeviceMappings!.find(({ Ebs }) => Ebs!.VolumeId === id);
      return [State, Attachments![0]?.State, mapping?.Ebs?.Status];
    };
    expect((await attach(id, machine)).State).toBe('attaching');
    expect(await states()).toEqual(['in-use', 'attaching', 'attaching']);
    ec2.later(60_000);
    expect(await states()).toEqual(['in-use', 'attached', 'attached']);
    expect(await detach(id)).toMatchObject({ State: 'detaching', InstanceId: machine, Device: '/dev/sdf' });
    expect(await states()).toEqual(['in-use', 'detaching', 'detaching']);
    await refused(remove(id), 'VolumeInUse');
    ec2.later(60_000);
    expect(await states()).toEqual(['available', undefined, undefined]);
    await refused(detach(id), 'IncorrectState');
    await remove(id);
  });

  test('of the root of an instance is ended when that is stopped', async () => {
    const machine = await launch();
    const root = (await instance(client, machine)).BlockDeviceMappings![0]!.Ebs!.VolumeId!;
    await refused(detach(root), 'OperationNotPermitted');
    await client.send(new StopInstancesCommand({ InstanceIds: [machine] }));
    await detach(root);
    expect((await volume(client, root)).State).toBe('available');
  });
});

describe('a copy', () => {
  test('is pending before it is ready: snapshots and images', async () => {
    ec2.settings.copying = 60_000;
    const snapshot = await client.send(new CreateSnapshotCommand({ VolumeId: await created(client) }));
    const InstanceId = await launch();
    const { ImageId } = await client.send(new CreateImageCommand({ InstanceId, Name: 'a copy' }));
    expect(snapshot.State).toBe('pending');
    const states = async () => {
      const SnapshotIds = [snapshot.SnapshotId!];
      const { Snapshots } = await client.send(new DescribeSnapshotsCommand({ SnapshotIds }));
      const { Images } = await client.send(new DescribeImagesCommand({ ImageIds: [ImageId!] }));
      return [Snapshots![0]!.State, Images![0]!.State];
    };
    expect(await states()).toEqual(['pending', 'pending']);
    ec2.later(60_000);
    expect(await states()).toEqual(['completed', 'available']);
  });

  test('has a name that no other image of the account has, of 3 characters or more', async () => {
    const InstanceId = await launch();
    const save = (Name: string) => client.send(new CreateImageCommand({ InstanceId, Name }));
    await save('the only one');
    await refused(save('the only one'), 'InvalidAMIName.Duplicate');
    await refused(save('ab'), 'InvalidAMIName.Malformed');
    await refused(save('straße'), 'InvalidAMIName.Malformed');
  });
});
