/** Security groups and their links against moto behind the proxy: rules as EC2 keeps them, and creates that break off. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  RunInstancesCommand,
  type SecurityGroup,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readInstance } from '../../adapters/ec2/machine/reads.ts';
import { linkedGroups, toSecuritygrouplinks } from '../../adapters/ec2/securitygroup/reads.ts';
import { securitygroup } from '../../adapters/ec2/securitygroup/securitygroup.ts';
import { securitygrouplink } from '../../adapters/ec2/securitygroup/securitygrouplink.ts';
import type { Change, Draft, LinkDraft } from '../../lib/adapter/contract.ts';
import type { Attributes } from '../../lib/occi/types.ts';
import { cloudOf } from '../adapters/ec2/mocked.ts';
import { fails } from '../contract/adapter.ts';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { startEc2 } from './ec2.ts';
import { ec2Client, prepare, type Site } from './ec2-site.ts';

const RULES = 'occi.securitygroup.rules';
const WEB = { type: 'inbound', protocol: 'tcp', range: '192.0.2.0/24', port: '443' };
/** One of every kind. */
const MANY = [
  { type: 'outbound', protocol: 'udp', range: '10.0.0.2/32', port: '53' },
  WEB,
  { type: 'inbound', protocol: 'tcp', port: '22,8000-8100' },
  { type: 'inbound', protocol: 'icmp' },
  { type: 'inbound', protocol: 'icmp', range: '10.0.0.0/8', port: '8' },
  { type: 'inbound', protocol: 'icmpv6', range: '2001:db8::/32', port: '128' },
  { type: 'inbound', protocol: 'all', range: '2001:db8::1/128' },
  { type: 'inbound', protocol: '50', range: '198.51.100.0/24' },
  { type: 'outbound', protocol: 'all', range: '10.0.0.0/8' },
];

let proxy: Ec2Proxy;
let client: EC2Client;
let site: Site;
let tokens = 0;

beforeAll(async () => {
  proxy = await startEc2();
  site = await prepare(proxy);
  client = ec2Client(proxy);
}, 60_000);
afterEach(() => {
  proxy.faults.end();
  proxy.settings.unseen = 0;
});
afterAll(async () => {
  client?.destroy();
  await proxy?.stop();
});

const newToken = () => `group-${++tokens}`;
/** What a process of its own sees: nothing of what others remember. */
const cloud = (change: Readonly<Record<string, unknown>> = {}, name = 'anne') =>
  cloudOf({ ...site.settings, ...change }, name);
const draft = (rules: readonly object[] = [WEB], more: Attributes = {}) =>
  ({
    kind: 'securitygroup',
    attributes: { [RULES]: rules, ...more },
    mixins: [],
    links: [],
  }) as unknown as Draft<'securitygroup'>;
const change = (set: Readonly<Record<string, unknown>>, unset: string[] = []) =>
  ({ set, unset, addMixins: [], removeMixins: [] }) as unknown as Change<'securitygroup'>;
const make = async (rules?: readonly object[], name?: string) =>
  (await securitygroup(cloud({}, name)).create!(draft(rules), newToken())).id;

/** The calls that the adapter makes for this, without those of the test itself. */
async function callsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = proxy.actions().length;
  await work();
  return proxy.actions().slice(before);
}

const native = async (id: string): Promise<SecurityGroup> => {
  const { SecurityGroups } = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
  return SecurityGroups![0]!;
};
const made = async (): Promise<number> => {
  const { SecurityGroups } = await client.send(new DescribeSecurityGroupsCommand({}));
  return SecurityGroups!.filter(({ GroupName }) => GroupName!.startsWith('occi-')).length;
};

/** A machine of the tenant with so many interfaces, as another process has launched it. */
async function launch(groups: readonly string[], interfaces = 1, tenant = 'anne'): Promise<string> {
  const { Instances } = await client.send(
    new RunInstancesCommand({
      ImageId: site.image,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: Array.from({ length: interfaces }, (_, DeviceIndex) => ({
        DeviceIndex,
        SubnetId: site.subnet,
        Groups: [...groups],
        DeleteOnTermination: true,
      })),
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'occi:tenant', Value: tenant }] }],
    }),
  );
  return Instances![0]!.InstanceId!;
}

