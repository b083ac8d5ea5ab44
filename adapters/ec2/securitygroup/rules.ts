/**
 * Rules of security groups, converted without loss in both directions. An EC2 rule has one direction, protocol, port
 * range and network, so an OCCI rule with a list of ports, or without a network, becomes several of them. Their labels
 * record which rules belong together and in which order, because EC2 keeps no order.
 */

import {
  compareInOrder,
  LAST_MESSAGE_TYPE,
  LAST_PORT,
  type OcciRule,
  type Ports,
  portOfTogether,
  portText,
} from '../../../lib/adapter/security-rules.ts';

/** One rule of EC2. */
export interface Entry extends Ports {
  readonly type: OcciRule['type'];
  /** OCCI's name: `tcp`, `udp`, `icmp`, `icmpv6`, `all`, or a number. */
  readonly protocol: string;
  readonly cidr: string;
  /**
   * `occi:<place>`, with `:any` if the OCCI rule names no network; else the description of a rule from elsewhere.
   */
  readonly label?: string;
}

/**
 * The highest `port` of each protocol, and the networks of a rule that names none, because EC2 requires a network.
 */
export const PROTOCOLS = {
  tcp: { last: LAST_PORT, networks: ['0.0.0.0/0', '::/0'] },
  udp: { last: LAST_PORT, networks: ['0.0.0.0/0', '::/0'] },
  icmp: { last: LAST_MESSAGE_TYPE, networks: ['0.0.0.0/0'] },
  icmpv6: { last: LAST_MESSAGE_TYPE, networks: ['::/0'] },
} as const;
type Ported = keyof typeof PROTOCOLS;

const NUMBERS: Readonly<Record<string, string>> = { '-1': 'all', 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };
const EVERYWHERE: readonly string[] = ['0.0.0.0/0', '::/0'];

export const isPorted = (protocol: string): protocol is Ported => Object.hasOwn(PROTOCOLS, protocol);
/** True for protocols whose `port` is an ICMP message type. */
export const isMessage = (protocol: string): boolean => protocol === 'icmp' || protocol === 'icmpv6';

/** The canonical name of a protocol; undefined for an unknown one. */
export function protocolOf(name: string): string | undefined {
  const lower = name.trim().toLowerCase();
  const known = NUMBERS[lower] ?? lower;
  if (known === 'all' || isPorted(known)) return known;
  return /^(0|[1-9]\d{0,2})$/.test(known) && Number(known) <= 255 ? known : undefined;
}

/** The networks of a rule that names none. */
export const networksOf = (protocol: string): readonly string[] =>
  isPorted(protocol) ? PROTOCOLS[protocol].networks : EVERYWHERE;

/** The identity of an EC2 rule: everything except its label. */
export const keyOf = ({ type, protocol, from = -1, to = -1, cidr }: Entry): string =>
  JSON.stringify([type, protocol, from, to, cidr]);

const LABEL = /^occi:(\d{1,4})(:any)?$/;

/** True for a label that this adapter wrote, and for a missing one. */
export const isOurLabel = (label: string | undefined): boolean => label === undefined || LABEL.test(label);

const placeOf = ({ label }: Entry): number => Number(LABEL.exec(label ?? '')?.[1] ?? Number.POSITIVE_INFINITY);

/** Sorts by place. Rules without a place come last, in a stable order. */
const compare = (one: Entry, other: Entry): number => compareInOrder(orderOf(one), orderOf(other));

const orderOf = (entry: Entry) => [
  placeOf(entry),
  entry.type,
  entry.protocol,
  entry.from ?? -1,
  entry.to ?? -1,
  entry.cidr,
];

/** The OCCI rule behind the entries of one label; undefined if an entry was added or removed outside OCCI. */
function together(entries: readonly Entry[]): OcciRule | undefined {
  const [{ type, protocol, cidr, label }] = entries as readonly [Entry];
  const isAny = LABEL.exec(label ?? '')?.[2] !== undefined;
  const allowed = entries.map((entry) => ({ range: entry.cidr, port: portText(entry) }));
  const all = portOfTogether(allowed, isAny ? networksOf(protocol) : [cidr]);
  if (!all.whole) return undefined;
  return { type, protocol, ...(!isAny && { range: cidr }), ...(all.port !== undefined && { port: all.port }) };
}

const alone = (entry: Entry): OcciRule => {
  const port = portText(entry);
  return { type: entry.type, protocol: entry.protocol, range: entry.cidr, ...(port !== undefined && { port }) };
};

/** The OCCI rules for EC2 rules. Rules with a place come first, in the order of their places. */
export function toRules(entries: readonly Entry[]): readonly OcciRule[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries.toSorted(compare)) {
    const isPlaced = Number.isFinite(placeOf(entry));
    const group = isPlaced ? JSON.stringify([entry.label, entry.type, entry.protocol]) : keyOf(entry);
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return [...groups.values()].flatMap((group) => {
    const rule = Number.isFinite(placeOf(group[0]!)) ? together(group) : undefined;
    return rule ? [rule] : group.map(alone);
  });
}
