/** Converts rules to and from EC2's permissions, and computes the changes that turn one set of rules into another. */
import type { IpPermission } from '@aws-sdk/client-ec2';
import { canonicalCidr, isIpv6 } from '../../../lib/adapter/cidr.ts';
import type { Ports } from '../../../lib/adapter/security-rules.ts';
import type { Permission, SecurityGroup } from '../native/index.ts';
import { type Entry, isMessage, isOurLabel, isPorted, keyOf, protocolOf, toRules } from './rules.ts';

/** The ports of a permission; undefined if OCCI cannot express them: a single code of an ICMP message type. */
function portsOf(protocol: string, { FromPort, ToPort }: Permission): Ports | undefined {
  if (!isPorted(protocol) || FromPort === undefined || FromPort === -1) return {};
  if (!isMessage(protocol))
    return FromPort === 0 && ToPort === 65_535 ? {} : { from: FromPort, to: ToPort ?? FromPort };
  return ToPort === undefined || ToPort === -1 ? { from: FromPort, to: FromPort } : undefined;
}

/** The rules of one permission, and the number of its rules that OCCI cannot express. */
function read(type: Entry['type'], permission: Permission): { entries: Entry[]; hidden: number } {
  const protocol = protocolOf(permission.IpProtocol);
  const ports = protocol === undefined ? undefined : portsOf(protocol, permission);
  const ranges = [
    ...permission.IpRanges.map(({ CidrIp, Description }) => ({ cidr: CidrIp, Description })),
    ...permission.Ipv6Ranges.map(({ CidrIpv6, Description }) => ({ cidr: CidrIpv6, Description })),
  ];
  const hidden = permission.UserIdGroupPairs.length + permission.PrefixListIds.length;
  if (protocol === undefined || !ports) return { entries: [], hidden: hidden + ranges.length };
  const entries = ranges.map(({ cidr, Description: label }) => ({
    type,
    protocol,
    ...ports,
    cidr: canonicalCidr(cidr) ?? cidr,
    ...(label && { label }),
  }));
  return { entries, hidden };
}

/** The rules of a group that OCCI can express, and the number of the others, which we never change. */
export function rulesOf({ IpPermissions, IpPermissionsEgress }: SecurityGroup): {
  readonly entries: readonly Entry[];
  readonly hidden: number;
} {
  const all = [
    ...IpPermissions.map((permission) => read('inbound', permission)),
    ...IpPermissionsEgress.map((permission) => read('outbound', permission)),
  ];
  return {
    entries: all.flatMap(({ entries }) => entries),
    hidden: all.reduce((sum, { hidden }) => sum + hidden, 0),
  };
}

function nativePorts({ protocol, from, to }: Entry): Pick<IpPermission, 'FromPort' | 'ToPort'> {
  if (protocol === 'all') return {};
  if (!isPorted(protocol)) return { FromPort: -1, ToPort: -1 };
  return isMessage(protocol) ? { FromPort: from ?? -1, ToPort: -1 } : { FromPort: from ?? 0, ToPort: to ?? 65_535 };
}

/** A rule for Authorize, Revoke and UpdateDescriptions. EC2 identifies a rule by everything except its description. */
export function toPermission(entry: Entry): IpPermission {
  const { protocol, cidr, label } = entry;
  const Description = label === undefined ? {} : { Description: label };
  return {
    IpProtocol: protocol === 'all' ? '-1' : protocol,
    ...nativePorts(entry),
    ...(isIpv6(cidr)
      ? { Ipv6Ranges: [{ CidrIpv6: cidr, ...Description }] }
      : { IpRanges: [{ CidrIp: cidr, ...Description }] }),
  };
}

/** The changes that turn the present rules of a group into the wanted ones. */
export interface Difference {
  readonly authorize: readonly Entry[];
  readonly revoke: readonly Entry[];
  /** Rules that stay but get another label. */
  readonly relabel: readonly Entry[];
  /** The rules after the changes. */
  readonly after: readonly Entry[];
}

/**
 * Keeps the present labels if the rules read the same with them. Never changes a label that this adapter did not write.
 */
export function difference(present: readonly Entry[], wanted: readonly Entry[]): Difference {
  const [had, wants] = [present, wanted].map((all) => new Map(all.map((entry) => [keyOf(entry), entry]))) as [
    Map<string, Entry>,
    Map<string, Entry>,
  ];
  const authorize = wanted.filter((entry) => !had.has(keyOf(entry)));
  const revoke = present.filter((entry) => !wants.has(keyOf(entry)));
  const kept = wanted.flatMap((entry) => had.get(keyOf(entry)) ?? []);
  const withPresentLabels = [...kept, ...authorize];
  const isSame = JSON.stringify(toRules(withPresentLabels)) === JSON.stringify(toRules(wanted));
  if (isSame && kept.every(({ label }) => label !== undefined))
    return { authorize, revoke, relabel: [], after: withPresentLabels };
  const relabel = kept.flatMap((entry) => {
    const other = wants.get(keyOf(entry))!;
    return isOurLabel(entry.label) && entry.label !== other.label ? [other] : [];
  });
  const changed = new Map(relabel.map((entry) => [keyOf(entry), entry]));
  return { authorize, revoke, relabel, after: withPresentLabels.map((entry) => changed.get(keyOf(entry)) ?? entry) };
}

/** The rule that EC2 adds to every new group, as long as it has no label. */
const isPreset = ({ type, protocol, cidr, label }: Entry): boolean =>
  type === 'outbound' && protocol === 'all' && label === undefined && (cidr === '0.0.0.0/0' || cidr === '::/0');

/** True for a group whose create is not complete: the last step removes or labels EC2's own rule. */
export const isUnfinished = (group: SecurityGroup): boolean => rulesOf(group).entries.some(isPreset);
