/** Creates a security group: first the group, then its rules. A repeated create completes an unfinished group. */
import * as z from 'zod';
import type { Draft } from '../../../lib/adapter/contract.ts';
import { RULES } from '../../../lib/adapter/security-rules.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, toOcciError } from '../api/errors.ts';
import { notShownYet, shown } from '../api/visibility.ts';
import { type Cloud, isOwn, nameFor, tagsFor } from '../cloud.ts';
import { type SecurityGroup, securityGroupMade, securityGroups } from '../native/index.ts';
import { fromRules } from './rule-entries.ts';
import type { Entry } from './rules.ts';
import { putRules } from './write-rules.ts';

/** EC2 requires a description, which can never be changed. */
const DESCRIPTION = 'Made through OCCI';

/** The group of an earlier create with this token, finished or not: 1 call. */
export async function madeUnder(cloud: Cloud, token: string): Promise<SecurityGroup | undefined> {
  const Filters = [{ Name: 'group-name', Values: [nameFor(cloud, token)] }];
  const { items } = await cloud.ec2.call('DescribeSecurityGroups', { Filters }, securityGroups);
  return items.find(({ Tags }) => isOwn(cloud, Tags));
}

/** What EC2 says of a group that it does not show yet. */
const UNSEEN = /^Invalid(Group(Id)?|SecurityGroupID)\.NotFound$/;

/**
 * Repeats work on a new group until EC2 shows the group: at first EC2 may answer NotFound, or an empty list
 * (undefined). Throws `unavailable` if it does not in time; the group exists all the same.
 */
async function onceGroupIsShown<T>(cloud: Cloud, work: () => Promise<T | undefined>): Promise<T> {
  const result = await shown(cloud, work, { codes: UNSEEN });
  if (result === undefined) throw notShownYet('securitygroup');
  return result;
}

/**
 * Gives a new group its rules: 2 calls, 1 more per direction, and 1 more per direction if an earlier attempt wrote
 * other rules.
 */
const writeRules = (cloud: Cloud, id: string, wanted: readonly Entry[]) =>
  onceGroupIsShown(cloud, () => {
    const read = async () => {
      const { items } = await cloud.ec2.call('DescribeSecurityGroups', { GroupIds: [id] }, securityGroups);
      return items[0]!;
    };
    return putRules(cloud, read, wanted);
  });

/**
 * Deletes a group whose rules could not be written. If the delete fails too, or EC2 has not shown the group in time, a
 * repeated create finds it by name.
 */
async function rollBack(cloud: Cloud, id: string, error: unknown): Promise<OcciError> {
  const clientError = toOcciError(error, 'securitygroup');
  try {
    await cloud.ec2.call('DeleteSecurityGroup', { GroupId: id }, z.unknown());
    return clientError;
  } catch {
    const { failure, message, headers } = clientError;
    return new OcciError(failure, message, { cause: error, headers, unknownOutcome: true });
  }
}

/**
 * Creates a group with the rules of the draft: 3 calls, and 1 for each direction that has rules. EC2 adds a rule that
 * allows all outbound traffic to every new group. We remove it last, so its presence marks an unfinished group. Without
 * `vpc` EC2 uses its default VPC. Throws `Refusal` or `OcciError`.
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
    const earlier = await onceGroupIsShown(cloud, () => madeUnder(cloud, token));
    return writeRules(cloud, earlier.GroupId, wanted);
  }
  return writeRules(cloud, id, wanted).catch(async (error) => {
    throw await rollBack(cloud, id, error);
  });
}
