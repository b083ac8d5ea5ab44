/** The rules of a group made equal to others: what is missing first, so that nothing is shut that is to stay open. */
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

/** One call for all rules of a direction; none if there are none. */
async function call(cloud: Cloud, id: string, change: Change, direction: Direction, all: Difference): Promise<void> {
  const entries = all[change].filter(({ type }) => type === direction);
  if (entries.length === 0) return;
  await cloud.ec2.call(
    CALLS[change][direction],
    { GroupId: id, IpPermissions: entries.map(toPermission) },
    z.unknown(),
  );
}

/** 0 to 6 calls. At the limit of rules per group the old ones must go first. */
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

/** How often the rules are looked at anew when somebody else changes them in the same moment. */
const ROUNDS = 4;

/**
 * Gives a group the rules that are wanted and takes from it those that OCCI can show and that are not; rules that it
 * cannot show, and those that somebody else adds meanwhile, stay. `read` is asked at the beginning and after a
 * collision. Answers the group and its rules as they are then. Throws what EC2 refuses.
 */
export async function putRules(
  cloud: Cloud,
  read: () => Promise<SecurityGroup>,
  wanted: readonly Entry[],
): Promise<{ readonly group: SecurityGroup; readonly entries: readonly Entry[] }> {
  for (let round = 1; ; round++) {
    const group = await read();
    const all = difference(rulesOf(group).entries, wanted);
    try {
      await apply(cloud, group.GroupId, all);
      return { group, entries: all.after };
    } catch (error) {
      if (round === ROUNDS || !isRefused(error, /^InvalidPermission\.(Duplicate|NotFound)$/)) throw error;
    }
  }
}
