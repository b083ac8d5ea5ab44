/** What there is natively: whatever its state of visibility, and whoever made it. */
import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { ec2Client, nativeClient } from './ec2-site.ts';

const GONE = ['terminated', 'shutting-down'];

/** The ids of everything that a client of the endpoint can make, by kind. Terminated instances do not count. */
export async function nativesOf(client: EC2Client): Promise<Readonly<Record<string, readonly string[]>>> {
  const [volumes, interfaces, keys, addresses, groups, subnets, instances, images, snapshots] = await Promise.all([
    client.send(new DescribeVolumesCommand({})),
    client.send(new DescribeNetworkInterfacesCommand({})),
    client.send(new DescribeKeyPairsCommand({})),
    client.send(new DescribeAddressesCommand({})),
    client.send(new DescribeSecurityGroupsCommand({})),
    client.send(new DescribeSubnetsCommand({})),
    client.send(new DescribeInstancesCommand({})),
    client.send(new DescribeImagesCommand({ Owners: ['self'] })),
    client.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] })),
  ]);
  const all = {
    volumes: volumes.Volumes?.map(({ VolumeId }) => VolumeId!),
    interfaces: interfaces.NetworkInterfaces?.map(({ NetworkInterfaceId }) => NetworkInterfaceId!),
    keys: keys.KeyPairs?.map(({ KeyName }) => KeyName!),
    addresses: addresses.Addresses?.map(({ AllocationId }) => AllocationId!),
    groups: groups.SecurityGroups?.map(({ GroupId }) => GroupId!),
    subnets: subnets.Subnets?.map(({ SubnetId }) => SubnetId!),
    instances: instances.Reservations?.flatMap(({ Instances = [] }) =>
      Instances.filter(({ State }) => !GONE.includes(State!.Name!)).map(({ InstanceId }) => InstanceId!),
    ),
    images: images.Images?.map(({ ImageId }) => ImageId!),
    snapshots: snapshots.Snapshots?.map(({ SnapshotId }) => SnapshotId!),
  };
  return Object.fromEntries(Object.entries(all).map(([kind, ids = []]) => [kind, [...ids].sort()]));
}

/** How many there are of each kind, counted at the emulator itself. */
export async function countNatives(proxy: Ec2Proxy): Promise<Readonly<Record<string, number>>> {
  const [client, through] = [nativeClient(proxy), ec2Client(proxy)];
  try {
    // What ends a passing state is done by the proxy at a call after its time.
    proxy.later(10_000);
    await through.send(new DescribeVpcsCommand({}));
    return Object.fromEntries(Object.entries(await nativesOf(client)).map(([kind, { length }]) => [kind, length]));
  } finally {
    client.destroy();
    through.destroy();
  }
}
