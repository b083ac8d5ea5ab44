import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
  UpdateSecurityGroupRuleDescriptionsEgressCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { nameFor } from '../../../../adapters/ec2/cloud.ts';
import { linkedGroups } from '../../../../adapters/ec2/securitygroup/reads.ts';
import { securitygroup } from '../../../../adapters/ec2/securitygroup/securitygroup.ts';
import type { Change, Draft, LinkDraft } from '../../../../lib/adapter/contract.ts';
import type { Attributes } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const RULES = 'occi.securitygroup.rules';
const RULE = { type: 'inbound', protocol: 'tcp', range: '192.0.2.0/24', port: '443' };
const ID = 'sg-0123456789abcdef0';
const OTHER = 'sg-0123456789abcdef1';
const PUBLISHED = 'sg-0123456789abcdef2';
const VPC = 'vpc-0123456789abcdef0';

/** EC2's own rule in every new group. */
const PRESET = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const WEB = {
  IpProtocol: 'tcp',
  FromPort: 443,
  ToPort: 443,
  IpRanges: [{ CidrIp: '192.0.2.0/24', Description: 'occi:0' }],
};

const ec2 = mocked();
beforeEach(() => void ec2.reset());

const group = (change: SecurityGroup = {}, tenant: string | null = 'anne'): SecurityGroup => ({
  GroupId: ID,
  GroupName: 'occi-0123',
  VpcId: VPC,
  IpPermissions: [WEB],
  IpPermissionsEgress: [],
  Tags: tenant === null ? [] : [{ Key: 'occi:tenant', Value: tenant }],
  ...change,
});
const shows = (...groups: SecurityGroup[]) =>
  ec2.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: groups });
const draft = (attributes: Attributes = { [RULES]: [RULE] }) =>
  ({ kind: 'securitygroup', attributes, mixins: [], links: [] }) as unknown as Draft<'securitygroup'>;
const change = (set: Attributes, unset: string[] = []) =>
  ({ set, unset, addMixins: [], removeMixins: [] }) as unknown as Change<'securitygroup'>;
const called = () => ec2.calls().map(({ args: [command] }) => command.constructor.name.replace(/Command$/, ''));
const sent = (command: Parameters<typeof ec2.commandCalls>[0]) =>
  ec2.commandCalls(command).map(({ args: [{ input }] }) => input as Record<string, unknown>);

