/**
 * The security groups of a new machine. Members of EC2's default group of a VPC reach each other on every port: where
 * several tenants share the account no machine gets it, but one that the settings name, or a group of the tenant's own
 * that lets nothing in.
 */

import type { Draft, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { type Cloud, memoryOf } from '../cloud.ts';
import { type SecurityGroup, securityGroups, subnets } from '../native/index.ts';
import { madeUnder, makeGroup } from '../securitygroup/create.ts';
import { isUnfinished } from '../securitygroup/permissions.ts';
import { RULES } from '../securitygroup/reads.ts';

/** What a launch is given. */
export interface LaunchGroups {
  /** None: EC2 gives its default. */
  readonly ids: readonly NativeId[];
  /** The group was not asked for, it is the tenant's own of this VPC. */
  readonly isPreset: boolean;
}

const lacking = (): OcciError =>
  new OcciError('internal', 'The cloud lacks something that its provider has configured.');

/** Facts about the settings are the same for all tenants of an account; they never change. */
const memoryOfSettings = ({ account }: Cloud): string => `vpc ${account.role?.arn ?? ''}`;

/** The VPC of the subnet that machines without a network go to: 1 call, once per process. Undefined: EC2's default. */
async function vpcOfSubnet(cloud: Cloud): Promise<string | undefined> {
  const { subnet } = cloud.settings;
  if (subnet === undefined) return undefined;
  return cloud.tokens.createOnce(memoryOfSettings(cloud), subnet, async () => {
    const input = { Filters: [{ Name: 'subnet-id', Values: [subnet] }] };
    const { items } = await translateErrors('network', () => cloud.ec2.call('DescribeSubnets', input, subnets));
    const [found] = items;
    if (!found) throw lacking();
    return found.VpcId;
  });
}

/** The VPC of the group of the settings: 1 call, once per process. */
const vpcOfGroup = (cloud: Cloud, group: NativeId): Promise<string> =>
  cloud.tokens.createOnce(memoryOfSettings(cloud), group, async () => {
    const input = { Filters: [{ Name: 'group-id', Values: [group] }] };
    const { items } = await translateErrors('securitygroup', () =>
      cloud.ec2.call('DescribeSecurityGroups', input, securityGroups),
    );
    const vpc = items[0]?.VpcId;
    if (vpc === undefined) throw lacking();
    return vpc;
  });

/** Throws `conflict` for groups that a machine in this VPC, or any machine, cannot have together. */
function requireOneVpc(linked: readonly SecurityGroup[], vpc: string | undefined): void {
  const [first, ...others] = [vpc, ...linked.map(({ VpcId }) => VpcId)].filter((one) => one !== undefined);
  if (others.every((one) => one === first)) return;
  throw new OcciError('conflict', 'The securitygroup belongs to other networks (another VPC) than the compute.');
}

const PRESET: Draft<'securitygroup'> = {
  kind: 'securitygroup',
  attributes: { 'occi.core.title': 'default', [RULES]: [{ type: 'outbound', protocol: 'all' }] as never },
  mixins: [],
  links: [],
};

/**
 * The tenant's own group for machines in this VPC, made if it is not there: no call if this process knows it, else 1,
 * and those of `makeGroup`. Its rules are the tenant's to change; deleted, it is made anew when it is needed next.
 */
const presetGroup = (cloud: Cloud, vpc: string | undefined): Promise<NativeId> =>
  cloud.tokens.createOnce(`${memoryOf(cloud, 'securitygroup')} preset`, vpc ?? '', () =>
    translateErrors('securitygroup', async () => {
      const token = `default group ${vpc ?? 'of EC2'}`;
      const earlier = await madeUnder(cloud, token);
      // One that is finished may have other rules since.
      if (earlier && !isUnfinished(earlier)) return earlier.GroupId;
      const { group } = await makeGroup(cloud, PRESET, token, vpc);
      return group.GroupId;
    }),
  );

/**
 * The groups of a launch: those that are linked, else the one of the settings if it is in the VPC, else the tenant's
 * own where the account is shared. `networks` is the VPC of the linked networks. Throws `conflict` for groups of
 * another VPC.
 */
export async function groupsOfLaunch(
  cloud: Cloud,
  linked: readonly SecurityGroup[],
  networks: string | undefined,
): Promise<LaunchGroups> {
  const { account, settings } = cloud;
  const { securityGroup } = settings;
  if (linked.length === 0 && !account.fenced && securityGroup === undefined) return { ids: [], isPreset: false };
  const vpc = networks ?? (await vpcOfSubnet(cloud));
  if (linked.length > 0) {
    requireOneVpc(linked, vpc);
    return { ids: linked.map(({ GroupId }) => GroupId), isPreset: false };
  }
  if (securityGroup !== undefined) {
    const of = await vpcOfGroup(cloud, securityGroup);
    if (vpc === undefined || vpc === of) return { ids: [securityGroup], isPreset: false };
  }
  return account.fenced ? { ids: [await presetGroup(cloud, vpc)], isPreset: true } : { ids: [], isPreset: false };
}
