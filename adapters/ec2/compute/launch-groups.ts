/**
 * The security groups of a new instance. Members of the default group of a VPC reach each other on every port, so in a
 * shared account an instance never gets it. It gets the group of the settings, or a default group of the tenant that
 * allows no inbound traffic.
 */

import type { Draft, NativeId } from '../../../lib/adapter/contract.ts';
import { RULES } from '../../../lib/adapter/security-rules.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { type Cloud, memoryOf } from '../cloud.ts';
import { type SecurityGroup, securityGroups } from '../native/index.ts';
import { madeUnder, makeGroup } from '../securitygroup/create.ts';
import { isUnfinished } from '../securitygroup/permissions.ts';
import { lacking, memoryOfSettings, presetSubnet } from './preset-subnet.ts';

/** The security groups of a launch. */
export interface LaunchGroups {
  /** Empty for the default of EC2. */
  readonly ids: readonly NativeId[];
  /** True if no group was requested and this is the tenant's default group of the VPC. */
  readonly isPreset: boolean;
}

/** The VPC of the group in the settings: 1 call per process. */
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

/** Throws `conflict` for groups of different VPCs, or of another VPC than the instance. */
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
 * The tenant's default group for instances in this VPC, created if it is missing: no call if this process knows it,
 * else 1 and those of `makeGroup`. The tenant may change its rules. If it is deleted, the next launch creates it again.
 */
const presetGroup = (cloud: Cloud, vpc: string | undefined): Promise<NativeId> =>
  cloud.tokens.createOnce(`${memoryOf(cloud, 'securitygroup')} preset`, vpc ?? '', () =>
    translateErrors('securitygroup', async () => {
      const token = `default group ${vpc ?? 'of EC2'}`;
      const earlier = await madeUnder(cloud, token);
      // Leave a finished group alone: the tenant may have changed its rules.
      if (earlier && !isUnfinished(earlier)) return earlier.GroupId;
      const { group } = await makeGroup(cloud, PRESET, token, vpc);
      return group.GroupId;
    }),
  );

/**
 * The groups of a launch: the linked ones, else the one of the settings if it is in the VPC, else the tenant's default
 * group in a shared account. `networks` is the VPC of the linked networks. Throws `conflict` for groups of another VPC.
 */
export async function groupsOfLaunch(
  cloud: Cloud,
  linked: readonly SecurityGroup[],
  networks: string | undefined,
): Promise<LaunchGroups> {
  const { account, settings } = cloud;
  const { securityGroup } = settings;
  if (linked.length === 0 && !account.fenced && securityGroup === undefined) return { ids: [], isPreset: false };
  const vpc = networks ?? (await presetSubnet(cloud))?.vpc;
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