describe('A group', () => {
  test('is created with its tags, and gets its rules before EC2’s own goes', async () => {
    const cloud = cloudOf({ vpc: VPC });
    ec2.on(CreateSecurityGroupCommand).resolves({ GroupId: ID });
    shows(group({ IpPermissions: [], IpPermissionsEgress: [PRESET] }));
    const outbound = { type: 'outbound', protocol: 'udp', range: '10.0.0.2/32', port: '53' };
    const made = await securitygroup(cloud).create!(
      draft({ 'occi.core.title': 'web', [RULES]: [outbound, RULE] }),
      't',
    );
    expect(made.attributes[RULES]).toEqual([outbound, RULE]);
    expect(called()).toEqual([
      'CreateSecurityGroup',
      'DescribeSecurityGroups',
      'AuthorizeSecurityGroupIngress',
      'AuthorizeSecurityGroupEgress',
      'RevokeSecurityGroupEgress',
    ]);
    expect(sent(CreateSecurityGroupCommand)).toEqual([
      {
        GroupName: nameFor(cloud, 't'),
        Description: 'Made through OCCI',
        VpcId: VPC,
        TagSpecifications: [
          {
            ResourceType: 'security-group',
            Tags: [
              { Key: 'occi:token', Value: 't' },
              { Key: 'occi:tenant', Value: 'anne' },
              { Key: 'Name', Value: 'web' },
            ],
          },
        ],
      },
    ]);
    expect(sent(RevokeSecurityGroupEgressCommand)).toEqual([{ GroupId: ID, IpPermissions: [PRESET] }]);
  });

  test('that lets everything out keeps EC2’s own rule, with a label', async () => {
    ec2.on(CreateSecurityGroupCommand).resolves({ GroupId: ID });
    shows(group({ IpPermissions: [], IpPermissionsEgress: [PRESET] }));
    const all = { type: 'outbound', protocol: 'all' };
    const made = await securitygroup(cloudOf()).create!(draft({ [RULES]: [all] }), 't');
    expect(made.attributes[RULES]).toEqual([all]);
    expect(called().slice(2)).toEqual(['AuthorizeSecurityGroupEgress', 'UpdateSecurityGroupRuleDescriptionsEgress']);
    const range = { CidrIp: '0.0.0.0/0', Description: 'occi:0:any' };
    expect(sent(UpdateSecurityGroupRuleDescriptionsEgressCommand)).toEqual([
      { GroupId: ID, IpPermissions: [{ IpProtocol: '-1', IpRanges: [range] }] },
    ]);
  });

  test('with a rule that EC2 cannot express is not made', async () => {
    await fails(securitygroup(cloudOf()).create!(draft({ [RULES]: [{ ...RULE, protocol: 'x' }] }), 't'), 'invalid');
    expect(called()).toEqual([]);
  });

  test('that EC2 does not show yet is waited for, a little', async () => {
    ec2.on(CreateSecurityGroupCommand).resolves({ GroupId: ID });
    ec2
      .on(DescribeSecurityGroupsCommand)
      .rejectsOnce(refusedWith('InvalidGroup.NotFound'))
      .rejectsOnce(refusedWith('InvalidGroup.NotFound'))
      .resolves({ SecurityGroups: [group({ IpPermissions: [], IpPermissionsEgress: [PRESET] })] });
    expect((await securitygroup(cloudOf()).create!(draft(), 't')).id).toBe(ID);
    expect(called()).not.toContain('DeleteSecurityGroup');
  });

  test('whose rules are refused is taken back', async () => {
    ec2.on(CreateSecurityGroupCommand).resolves({ GroupId: ID });
    shows(group({ IpPermissions: [], IpPermissionsEgress: [PRESET] }));
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(refusedWith('RulesPerSecurityGroupLimitExceeded'));
    const message = await fails(securitygroup(cloudOf()).create!(draft(), 't'), 'conflict');
    expect(message).toContain('more rules than the cloud allows');
    expect(sent(DeleteSecurityGroupCommand)).toEqual([{ GroupId: ID }]);
  });

  test('that cannot be taken back either may be there: its token is kept', async () => {
    ec2.on(CreateSecurityGroupCommand).resolves({ GroupId: ID });
    shows(group({ IpPermissions: [], IpPermissionsEgress: [PRESET] }));
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(refusedWith('UnauthorizedOperation', 'x', 403));
    ec2.on(DeleteSecurityGroupCommand).rejects(refusedWith('UnauthorizedOperation', 'x', 403));
    await expect(securitygroup(cloudOf()).create!(draft(), 't')).rejects.toMatchObject({
      failure: 'forbidden',
      unknownOutcome: true,
    });
  });
});

describe('A create that died', () => {
  const unfinished = (cloud = cloudOf()) =>
    group({ GroupName: nameFor(cloud, 't'), IpPermissions: [], IpPermissionsEgress: [PRESET] });

  test('before the rules is not found by its token, and finished by the next', async () => {
    const cloud = cloudOf();
    shows(unfinished());
    expect(await securitygroup(cloud).findByToken!('t')).toBeUndefined();
    ec2.on(CreateSecurityGroupCommand).rejects(refusedWith('InvalidGroup.Duplicate'));
    const made = await securitygroup(cloud).create!(draft(), 't');
    expect([made.id, made.attributes[RULES]]).toEqual([ID, [RULE]]);
    expect(sent(AuthorizeSecurityGroupIngressCommand)).toEqual([{ GroupId: ID, IpPermissions: [WEB] }]);
    expect(called()).not.toContain('DeleteSecurityGroup');
  });

  test('between the rules is finished without any twice', async () => {
    shows({ ...unfinished(), IpPermissions: [WEB] });
    ec2.on(CreateSecurityGroupCommand).rejects(refusedWith('InvalidGroup.Duplicate'));
    await securitygroup(cloudOf()).create!(draft(), 't');
    expect(called()).toEqual([
      'CreateSecurityGroup',
      'DescribeSecurityGroups',
      'DescribeSecurityGroups',
      'RevokeSecurityGroupEgress',
    ]);
  });

  test('after the rules is found by its token', async () => {
    const cloud = cloudOf();
    shows(group({ GroupName: nameFor(cloud, 't') }));
    expect((await securitygroup(cloud).findByToken!('t'))?.id).toBe(ID);
    expect(sent(DescribeSecurityGroupsCommand)[0]!.Filters).toEqual([
      { Name: 'group-name', Values: [nameFor(cloud, 't')] },
    ]);
  });

  test('and whose group EC2 does not show is unavailable, not made twice', async () => {
    shows();
    ec2.on(CreateSecurityGroupCommand).rejects(refusedWith('InvalidGroup.Duplicate'));
    await expect(securitygroup(cloudOf()).create!(draft(), 't')).rejects.toMatchObject({
      failure: 'unavailable',
      unknownOutcome: true,
    });
  });
});

