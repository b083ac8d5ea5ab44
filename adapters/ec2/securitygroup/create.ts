/** Making a security group: the group, then its rules. A create that is repeated finishes what an earlier one began. */
import * as z from 'zod';
import type { Draft } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, toOcciError } from '../api/errors.ts';
import { type Cloud, isOwn, nameFor, tagsFor } from '../cloud.ts';
import { type SecurityGroup, securityGroupMade, securityGroups } from '../native/index.ts';
import { RULES } from './reads.ts';
import { fromRules } from './rule-entries.ts';
import type { Entry } from './rules.ts';
import { putRules } from './write-rules.ts';

/** The description that every group must have and nobody can change. */
const DESCRIPTION = 'Made through OCCI';

/** The group that a create with this token began: 1 call. */
export async function madeUnder(cloud: Cloud, token: string): Promise<SecurityGroup | undefined> {
  const Filters = [{ Name: 'group-name', Values: [nameFor(cloud, token)] }];
  const { items } = await cloud.ec2.call('DescribeSecurityGroups', { Filters }, securityGroups);
  return items.find(({ Tags }) => isOwn(cloud, Tags));
}

/** How often something new is looked for, and the first pause between two looks, in milliseconds; it doubles. */
const LOOKS = 5;
const PAUSE = 100;

/**
 * Works with what was made a moment ago: EC2 may say for a while that there is no such group, or show none (undefined).
 * Throws `unavailable` when it goes on so; the group is there all the same.
 */
async function onceSeen<T>(work: () => Promise<T | undefined>): Promise<T> {
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE * 2 ** (look - 1)));
    const result = await work().catch((error) => {
      if (!isRefused(error, /^InvalidGroup(Id)?\.NotFound$/)) throw error;
    });
    if (result !== undefined) return result;
  }
  throw new OcciError('unavailable', 'The securitygroup was made and the cloud does not show it yet; try again.', {
    unknownOutcome: true,
    headers: { 'Retry-After': '5' },
  });
}

/**
 * A new group gets its rules: 2 calls, 1 more per direction, and 1 more per direction if an earlier attempt gave it
 * others.
 */
const furnish = (cloud: Cloud, id: string, wanted: readonly Entry[]) =>
  onceSeen(() => {
    const read = async () => {
      const { items } = await cloud.ec2.call('DescribeSecurityGroups', { GroupIds: [id] }, securityGroups);
      return items[0]!;
    };
    return putRules(cloud, read, wanted);
  });

/** Takes back what could not be furnished. What cannot be taken back either, a repeated create finds by its name. */
async function takeBack(cloud: Cloud, id: string, error: unknown): Promise<OcciError> {
  const told = toOcciError(error, 'securitygroup');
  try {
    await cloud.ec2.call('DeleteSecurityGroup', { GroupId: id }, z.unknown());
    return told;
  } catch {
    const { failure, message, headers } = told;
    return new OcciError(failure, message, { cause: error, headers, unknownOutcome: true });
  }
}

/**
 * Makes a group and gives it the rules of the draft: 3 calls, and 1 for each direction that has rules. EC2's own rule
 * for everything outbound is in every new group: it is the last to go, and tells until then that the group is not
 * finished. Without a VPC it is in EC2's default. Throws `Refusal` or `OcciError`.
 */
export async function makeGroup(cloud: Cloud, draft: Draft<'securitygroup'>, token: string, vpc: string | undefined) {
  const wanted = fromRules(draft.attributes[RULES] ?? []);
  const input = {
    GroupName: nameFor(cloud, token),
    Description: DESCRIPTION,
    ...(vpc !== undefined && { VpcId: vpc }),
    TagSpecifications: [{ ResourceType: 'security-group' as const, Tags: tagsFor(cloud, token, draft) }],
  };
  let id: string;
  try {
    ({ GroupId: id } = await cloud.ec2.call('CreateSecurityGroup', input, securityGroupMade));
  } catch (error) {
    if (!isRefused(error, /^InvalidGroup\.Duplicate$/)) throw error;
    const earlier = await onceSeen(() => madeUnder(cloud, token));
    return furnish(cloud, earlier.GroupId, wanted);
  }
  return furnish(cloud, id, wanted).catch(async (error) => {
    throw await takeBack(cloud, id, error);
  });
}
