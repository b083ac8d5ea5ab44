/**
 * Who has addresses that EC2 has just refused to give a second time. CreateSubnet has no ClientToken, but no two subnets
 * of a VPC share addresses: an earlier attempt of the same create may have them, and may not be visible yet.
 */

import type { Filter } from '@aws-sdk/client-ec2';
import { readAll } from '../api/pages.ts';
import { notShownYet, shown } from '../api/visibility.ts';
import { type Cloud, isOwn, TAG, tagOf } from '../cloud.ts';
import { type Subnet, subnets } from '../native/index.ts';
import { overlap } from './free-block.ts';
import { isVisibleSubnet } from './reads.ts';

/** How long a subnet without any tag may be a new one of ours that EC2 does not show whole. */
const UNTAGGED_MS = 3000;

/** True for a subnet that may be one of ours and that EC2 shows without its tags. */
const isBare = (cloud: Cloud, subnet: Subnet): boolean =>
  subnet.Tags.length === 0 && isVisibleSubnet(cloud, subnet) !== 'published';

/**
 * The subnet of an earlier attempt under this token, if it is what has taken the IPv4 block; undefined if another
 * network has. 1 call, more while EC2 does not show what has the block. Throws `unavailable` if it is not shown in time,
 * because a network in another block would then be a second one.
 */
export async function earlierAt(cloud: Cloud, vpc: string, block: string, token: string): Promise<Subnet | undefined> {
  const Filters: Filter[] = [{ Name: 'vpc-id', Values: [vpc] }];
  const read = async () => {
    const all = await readAll(cloud, 'DescribeSubnets', { Filters }, subnets);
    return all.find(({ CidrBlock }) => CidrBlock !== undefined && overlap(CidrBlock, block));
  };
  const holder = await shown(cloud, read);
  if (!holder) throw notShownYet('network');
  const readTagged = async () => {
    const now = await read();
    return now && isBare(cloud, now) ? undefined : now;
  };
  const whole = isBare(cloud, holder) ? await shown(cloud, readTagged, { longestMs: UNTAGGED_MS }) : holder;
  const isEarlier = whole && isOwn(cloud, whole.Tags) && tagOf(whole.Tags, TAG.token) === token;
  return isEarlier ? whole : undefined;
}