describe('An update', () => {
  test('puts what is new and takes what is gone, and nothing else', async () => {
    const ssh = {
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'office' }],
    };
    shows(group({ IpPermissions: [WEB, ssh] }));
    const rules = [RULE, { type: 'inbound', protocol: 'icmp', port: '8' }];
    const { attributes } = await securitygroup(cloudOf()).update!(ID, change({ [RULES]: rules }));
    expect(attributes[RULES]).toEqual(rules);
    expect(called()).toEqual(['DescribeSecurityGroups', 'AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress']);
    expect(sent(RevokeSecurityGroupIngressCommand)[0]!.IpPermissions).toEqual([ssh]);
  });

  test('never removes what OCCI cannot say, and tells of it', async () => {
    const peers = {
      IpProtocol: 'tcp',
      FromPort: 1,
      ToPort: 2,
      UserIdGroupPairs: [{ GroupId: OTHER }],
      PrefixListIds: [{}],
    };
    shows(group({ IpPermissions: [WEB, peers] }));
    const { attributes } = await securitygroup(cloudOf()).update!(ID, change({}, [RULES]));
    expect(attributes[RULES]).toEqual([]);
    expect(attributes['occi.securitygroup.state.message']).toMatch(/^2 of its rules cannot be shown here, and stay/);
    expect(sent(RevokeSecurityGroupIngressCommand)[0]!.IpPermissions).toEqual([WEB]);
  });

  test('that meets another in the same moment looks again', async () => {
    const theirs = { IpProtocol: 'udp', FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: '10.0.0.2/32' }] };
    ec2
      .on(DescribeSecurityGroupsCommand)
      .resolvesOnce({ SecurityGroups: [group({ IpPermissions: [] })] })
      .resolves({ SecurityGroups: [group({ IpPermissions: [WEB] })] });
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejectsOnce(refusedWith('InvalidPermission.Duplicate')).resolves({});
    const rules = [RULE, { type: 'inbound', protocol: 'udp', range: '10.0.0.2/32', port: '53' }];
    await securitygroup(cloudOf()).update!(ID, change({ [RULES]: rules }));
    const [, second] = sent(AuthorizeSecurityGroupIngressCommand);
    expect(second!.IpPermissions).toEqual([
      { ...theirs, IpRanges: [{ CidrIp: '10.0.0.2/32', Description: 'occi:1' }] },
    ]);
  });

  test('at the limit of rules takes the old ones away first', async () => {
    shows(group());
    ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .rejectsOnce(refusedWith('RulesPerSecurityGroupLimitExceeded'))
      .resolves({});
    await securitygroup(cloudOf()).update!(ID, change({ [RULES]: [{ ...RULE, port: '80' }] }));
    expect(called().slice(1)).toEqual([
      'AuthorizeSecurityGroupIngress',
      'RevokeSecurityGroupIngress',
      'AuthorizeSecurityGroupIngress',
    ]);
  });

  test('that EC2 cannot express changes nothing, not even the title', async () => {
    shows(group());
    const wrong = change({ 'occi.core.title': 'x', [RULES]: [{ ...RULE, port: 'http' }] });
    await fails(securitygroup(cloudOf()).update!(ID, wrong), 'invalid');
    expect(called()).toEqual(['DescribeSecurityGroups']);
  });

  test('of the title is a tag', async () => {
    shows(group());
    const { attributes } = await securitygroup(cloudOf()).update!(ID, change({ 'occi.core.title': 'web' }));
    expect(attributes['occi.core.title']).toBe('web');
    expect(sent(CreateTagsCommand)).toEqual([{ Resources: [ID], Tags: [{ Key: 'Name', Value: 'web' }] }]);
  });
});

