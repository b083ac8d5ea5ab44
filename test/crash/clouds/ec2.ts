import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import type { Wanted } from '../../lib/operations/payloads.ts';
import { startEc2 } from '../../peers/ec2.ts';
import { ec2Client, prepare } from '../../peers/ec2-site.ts';
import type { NativeCall } from '../relay.ts';
import type { Cloud } from './cloud.ts';

const MIXIN = 'http://schemas.ogf.org/occi/infrastructure/network#ipnetwork';

function callOf(body: string): NativeCall {
  const name = new URLSearchParams(body).get('Action') ?? '';
  return { name, changes: !/^(?:Describe|Get)/.test(name) };
}

const PRESENT = [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }];

/** EC2 as moto and the proxy in front of it have it, in an account of its own. */
export async function startEc2Cloud(): Promise<Cloud> {
  const proxy = await startEc2();
  const site = await prepare(proxy);
  const client = ec2Client(proxy);
  const count = async () => {
    const [instances, volumes, interfaces, keys, addresses, subnets, groups] = await Promise.all([
      client.send(new DescribeInstancesCommand({ Filters: PRESENT })),
      client.send(new DescribeVolumesCommand({})),
      client.send(new DescribeNetworkInterfacesCommand({})),
      client.send(new DescribeKeyPairsCommand({})),
      client.send(new DescribeAddressesCommand({})),
      client.send(new DescribeSubnetsCommand({})),
      client.send(new DescribeSecurityGroupsCommand({})),
    ]);
    // The tenant's own `default` group stays for its next machine.
    const made = groups.SecurityGroups!.filter(({ GroupName }) => !/^(?:default|occi-.*default.*)$/.test(GroupName!));
    return {
      computes: instances.Reservations!.flatMap(({ Instances = [] }) => Instances).length,
      volumes: volumes.Volumes!.length,
      interfaces: interfaces.NetworkInterfaces!.length,
      keys: keys.KeyPairs!.length,
      addresses: addresses.Addresses!.length,
      networks: subnets.Subnets!.length,
      groups: made.length,
    };
  };
  const before = await count();
  return {
    name: 'ec2',
    endpoint: proxy.endpoint,
    settings: (endpoint) => ({ ...site.settings, endpoint, attempts: 1, defaultType: 't3.medium' }),
    auth: 'anonymous',
    headers: {},
    callOf,
    needs: (kind): Partial<Wanted> => {
      if (kind === 'storage') return { attributes: { 'occi.storage.size': 1 } };
      if (kind !== 'network') return {};
      const { address, gateway } = site.addresses();
      return { mixins: [MIXIN], attributes: { 'occi.network.address': address, 'occi.network.gateway': gateway } };
    },
    async inventory() {
      const now = await count();
      return Object.fromEntries(
        Object.entries(now).map(([name, is]) => [name, is - before[name as keyof typeof before]]),
      );
    },
    later: (milliseconds) => proxy.later(milliseconds),
    async stop() {
      client.destroy();
      await proxy.stop();
    },
  };
}
