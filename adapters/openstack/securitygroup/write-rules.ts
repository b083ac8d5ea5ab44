/** Puts rules into a group and takes the others away. What is missing is added first, so that traffic goes on. */
import * as z from 'zod';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import type { Cloud } from '../cloud.ts';
import type { SecurityGroup } from '../native/security-group.ts';
import { difference } from './difference.ts';
import { ALL } from './protocols.ts';
import type { Wanted } from './rule-entries.ts';
import { ANYWHERE, type Entry, entriesOf, labelText } from './rules.ts';

/** How often a change is tried when other requests change the same rules. */
const MAX_ATTEMPTS = 4;
/** Rules that are taken away at the same time; Neutron has no call for several. */
const AT_ONCE = 4;

const isRefused = (error: unknown, types: RegExp): error is Refusal =>
  error instanceof Refusal && types.test(error.type);

/** The network is always named: Neutron's own rules name none, and so ours can be told from them. */
export const toNative = (group: string, { type, family, protocol, from, to, cidr, label }: Entry) => ({
  security_group_id: group,
  direction: type === 'inbound' ? 'ingress' : 'egress',
  ethertype: `IPv${family}`,
  ...(protocol !== ALL && { protocol: protocol === 'icmpv6' ? 'ipv6-icmp' : protocol }),
  ...(from !== undefined && { port_range_min: from }),
  ...(from !== undefined && protocol !== 'icmp' && protocol !== 'icmpv6' && { port_range_max: to }),
  remote_ip_prefix: cidr ?? ANYWHERE[family],
  ...(label && { description: labelText(label) }),
});

/** All of them or none: 1 call. */
async function add({ client }: Cloud, group: string, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  const body = { security_group_rules: entries.map((entry) => toNative(group, entry)) };
  await client.call('network', 'POST', path`security-group-rules`, z.unknown(), { body });
}

/** 1 call for each. One that is gone already is as it was wanted. */
async function remove({ client }: Cloud, entries: readonly Pick<Entry, 'id'>[]): Promise<void> {
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    await Promise.all(
      entries.slice(at, at + AT_ONCE).map(async ({ id = '' }) => {
        try {
          await client.call('network', 'DELETE', path`security-group-rules/${id}`, z.unknown(), { repeatable: true });
        } catch (error) {
          if (!isRefused(error, /^SecurityGroupRuleNotFound$/)) throw error;
        }
      }),
    );
  }
}

/** A project at its quota must lose the old rules first; they come back if the new ones do not fit then either. */
async function replace(cloud: Cloud, group: string, added: readonly Entry[], removed: readonly Entry[]): Promise<void> {
  try {
    await add(cloud, group, added);
  } catch (error) {
    if (removed.length === 0 || !isRefused(error, /^OverQuota$/)) throw error;
    await remove(cloud, removed);
    await add(cloud, group, added).catch(async (refused) => {
      await add(cloud, group, removed).catch(() => {});
      throw refused;
    });
    return;
  }
  await remove(cloud, removed);
}

/**
 * Gives a new group, which nothing uses yet, these rules and no others: 1 call, and 1 for each that is there. Rules that
 * Neutron made itself are made again, so that all come back as they were given. Throws `Refusal`.
 */
export async function fillNew(cloud: Cloud, group: SecurityGroup, wanted: readonly Wanted[]): Promise<void> {
  await remove(cloud, group.security_group_rules);
  await add(cloud, group.id, difference([], wanted).add);
}

/**
 * Gives a group the wanted rules; those that OCCI cannot express stay. Rules that another request adds meanwhile are seen
 * again: `read` gives the group, first as it is known. Throws `Refusal`.
 */
export async function putRules(
  cloud: Cloud,
  read: () => Promise<SecurityGroup>,
  wanted: readonly Wanted[],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const group = await read();
    const change = difference(entriesOf(group.security_group_rules).entries, wanted);
    try {
      await replace(cloud, group.id, change.add, change.remove);
      return;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isRefused(error, /^(SecurityGroupRuleExists|RevisionNumberConstraintFailed)$/))
        throw error;
    }
  }
}