describe('Whose a group is', () => {
  const mine = group();
  const anothers = group({ GroupId: OTHER }, 'bob');
  const providers = group({ GroupId: PUBLISHED, GroupName: 'web-servers' }, null);

  test('where the account is shared: one’s own, and those that are published, read only', async () => {
    ec2
      .on(DescribeSecurityGroupsCommand)
      .resolves({ SecurityGroups: [providers] })
      .on(DescribeSecurityGroupsCommand, { Filters: [{ Name: 'tag:occi:tenant', Values: ['anne'] }], MaxResults: 1000 })
      .resolves({ SecurityGroups: [mine] });
    const { items } = await securitygroup(cloudOf({ published: { securityGroups: [PUBLISHED] } })).list({});
    expect(items.map(({ id, published = false }) => [id, published])).toEqual([
      [ID, false],
      [PUBLISHED, true],
    ]);
    expect(items[1]!.attributes['occi.core.title']).toBe('web-servers');
    expect(called()).toHaveLength(2);
  });

  test('where one tenant has the account: all except those of other tenants, and no one can change the default group of a VPC', async () => {
    const first = group({ GroupId: PUBLISHED, GroupName: 'default' }, null);
    const cloud = cloudOf({ tenancy: 'single' });
    const own = group({ GroupId: ID }, null);
    shows(own, anothers, first);
    const { items } = await securitygroup(cloud).list({});
    expect(items.map(({ id, published = false }) => [id, published])).toEqual([
      [ID, false],
      [PUBLISHED, true],
    ]);
    expect(called()).toHaveLength(1);
    shows(first);
    await fails(securitygroup(cloud).remove!(PUBLISHED), 'forbidden');
    await fails(securitygroup(cloud).update!(PUBLISHED, change({ 'occi.core.title': 'x' })), 'forbidden');
  });

  test.each([
    ['another’s', OTHER, anothers],
    ['the provider’s', PUBLISHED, providers],
  ])('%s looks as if it never was', async (_whose, id, one) => {
    const kind = securitygroup(cloudOf());
    shows(one);
    const messages = [
      await fails(kind.get(id), 'notFound'),
      await fails(kind.remove!(id), 'notFound'),
      await fails(kind.update!(id, change({ [RULES]: [] })), 'notFound'),
    ];
    ec2.on(DescribeSecurityGroupsCommand).rejects(refusedWith('InvalidGroup.NotFound'));
    expect(new Set([...messages, await fails(kind.get(id), 'notFound')]).size).toBe(1);
  });

  test.each(['', 'sg-', 'default', 'sg-0123456789abcdefg', 'sg-0123456789abcdef0,sg-1', '*', 'i-0123456789abcdef0'])(
    '%j is rejected without a call',
    async (id) => {
      await fails(securitygroup(cloudOf()).get(id), 'notFound');
      expect(called()).toEqual([]);
    },
  );
});

