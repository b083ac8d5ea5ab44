/**
 * Rules of security groups, whole both ways. A rule of Neutron has one direction, family, protocol, range of ports and
 * network, so one of OCCI with a list of ports or without a network becomes several. Their descriptions say which belong
 * together, and in which order: Neutron keeps none. A rule cannot be changed in Neutron, so a description stays.
 */
import { canonicalCidr } from '../../../lib/adapter/cidr.ts';
import {
  compareInOrder,
  LAST_PORT,
  type OcciRule,
  type Ports,
  portOfTogether,
  portText,
} from '../../../lib/adapter/security-rules.ts';
import type { SecurityGroupRule } from '../native/security-group.ts';
import { familiesOf, hasMessages, hasPorts, numberOf, protocolOf } from './protocols.ts';

/** One rule of Neutron. */
export interface Entry extends Ports {
  readonly type: OcciRule['type'];
  readonly family: 4 | 6;
  readonly protocol: string;
  /** Absent for any address of the family. */
  readonly cidr?: string;
  readonly label?: Label;
  /** Neutron's id of one that is there. */
  readonly id?: string;
}

/** Where the OCCI rule behind an entry stands, and whether it names no network. */
export interface Label {
  readonly place: number;
  readonly isAny: boolean;
}

const LABEL = /^occi:(\d{1,5}(?:\.\d{1,9})?)(:any)?$/;

/** A label as it stands in a description. */
export const labelText = ({ place, isAny }: Label): string => `occi:${place}${isAny ? ':any' : ''}`;

function labelIn(description: string | null | undefined): Label | undefined {
  const [, place, any] = LABEL.exec(description ?? '') ?? [];
  return place === undefined ? undefined : { place: Number(place), isAny: any !== undefined };
}

export const ANYWHERE = { 4: '0.0.0.0/0', 6: '::/0' } as const;

const TYPES = { ingress: 'inbound', egress: 'outbound' } as const;
const isDirection = (name: string): name is keyof typeof TYPES => Object.hasOwn(TYPES, name);

/** The ports of a rule; undefined for what OCCI has no words for: a code of an ICMP message, a range without an end. */
function portsOf(protocol: string, { port_range_min: min, port_range_max: max }: SecurityGroupRule): Ports | undefined {
  const [from, to] = [min ?? undefined, max ?? undefined];
  if (from === undefined && to === undefined) return {};
  if (hasMessages(protocol)) return to === undefined ? { from: from!, to: from! } : undefined;
  if (!hasPorts(protocol) || from === undefined || to === undefined) return undefined;
  return from <= 1 && to === LAST_PORT ? {} : { from, to };
}

/** A rule as an entry; undefined for one that OCCI cannot say, such as one about another group. */
export function toEntry(rule: SecurityGroupRule): Entry | undefined {
  const family = rule.ethertype === 'IPv6' ? 6 : rule.ethertype === 'IPv4' ? 4 : undefined;
  const told = protocolOf(rule.protocol ?? 'all');
  if (family === undefined || told === undefined || !isDirection(rule.direction)) return undefined;
  if (rule.remote_group_id || rule.remote_address_group_id) return undefined;
  // Neutron takes `icmp` for the messages of IPv6 as well.
  const protocol = told === 'icmp' && family === 6 ? 'icmpv6' : told;
  const ports = portsOf(protocol, rule);
  if (!ports) return undefined;
  const cidr = rule.remote_ip_prefix ? (canonicalCidr(rule.remote_ip_prefix) ?? rule.remote_ip_prefix) : undefined;
  const label = labelIn(rule.description);
  return {
    type: TYPES[rule.direction],
    family,
    protocol,
    ...ports,
    ...(cidr !== undefined && cidr !== ANYWHERE[family] && { cidr }),
    ...(label && { label }),
    id: rule.id,
  };
}

/** The rules of a group that OCCI can express, and how many others there are, which no update changes. */
export function entriesOf(rules: readonly SecurityGroupRule[]): {
  readonly entries: readonly Entry[];
  readonly hidden: number;
} {
  const entries = rules.flatMap((rule) => toEntry(rule) ?? []);
  return { entries, hidden: rules.length - entries.length };
}

/** Everything that tells rules apart for Neutron, which takes names and numbers of protocols as one. */
export const keyOf = ({ type, family, protocol, from, to, cidr }: Entry): string =>
  JSON.stringify([type, family, numberOf(protocol) ?? 'all', from ?? null, to ?? null, cidr ?? null]);

const placeOf = ({ label }: Entry): number => label?.place ?? Number.POSITIVE_INFINITY;

const compare = (one: Entry, other: Entry): number => compareInOrder(orderOf(one), orderOf(other));

const orderOf = (entry: Entry) => [
  placeOf(entry),
  entry.type,
  entry.protocol,
  entry.from ?? -1,
  entry.to ?? -1,
  entry.family,
  entry.cidr ?? '',
];

const rangeOf = ({ family, cidr = ANYWHERE[family] }: Entry): string => cidr;

const alone = (entry: Entry): OcciRule => {
  const port = portText(entry);
  return {
    type: entry.type,
    protocol: entry.protocol,
    range: rangeOf(entry),
    ...(port !== undefined && { port }),
  };
};

/** The OCCI rule of entries that have one label; undefined if an entry was added or taken away by another tool. */
function together(entries: readonly Entry[]): OcciRule | undefined {
  const [first] = entries as readonly [Entry];
  const { type, protocol, label } = first;
  const isAny = label?.isAny ?? false;
  const allowed = entries.map((entry) => ({ range: rangeOf(entry), port: portText(entry) }));
  const ranges = isAny ? familiesOf(protocol).map((family) => ANYWHERE[family]) : [rangeOf(first)];
  const all = portOfTogether(allowed, ranges);
  if (!all.whole) return undefined;
  return {
    type,
    protocol,
    ...(!isAny && { range: rangeOf(first) }),
    ...(all.port !== undefined && { port: all.port }),
  };
}

function grouped(entries: readonly Entry[], by: (entry: Entry) => unknown): readonly (readonly Entry[])[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = JSON.stringify(by(entry));
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()];
}

/** Entries without a label: those for any address of both families are one rule, as Neutron's own for all that goes out. */
function unlabelled(entries: readonly Entry[]): readonly OcciRule[] {
  const pairs = grouped(entries, (entry) => [entry.type, entry.protocol, portText(entry), entry.cidr]);
  return pairs.flatMap((pair) => {
    const [first] = pair;
    const isBoth = first!.cidr === undefined && pair.length === familiesOf(first!.protocol).length;
    if (!isBoth) return pair.map(alone);
    const { range: _any, ...rule } = alone(first!);
    return [rule];
  });
}

/** The OCCI rules behind entries. Those with a place come first, in the order of their places. */
export function toRules(entries: readonly Entry[]): readonly OcciRule[] {
  const sorted = entries.toSorted(compare);
  const placed = sorted.filter(({ label }) => label !== undefined);
  const groups = grouped(placed, ({ label, type, protocol }) => [label, type, protocol]);
  return [
    ...groups.flatMap((group) => together(group) ?? group.map(alone)),
    ...unlabelled(sorted.filter(({ label }) => label === undefined)),
  ];
}