const groupsOf = async (instance: string): Promise<string[][]> => {
  const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
  const [{ NetworkInterfaces = [] } = {}] = Reservations![0]!.Instances!;
  return NetworkInterfaces.map(({ Groups = [] }) => Groups.map(({ GroupId }) => GroupId!).sort());
};

const between = (compute: string, group: string) =>
  ({
    kind: 'securitygrouplink',
    attributes: {},
    mixins: [],
    links: [],
    source: { kind: 'compute', id: compute },
    target: { kind: 'securitygroup', id: group },
  }) as unknown as Draft<'securitygrouplink'>;

describe('Rules', () => {
  test('come back as they were given, in their order, from EC2 itself', async () => {
    for (const rules of [MANY, MANY.toReversed(), []]) {
      const id = await make(rules);
      const { attributes } = await securitygroup(cloud()).get(id);
      expect(attributes[RULES]).toEqual(rules);
      const { IpPermissions, IpPermissionsEgress } = await native(id);
      if (rules.length === 0) expect([IpPermissions, IpPermissionsEgress]).toEqual([[], []]);
    }
  });

  test('are replaced all together, with no more calls than needed', async () => {
    const id = await make(MANY);
    const other = [{ type: 'inbound', protocol: 'udp', range: '10.0.0.0/8' }, WEB, MANY[0]!];
    const kind = securitygroup(cloud());
    expect((await kind.update!(id, change({ [RULES]: other }))).attributes[RULES]).toEqual(other);
    expect((await kind.get(id)).attributes[RULES]).toEqual(other);
    expect(await callsOf(() => kind.update!(id, change({ [RULES]: other })))).toEqual(['DescribeSecurityGroups']);
    expect((await kind.update!(id, change({}, [RULES]))).attributes[RULES]).toEqual([]);
    expect((await kind.get(id)).attributes[RULES]).toEqual([]);
  });

  test('that OCCI cannot express stay, and are counted', async () => {
    const [id, other] = [await make(), await make()];
    const pairs = [{ GroupId: other }];
    const permission = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: pairs };
    await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [permission] }));
    const kind = securitygroup(cloud());
    const message = (await kind.get(id)).attributes['occi.securitygroup.state.message'];
    expect(message).toMatch(/^1 of its rules cannot be shown here, and stays as made/);
    await kind.update!(id, change({ [RULES]: [] }));
    expect((await native(id)).IpPermissions).toMatchObject([{ UserIdGroupPairs: [{ GroupId: other }] }]);
    expect(await fails(kind.remove!(other), 'conflict')).toContain('a rule of another securitygroup');
  });

  test('that a concurrent request adds are not lost', async () => {
    const id = await make([]);
    const rule = (port: string) => ({ ...WEB, port });
    await Promise.all([
      securitygroup(cloud()).update!(id, change({ [RULES]: [rule('1')] })),
      securitygroup(cloud()).update!(id, change({ [RULES]: [rule('2')] })),
    ]);
    const { IpPermissions } = await native(id);
    expect(IpPermissions!.length).toBeGreaterThanOrEqual(1);
    const { attributes } = await securitygroup(cloud()).update!(id, change({ [RULES]: [rule('1'), rule('2')] }));
    expect(attributes[RULES]).toEqual([rule('1'), rule('2')]);
  });
});

describe('Calls', () => {
  test('are counted', async () => {
    const kind = securitygroup(cloud());
    let id = '';
    expect(
      await callsOf(async () => {
        id = (await kind.create!(draft(), 'counted')).id;
      }),
    ).toEqual([
      'CreateSecurityGroup',
      'DescribeSecurityGroups',
      'AuthorizeSecurityGroupIngress',
      'RevokeSecurityGroupEgress',
    ]);
    expect(await callsOf(() => kind.get(id))).toHaveLength(1);
    expect(await callsOf(() => kind.list({}))).toHaveLength(1);
    expect(await callsOf(() => kind.findByToken!('counted'))).toHaveLength(1);
    expect(await callsOf(() => kind.update!(id, change({ 'occi.core.title': 'x' })))).toHaveLength(2);
    expect(await callsOf(() => kind.remove!(id))).toHaveLength(2);
  });
});