describe('A delete', () => {
  beforeEach(() => void shows(group()));

  test('of what is in use tells by how many', async () => {
    ec2.on(DeleteSecurityGroupCommand).rejects(refusedWith('DependencyViolation'));
    const using = (machine: string) => ({ NetworkInterfaceId: `eni-${machine}`, Attachment: { InstanceId: machine } });
    ec2
      .on(DescribeNetworkInterfacesCommand)
      .resolvesOnce({ NetworkInterfaces: [using('i-1')], NextToken: 'more' })
      .resolves({ NetworkInterfaces: [using('i-1'), using('i-2')] });
    expect(await fails(securitygroup(cloudOf()).remove!(ID), 'conflict')).toContain('2 computes');
    expect(sent(DescribeNetworkInterfacesCommand)[0]!.Filters).toEqual([{ Name: 'group-id', Values: [ID] }]);
  });

  test('of what a rule of another names tells so', async () => {
    ec2.on(DeleteSecurityGroupCommand).rejects(refusedWith('DependencyViolation'));
    ec2.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [] });
    expect(await fails(securitygroup(cloudOf()).remove!(ID), 'conflict')).toContain('a rule of another securitygroup');
  });

  test('lets its token be used again', async () => {
    const cloud = cloudOf();
    ec2.on(CreateSecurityGroupCommand).resolves({ GroupId: ID });
    await securitygroup(cloud).create!(draft(), 't');
    await securitygroup(cloud).create!(draft(), 't');
    expect(sent(CreateSecurityGroupCommand)).toHaveLength(1);
    await securitygroup(cloud).remove!(ID);
    await securitygroup(cloud).create!(draft(), 't');
    expect(sent(CreateSecurityGroupCommand)).toHaveLength(2);
  });
});

describe('Groups among the links of a new machine', () => {
  const to = (id: string, kind = 'securitygroup') =>
    ({ kind: 'securitygrouplink', attributes: {}, mixins: [], target: { kind, id } }) as unknown as LinkDraft;
  const others = { kind: 'networkinterface', attributes: {}, mixins: [], target: { kind: 'network', id: 'subnet-1' } };

  test('cost no call where there are none, and one however many', async () => {
    expect((await linkedGroups(cloudOf(), [others as unknown as LinkDraft])).map(({ GroupId }) => GroupId)).toEqual([]);
    expect(called()).toEqual([]);
    shows(group({ GroupId: OTHER }), group());
    expect((await linkedGroups(cloudOf(), [to(ID), to(OTHER)])).map(({ GroupId }) => GroupId)).toEqual([ID, OTHER]);
    expect(called()).toHaveLength(1);
  });

  test.each<[string, LinkDraft[], SecurityGroup[]]>([
    ['is not there', [to(ID), to(OTHER)], [group()]],
    ['is another’s', [to(OTHER)], [group({ GroupId: OTHER }, 'bob')]],
    ['is the provider’s', [to(PUBLISHED)], [group({ GroupId: PUBLISHED }, null)]],
    ['is none', [to('x')], []],
  ])('are refused where one %s', async (_what, links, groups) => {
    shows(...groups);
    expect(await fails(linkedGroups(cloudOf(), links), 'invalid')).toBe('There is no such securitygroup.');
  });

  test('are refused where one stands twice, or is no group', async () => {
    expect(await fails(linkedGroups(cloudOf(), [to(ID), to(ID)]), 'invalid')).toContain('only once');
    await fails(linkedGroups(cloudOf(), [to('subnet-0123456789abcdef0', 'network')]), 'invalid');
  });
});

test('Permissions are one call for each direction', async () => {
  ec2.on(CreateSecurityGroupCommand).resolves({ GroupId: ID });
  shows(group({ IpPermissions: [], IpPermissionsEgress: [PRESET] }));
  const many = Array.from({ length: 50 }, (_, place) => ({ ...RULE, port: String(1000 + place) }));
  await securitygroup(cloudOf()).create!(
    draft({ [RULES]: many.map((rule, place) => ({ ...rule, type: place % 2 ? 'inbound' : 'outbound' })) }),
    't',
  );
  expect(sent(AuthorizeSecurityGroupIngressCommand)).toHaveLength(1);
  expect(sent(AuthorizeSecurityGroupEgressCommand)).toHaveLength(1);
});

test.each([
  ['is in no answer', [], true],
  ['has no tags yet', [group({}, null)], true],
  ["is another's", [group({}, 'bob')], false],
])('A group that %s is not there, and may be unseen', async (_what, groups, unseen) => {
  shows(...groups);
  await expect(securitygroup(cloudOf()).get(ID)).rejects.toMatchObject({ failure: 'notFound', unseen });
});

test.each(['InvalidGroup.NotFound', 'InvalidGroupId.NotFound'])(
  'A group that is gone when it is deleted (%s) is deleted',
  async (code) => {
    shows(group());
    ec2.on(DeleteSecurityGroupCommand).rejects(refusedWith(code));
    await securitygroup(cloudOf()).remove!(ID);
  },
);
