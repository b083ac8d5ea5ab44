import {
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  type GroupIdentifier,
  type Instance,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { instances } from '../../../../adapters/ec2/native/index.ts';
import { toSecuritygrouplinks } from '../../../../adapters/ec2/securitygroup/reads.ts';
import { securitygrouplink } from '../../../../adapters/ec2/securitygroup/securitygrouplink.ts';
import type { Draft } from '../../../../lib/adapter/contract.ts';
import { fails } from '../../../contract/adapter.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const VM = 'i-0123456789abcdef0';
const VPC = 'vpc-0123456789abcdef0';
const [DEFAULT, WEB, SSH, PUBLISHED] = [0, 1, 2, 3].map((last) => `sg-0123456789abcdef${last}`) as [
  string,
  string,
  string,
  string,
];
const NAMES: Readonly<Record<string, string>> = { [DEFAULT]: 'default', [WEB]: 'occi-web', [SSH]: 'occi-ssh' };

const ec2 = mocked();
/** Groups of each interface, as EC2 has them. */
let interfaces: string[][] = [];

const named = (id: string): GroupIdentifier => ({ GroupId: id, GroupName: NAMES[id] ?? 'provider' });
const machine = (change: Instance = {}): Instance => ({
  InstanceId: VM,
  InstanceType: 't3.micro',
  State: { Name: 'running' },
  VpcId: VPC,
  NetworkInterfaces: interfaces.map((groups, place) => ({
    NetworkInterfaceId: `eni-${place}`,
    VpcId: VPC,
    Groups: groups.map(named),
  })),
  SecurityGroups: (interfaces[0] ?? []).map(named),
  Tags: [{ Key: 'occi:tenant', Value: 'anne' }],
  ...change,
});

/** EC2 with one machine: it keeps what is written. */
beforeEach(() => {
  ec2.reset();
  interfaces = [[DEFAULT]];
  ec2.on(DescribeInstancesCommand).callsFake(() => ({ Reservations: [{ Instances: [machine()] }] }));
  ec2.on(DescribeSecurityGroupsCommand).callsFake(({ GroupIds }) => ({
    SecurityGroups: GroupIds.map((id: string) => ({
      GroupId: id,
      GroupName: NAMES[id] ?? 'provider',
      VpcId: VPC,
      Tags: id === WEB || id === SSH ? [{ Key: 'occi:tenant', Value: 'anne' }] : [],
    })),
  }));
  ec2.on(ModifyNetworkInterfaceAttributeCommand).callsFake(({ NetworkInterfaceId, Groups }) => {
    interfaces[Number(NetworkInterfaceId.slice(4))] = Groups;
    return {};
  });
});

const links = (name?: string, change?: Readonly<Record<string, unknown>>) => securitygrouplink(cloudOf(change, name));
const between = (compute: string, group: string) =>
  ({
    kind: 'securitygrouplink',
    attributes: {},
    mixins: [],
    links: [],
    source: { kind: 'compute', id: compute },
    target: { kind: 'securitygroup', id: group },
  }) as unknown as Draft<'securitygrouplink'>;
const called = () => ec2.calls().map(({ args: [command] }) => command.constructor.name.replace(/Command$/, ''));
const writes = () => ec2.commandCalls(ModifyNetworkInterfaceAttributeCommand).length;
const shown = (change: Readonly<Record<string, unknown>> = {}, instance = machine()) => {
  const [one] = instances.parse({ Reservations: [{ Instances: [instance] }] }).items;
  return toSecuritygrouplinks(cloudOf(change), one!).map(({ id }) => id);
};

describe('The groups of a machine', () => {
  test('are links, each once however many interfaces have it', () => {
    interfaces = [
      [WEB, SSH],
      [SSH, WEB],
    ];
    expect(shown()).toEqual([`${VM}:${WEB}`, `${VM}:${SSH}`]);
  });

  test('that the provider gave are shown where they are published, or where the tenant has the account alone', () => {
    interfaces = [[DEFAULT, WEB, PUBLISHED]];
    expect(shown()).toEqual([`${VM}:${WEB}`]);
    expect(shown({ published: { securityGroups: [PUBLISHED] } })).toEqual([`${VM}:${WEB}`, `${VM}:${PUBLISHED}`]);
    expect(shown({ tenancy: 'single' })).toHaveLength(3);
  });

  test.each([
    ['running', 'active'],
    ['pending', 'waiting'],
    ['stopped', 'inactive'],
    ['shutting-down', 'waiting'],
  ])('of a machine that is %s are %s', async (Name, state) => {
    interfaces = [[WEB]];
    ec2.on(DescribeInstancesCommand).resolves({
      Reservations: [{ Instances: [machine({ State: { Name: Name as never } })] }],
    });
    const { attributes } = await links().get(`${VM}:${WEB}`);
    expect(attributes).toEqual({ 'occi.securitygrouplink.state': state });
  });
});

describe('A link', () => {
  test('puts the group beside those that are there, on every interface, and looks', async () => {
    interfaces = [[DEFAULT], [DEFAULT, SSH], [WEB]];
    const made = await links().create!(between(VM, WEB), 'a');
    expect(made).toMatchObject({ id: `${VM}:${WEB}`, source: { id: VM }, target: { id: WEB } });
    expect(interfaces).toEqual([[DEFAULT, WEB], [DEFAULT, SSH, WEB], [WEB]]);
    expect(called()).toEqual([
      'DescribeSecurityGroups',
      'DescribeInstances',
      'ModifyNetworkInterfaceAttribute',
      'ModifyNetworkInterfaceAttribute',
      'DescribeInstances',
    ]);
  });

  test('that is there already is the same link, whatever the token', async () => {
    await links().create!(between(VM, WEB), 'a');
    expect((await links().create!(between(VM, WEB), 'b')).id).toBe(`${VM}:${WEB}`);
    expect(writes()).toBe(1);
  });

  test('is found by its token in the process that made it', async () => {
    const kind = links();
    expect(await kind.findByToken!('a')).toBeUndefined();
    await kind.create!(between(VM, WEB), 'a');
    await kind.create!(between(VM, WEB), 'a');
    expect((await kind.findByToken!('a'))?.id).toBe(`${VM}:${WEB}`);
    await kind.remove!(`${VM}:${WEB}`);
    expect(await kind.findByToken!('a')).toBeUndefined();
  });

  test('made at once with others loses none, by one process or by several', async () => {
    const others = [WEB, SSH, PUBLISHED];
    const change = { published: { securityGroups: [PUBLISHED] } };
    await Promise.all(others.map((group) => links('anne', change).create!(between(VM, group), group)));
    expect([...interfaces[0]!].sort()).toEqual([DEFAULT, WEB, SSH, PUBLISHED]);
  });

  test('that another process has overwritten is written again', async () => {
    // What others wrote in the same moment, from what they had read before.
    const others = [
      [DEFAULT, SSH],
      [DEFAULT, PUBLISHED],
    ];
    ec2.on(ModifyNetworkInterfaceAttributeCommand).callsFake(({ Groups }) => {
      interfaces[0] = others.shift() ?? Groups;
      return {};
    });
    await links().create!(between(VM, WEB), 'a');
    expect(interfaces[0]).toEqual([DEFAULT, PUBLISHED, WEB]);
    expect(writes()).toBe(3);
  });

  test('that others overwrite all the time is given up, and may be there', async () => {
    ec2.on(ModifyNetworkInterfaceAttributeCommand).callsFake(() => {
      interfaces[0] = interfaces[0]!.length > 1 ? [DEFAULT] : [DEFAULT, SSH];
      return {};
    });
    const started = Date.now();
    await expect(links().create!(between(VM, WEB), 'a')).rejects.toMatchObject({
      failure: 'unavailable',
      unknownOutcome: true,
    });
    expect(writes()).toBe(5);
    expect(Date.now() - started).toBeGreaterThan(1400);
  });

  /** EC2 goes on to show what was before, for so long. */
  const stale = (milliseconds: number) => {
    const [shown, until] = [machine(), Date.now() + milliseconds];
    ec2
      .on(DescribeInstancesCommand)
      .callsFake(() => ({ Reservations: [{ Instances: [Date.now() < until ? shown : machine()] }] }));
  };

  test.each([
    ['for a moment', 250, 1000],
    ['for long', 60_000, 3000],
  ])('that EC2 has accepted and does not show %s is written once, and there', async (_how, milliseconds, most) => {
    stale(milliseconds);
    const started = Date.now();
    expect((await links().create!(between(VM, WEB), 'a')).id).toBe(`${VM}:${WEB}`);
    expect(Date.now() - started).toBeLessThan(most);
    expect(interfaces[0]).toEqual([DEFAULT, WEB]);
    expect(writes()).toBe(1);
  });

  test('that EC2 does not show is not waited for beyond the time of the request', async () => {
    stale(60_000);
    const started = Date.now();
    await securitygrouplink({ ...cloudOf(), deadline: started + 1250 }).create!(between(VM, WEB), 'a');
    expect(Date.now() - started).toBeLessThan(350);
    expect(writes()).toBe(1);
  });

  test('that is removed, where EC2 goes on to show it, is removed once', async () => {
    interfaces = [[DEFAULT, WEB]];
    stale(60_000);
    await links().remove!(`${VM}:${WEB}`);
    expect(interfaces[0]).toEqual([DEFAULT]);
    expect(writes()).toBe(1);
  });

  test('that failed does not hold up the next', async () => {
    let isFirst = true;
    ec2.on(ModifyNetworkInterfaceAttributeCommand).callsFake(({ Groups }) => {
      const fails = isFirst;
      isFirst = false;
      if (fails) throw refusedWith('UnauthorizedOperation', 'x', 403);
      interfaces[0] = Groups;
      return {};
    });
    const both = [links().create!(between(VM, WEB), 'a'), links().create!(between(VM, SSH), 'b')];
    const results = await Promise.allSettled(both);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  test('is for a machine with an interface only', async () => {
    interfaces = [];
    expect(await fails(links().create!(between(VM, WEB), 'a'), 'conflict')).toContain('networkinterface');
  });

  test('is for a machine in the same VPC only', async () => {
    const elsewhere = {
      GroupId: WEB,
      GroupName: 'occi-web',
      VpcId: 'vpc-1',
      Tags: [{ Key: 'occi:tenant', Value: 'anne' }],
    };
    ec2.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [elsewhere] });
    const message = await fails(links().create!(between(VM, WEB), 'a'), 'conflict');
    expect(message).toContain('another VPC');
    expect(message).not.toContain('vpc-');
    expect(writes()).toBe(0);
  });

  test('beyond EC2’s limit says so', async () => {
    ec2.on(ModifyNetworkInterfaceAttributeCommand).rejects(refusedWith('SecurityGroupsPerInterfaceLimitExceeded'));
    expect(await fails(links().create!(between(VM, WEB), 'a'), 'conflict')).toContain('more securitygroups');
  });

  test('names the end that is not there, or is another’s', async () => {
    expect(await fails(links().create!(between('i-0', WEB), 'a'), 'invalid')).toBe('There is no such compute.');
    expect(await fails(links().create!(between(VM, 'x'), 'a'), 'invalid')).toBe('There is no such securitygroup.');
    expect(await fails(links().create!(between(VM, PUBLISHED), 'a'), 'invalid')).toBe(
      'There is no such securitygroup.',
    );
    expect(await fails(links('bob').create!(between(VM, WEB), 'a'), 'invalid')).toBe('There is no such securitygroup.');
    const change = { published: { securityGroups: [PUBLISHED] } };
    expect(await fails(links('bob', change).create!(between(VM, PUBLISHED), 'a'), 'invalid')).toBe(
      'There is no such compute.',
    );
    expect(writes()).toBe(0);
  });
});

describe('A delete', () => {
  test('takes the group from every interface and leaves the others', async () => {
    interfaces = [[DEFAULT, WEB], [WEB, SSH], [SSH]];
    await links().remove!(`${VM}:${WEB}`);
    expect(interfaces).toEqual([[DEFAULT], [SSH], [SSH]]);
    expect(called().filter((name) => name.startsWith('Describe'))).toHaveLength(2);
    await fails(links().remove!(`${VM}:${WEB}`), 'notFound');
  });

  test('of the last group is refused', async () => {
    interfaces = [[WEB, SSH], [WEB]];
    expect(await fails(links().remove!(`${VM}:${WEB}`), 'conflict')).toContain('at least one securitygroup');
    expect(writes()).toBe(0);
  });

  test.each([`${VM}:${SSH}`, `${VM}:${DEFAULT}`, VM, `${VM}:`, `i-0:${WEB}`, '', ':'])(
    'of %j is notFound',
    async (id) => {
      await fails(links().remove!(id), 'notFound');
      await fails(links().get(id), 'notFound');
    },
  );
});

test('Links are listed with one call', async () => {
  interfaces = [[WEB, SSH]];
  expect((await links().ids({})).items).toEqual([`${VM}:${WEB}`, `${VM}:${SSH}`]);
  expect(called()).toEqual(['DescribeInstances']);
});