describe('A create that breaks off', () => {
  const STEPS = [
    'CreateSecurityGroup',
    'DescribeSecurityGroups',
    'AuthorizeSecurityGroupIngress',
    'AuthorizeSecurityGroupEgress',
    'RevokeSecurityGroupEgress',
  ];
  const rules = [WEB, MANY[0]!];

  for (const kind of ['lost', 'down'] as const) {
    for (const step of STEPS) {
      test(`at ${step} (${kind}) makes one group with all its rules when it is repeated`, async () => {
        const [token, before] = [newToken(), await made()];
        proxy.faults.add({ kind }, { action: step, times: 1 });
        // A process that dies takes nothing back.
        proxy.faults.add({ kind: 'down' }, { action: 'DeleteSecurityGroup' });
        const error = await securitygroup(cloud({ attempts: 1 })).create!(draft(rules), token).catch(
          (thrown) => thrown,
        );
        expect(error).toMatchObject({ failure: 'unavailable', unknownOutcome: true });
        proxy.faults.end();
        const fresh = securitygroup(cloud());
        const { id } = (await fresh.findByToken!(token)) ?? (await fresh.create!(draft(rules), token));
        expect((await fresh.get(id)).attributes[RULES]).toEqual(rules);
        expect((await fresh.findByToken!(token))?.id).toBe(id);
        expect(await made()).toBe(before + 1);
      });
    }
  }

  test.each(STEPS.slice(1))('at %s leaves nothing behind where it can be taken back', async (step) => {
    const [token, before] = [newToken(), await made()];
    proxy.faults.add({ kind: 'denied' }, { action: step, times: 1 });
    const message = await fails(securitygroup(cloud()).create!(draft(rules), token), 'forbidden');
    expect(message).not.toMatch(/ncoded|sg-/);
    expect(await made()).toBe(before);
  });

  test('with two at the same time, of two processes, makes one', async () => {
    const [token, before] = [newToken(), await made()];
    const both = [1, 2, 3].map(() => securitygroup(cloud()).create!(draft(MANY), token));
    const ids = await Promise.all(both.map(async (one) => (await one).id));
    expect(new Set(ids).size).toBe(1);
    expect(await made()).toBe(before + 1);
    expect((await securitygroup(cloud()).get(ids[0]!)).attributes[RULES]).toEqual(MANY);
  });

  test('because EC2 does not show it yet goes on when it does', async () => {
    proxy.settings.unseen = 400;
    const id = await make(MANY);
    proxy.settings.unseen = 0;
    expect((await securitygroup(cloud()).get(id)).attributes[RULES]).toEqual(MANY);
  });
});

describe('Whose a group is', () => {
  test('is one’s own, and those that are published', async () => {
    const [mine, bobs] = [await make(), await make([WEB], 'bob')];
    const { GroupId: providers } = await client.send(
      new CreateSecurityGroupCommand({ GroupName: 'bastion', Description: 'x', VpcId: site.vpc }),
    );
    const kind = securitygroup(cloud());
    const listed = (await kind.ids({})).items;
    expect(listed).toContain(mine);
    expect(listed).not.toContain(bobs);
    expect(listed).not.toContain(providers);
    for (const id of [bobs, providers!]) {
      await fails(kind.get(id), 'notFound');
      await fails(kind.remove!(id), 'notFound');
      await fails(kind.update!(id, change({ [RULES]: [] })), 'notFound');
      await fails(linkedGroups(cloud(), [between('i', id) as unknown as LinkDraft]), 'invalid');
    }
    const published = { published: { networks: [site.subnet], securityGroups: [providers] } };
    const shown = await securitygroup(cloud(published)).get(providers!);
    expect([shown.published, shown.attributes['occi.core.title']]).toEqual([true, 'bastion']);
    expect((await securitygroup(cloud(published)).ids({})).items).toContain(providers);
    await fails(securitygroup(cloud(published)).remove!(providers!), 'forbidden');
    expect(
      (await linkedGroups(cloud(published), [between('i', providers!) as unknown as LinkDraft])).map(
        ({ GroupId }) => GroupId,
      ),
    ).toEqual([providers]);
  });

  test('where one tenant has the account, is all, and no one can change the default group of the VPC', async () => {
    const items = (await securitygroup(cloud({ tenancy: 'single' })).list({})).items;
    const first = items.filter(({ attributes }) => attributes['occi.core.title'] === 'default');
    expect(first.length).toBeGreaterThan(0);
    for (const { id, published } of first) {
      expect(published).toBe(true);
      await fails(securitygroup(cloud({ tenancy: 'single' })).remove!(id), 'forbidden');
    }
  });

  test('is listed completely, one call per page', async () => {
    const before = (await securitygroup(cloud({}, 'many')).ids({})).items.length;
    for (let count = 0; count < 12; count++) await make([], 'many');
    const kind = securitygroup(cloud({ page: 5 }, 'many'));
    const { items } = await kind.list({});
    expect(items).toHaveLength(before + 12);
    expect((await kind.ids({})).items).toEqual(items.map(({ id }) => id));
  }, 30_000);
});

