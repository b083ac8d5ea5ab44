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
import type { NativeCall, NativeRequest } from '../relay.ts';
import type { Cloud } from './cloud.ts';

const MIXIN = 'http://schemas.ogf.org/occi/infrastructure/network#ipnetwork';

function callOf({ body }: NativeRequest): NativeCall {
  const name = new URLSearchParams(body).get('Action') ?? '';
  return { name, changes: !/^(?:Describe|Get)/.test(name) };
}

const PRESENT = [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }];

/** An account that a world works in, and after it another, as long as each leaves it as it was. */
async function openAccount() {
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
  const more = async () => {
    const now = await count();
    return Object.fromEntries(
      Object.entries(now).map(([name, is]) => [name, is - before[name as keyof typeof before]]),
    );
  };
  return {
    proxy,
    site,
    more,
    /** How many worlds it has been lent to. */
    lent: 0,
    async close() {
      client.destroy();
      await proxy.stop();
    },
  };
}

/** Accounts that no world works in: to make one takes longer than a point. */
const free: Awaited<ReturnType<typeof openAccount>>[] = [];
/** Worlds that have an account one after the other: what has ended there is still read with every listing. */
const MOST_LENT = 30;

export const closeAccounts = async (): Promise<void> => {
  for (const account of free.splice(0)) await account.close();
};

/** EC2 as moto and the proxy in front of it have it, in an account that no other world works in. */
export async function startEc2Cloud(): Promise<Cloud> {
  const account = free.pop() ?? (await openAccount());
  const { proxy, site, more } = account;
  let left: Readonly<Record<string, number>> | undefined;
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
      left = await more();
      return left;
    },
    isSlow: true,
    appearsMs: 300_000,
    again: /try again in a minute/,
    later: (milliseconds) => proxy.later(milliseconds),
    async stop() {
      const isAsItWas = left !== undefined && Object.values(left).every((number) => number === 0);
      if (isAsItWas && ++account.lent < MOST_LENT) free.push(account);
      else await account.close();
    },
  };
}
