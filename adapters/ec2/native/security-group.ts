/** Security groups with their rules. */
import * as z from 'zod';
import { listOf, tags } from './tags.ts';

export const permission = z.object({
  IpProtocol: z.string(),
  FromPort: z.int().optional(),
  ToPort: z.int().optional(),
  IpRanges: listOf(z.object({ CidrIp: z.string(), Description: z.string().optional() })),
  Ipv6Ranges: listOf(z.object({ CidrIpv6: z.string(), Description: z.string().optional() })),
  /** Rules that name other groups or prefix lists: OCCI has no words for them. */
  UserIdGroupPairs: listOf(z.unknown()),
  PrefixListIds: listOf(z.unknown()),
});
export type Permission = z.infer<typeof permission>;

export const securityGroup = z.object({
  GroupId: z.string(),
  GroupName: z.string(),
  VpcId: z.string().optional(),
  IpPermissions: listOf(permission),
  IpPermissionsEgress: listOf(permission),
  Tags: tags,
});
export type SecurityGroup = z.infer<typeof securityGroup>;

export const securityGroups = z
  .object({ SecurityGroups: listOf(securityGroup), NextToken: z.string().optional() })
  .transform(({ SecurityGroups, NextToken }) => ({ items: SecurityGroups, ...(NextToken && { next: NextToken }) }));

export const securityGroupMade = z.object({ GroupId: z.string() });