describe('A group on a machine', () => {
  test('is on every interface, also of one that is stopped, and is taken from every one', async () => {
    const [base, web] = [await make(), await make()];
    const machine = await launch([base], 2);
    await client.send(new StopInstancesCommand({ InstanceIds: [machine] }));
    const { id } = await securitygrouplink(cloud()).create!(between(machine, web), newToken());
    expect(id).toBe(`${machine}:${web}`);
    expect(await groupsOf(machine)).toEqual([[base, web].sort(), [base, web].sort()]);
    const links = toSecuritygrouplinks(cloud(), await readInstance(cloud(), machine));
    expect(links.map((link) => link.id)).toEqual([base, web].sort().map((group) => `${machine}:${group}`));
    await securitygrouplink(cloud()).remove!(id);
    expect(await groupsOf(machine)).toEqual([[base], [base]]);
    await fails(securitygrouplink(cloud()).get(id), 'notFound');
    await fails(securitygrouplink(cloud()).remove!(`${machine}:${base}`), 'conflict');
  });

  test('costs one call to write where there is one interface', async () => {
    const [base, web] = [await make(), await make()];
    const machine = await launch([base]);
    const kind = securitygrouplink(cloud());
    expect(await callsOf(() => kind.create!(between(machine, web), newToken()))).toEqual([
      'DescribeSecurityGroups',
      'DescribeInstances',
      'ModifyNetworkInterfaceAttribute',
      'DescribeInstances',
    ]);
    expect(await callsOf(() => kind.get(`${machine}:${web}`))).toEqual(['DescribeInstances']);
    expect(await callsOf(() => kind.remove!(`${machine}:${web}`))).toEqual([
      'DescribeInstances',
      'ModifyNetworkInterfaceAttribute',
      'DescribeInstances',
    ]);
  });

  test('made with three others at the same time is there with them', async () => {
    const [base, ...others] = [await make(), await make(), await make(), await make()];
    const machine = await launch([base]);
    await Promise.all(others.map((group) => securitygrouplink(cloud()).create!(between(machine, group), newToken())));
    expect(await groupsOf(machine)).toEqual([[base, ...others].sort()]);
  });

  test('keeps the group from being removed, until the machine is gone', async () => {
    const group = await make();
    const machines = [await launch([group]), await launch([group], 2)];
    expect(await fails(securitygroup(cloud()).remove!(group), 'conflict')).toContain('2 computes');
    await client.send(new TerminateInstancesCommand({ InstanceIds: machines }));
    await securitygroup(cloud()).remove!(group);
    await fails(securitygroup(cloud()).get(group), 'notFound');
  });

  test('is not put on another’s machine, nor is another’s group put on one’s own', async () => {
    const [mine, bobs] = [await make(), await make([], 'bob')];
    const [machine, bobsMachine] = [await launch([mine]), await launch([bobs], 1, 'bob')];
    const kind = securitygrouplink(cloud());
    expect(await fails(kind.create!(between(bobsMachine, mine), newToken()), 'invalid')).toContain('compute');
    expect(await fails(kind.create!(between(machine, bobs), newToken()), 'invalid')).toContain('securitygroup');
    await fails(kind.remove!(`${bobsMachine}:${bobs}`), 'notFound');
    expect(await groupsOf(bobsMachine)).toEqual([[bobs]]);
  });
});
