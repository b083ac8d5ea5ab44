/** Replaces the rules of a group. Missing rules are added first, so that allowed traffic is never interrupted. */
import * as z from 'zod';
import type { CallName } from '../api/call-types.ts';
import { isRefused } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import type { SecurityGroup } from '../native/index.ts';
import { type Difference, difference, rulesOf, toPermission } from './permissions.ts';
import type { Entry } from './rules.ts';

type Change = 'authorize' | 'revoke' | 'relabel';
type Direction = Entry['type'];

/** The call of each change, by direction. */
const CALLS = {
  authorize: { inbound: 'AuthorizeSecurityGroupIngress', outbound: 'AuthorizeSecurityGroupEgress' },
  revoke: { inbound: 'RevokeSecurityGroupIngress', outbound: 'RevokeSecurityGroupEgress' },
  relabel: {
    inbound: 'UpdateSecurityGroupRuleDescriptionsIngress',
    outbound: 'UpdateSecurityGroupRuleDescriptionsEgress',
  },
} as const satisfies Record<Change, Record<Direction, CallName>>;

const DIRECTIONS: readonly Direction[] = ['inbound', 'outbound'];

/** One call for all rules of a direction, or no call without rules. */
async function call(cloud: Cloud, id: string, change: Change, direction: Direction, all: Difference): Promise<void> {
  const entries = all[change].filter(({ type }) => type === direction);
  if (entries.length === 0) return;
  await cloud.ec2.call(
    CALLS[change][direction],
    { GroupId: id, IpPermissions: entries.map(toPermission) },
    z.unknown(),
  );
}

/** 0 to 6 calls. A group at its limit of rules must lose the old ones first. */
async function apply(cloud: Cloud, id: string, all: Difference): Promise<void> {
  const full = new Set<Direction>();
  for (const direction of DIRECTIONS) {
    try {
      await call(cloud, id, 'authorize', direction, all);
    } catch (error) {
      const hasOthers = all.revoke.some(({ type }) => type === direction);
      if (!hasOthers || !isRefused(error, /^RulesPerSecurityGroupLimitExceeded$/)) throw error;
      full.add(direction);
    }
  }
  for (const direction of DIRECTIONS) await call(cloud, id, 'relabel', direction, all);
  for (const direction of DIRECTIONS) await call(cloud, id, 'revoke', direction, all);
  for (const direction of full) await call(cloud, id, 'authorize', direction, all);
}

/** How often a change is tried when concurrent requests change the same rules. */
const MAX_ATTEMPTS = 4;

/**
 * Adds the wanted rules to a group and removes the other ones. Rules that OCCI cannot express stay, and so do rules
 * that a concurrent request adds. Calls `read` first, and again after a collision. Resolves to the group and its new
 * rules. Throws `Refusal`.
 */
export async function putRules(
  cloud: Cloud,
  read: () => Promise<SecurityGroup>,
  wanted: readonly Entry[],
): Promise<{ readonly group: SecurityGroup; readonly entries: readonly Entry[] }> {
  for (let attempt = 1; ; attempt++) {
    const group = await read();
    const all = difference(rulesOf(group).entries, wanted);
    try {
      await apply(cloud, group.GroupId, all);
      return { group, entries: all.after };
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isRefused(error, /^InvalidPermission\.(Duplicate|NotFound)$/)) throw error;
    }
  }
}
