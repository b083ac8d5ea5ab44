/**
 * Rules of security groups, whole both ways. A rule of EC2 has one direction, protocol, range of ports and network; a
 * rule of OCCI with a list of ports, or without a network, is several of them. Labels keep which belong together, and
 * the order: EC2 has none.
 */

/** A rule as the table of the kind has it; lib has checked those that clients send. */
export interface OcciRule {
  readonly type: 'inbound' | 'outbound';
  readonly protocol?: string;
  readonly range?: string;
  readonly port?: string;
}

/** Ports, both included, or for ICMP a type of message twice; both absent for all. */
export interface Ports {
  readonly from?: number;
  readonly to?: number;
}

/** One rule of EC2. */
export interface Entry extends Ports {
  readonly type: OcciRule['type'];
  /** As OCCI calls it: `tcp`, `udp`, `icmp`, `icmpv6`, `all`, or a number. */
  readonly protocol: string;
  readonly cidr: string;
  /** `occi:<place>`, with `:any` where the rule that it is of names no network; else the words of whoever made it. */
  readonly label?: string;
}

/** What each protocol's `port` is, and the networks that a rule without one is for: EC2 has none without. */
export const PROTOCOLS = {
  tcp: { last: 65_535, networks: ['0.0.0.0/0', '::/0'] },
  udp: { last: 65_535, networks: ['0.0.0.0/0', '::/0'] },
  icmp: { last: 255, networks: ['0.0.0.0/0'] },
  icmpv6: { last: 255, networks: ['::/0'] },
} as const;
type Ported = keyof typeof PROTOCOLS;

const NUMBERS: Readonly<Record<string, string>> = { '-1': 'all', 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };
const EVERYWHERE: readonly string[] = ['0.0.0.0/0', '::/0'];

export const isPorted = (protocol: string): protocol is Ported => Object.hasOwn(PROTOCOLS, protocol);
/** True where a `port` is a type of message. */
export const isMessage = (protocol: string): boolean => protocol === 'icmp' || protocol === 'icmpv6';

/** The one name of a protocol; undefined for what is none. */
export function protocolOf(name: string): string | undefined {
  const lower = name.trim().toLowerCase();
  const known = NUMBERS[lower] ?? lower;
  if (known === 'all' || isPorted(known)) return known;
  return /^(0|[1-9]\d{0,2})$/.test(known) && Number(known) <= 255 ? known : undefined;
}

/** The networks of a rule that names none. */
export const networksOf = (protocol: string): readonly string[] =>
  isPorted(protocol) ? PROTOCOLS[protocol].networks : EVERYWHERE;

/** What makes a rule of EC2 another one: all but its label. */
export const keyOf = ({ type, protocol, from = -1, to = -1, cidr }: Entry): string =>
  JSON.stringify([type, protocol, from, to, cidr]);

const LABEL = /^occi:(\d{1,4})(:any)?$/;

/** True for a label that was put here, or for none. */
export const isOurLabel = (label: string | undefined): boolean => label === undefined || LABEL.test(label);

const placeOf = ({ label }: Entry): number => Number(LABEL.exec(label ?? '')?.[1] ?? Number.POSITIVE_INFINITY);

/** An order that stays, for what has no place. */
const compare = (one: Entry, other: Entry): number => {
  const [a, b] = [placeOf(one), placeOf(other)];
  if (a !== b) return a - b;
  const by = (entry: Entry) => [entry.type, entry.protocol, entry.from ?? -1, entry.to ?? -1, entry.cidr];
  const [left, right] = [by(one), by(other)];
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : left[at]! < right[at]! ? -1 : 1;
};

const portText = ({ from, to }: Ports): string | undefined =>
  from === undefined ? undefined : from === to ? `${from}` : `${from}-${to}`;

/** Longest `port` of OCCI. */
const LONGEST = 64;

/** The one rule that some entries under one label are; undefined if somebody has taken or added one. */
function together(entries: readonly Entry[]): OcciRule | undefined {
  const [{ type, protocol, cidr, label }] = entries as readonly [Entry];
  const isAny = LABEL.exec(label ?? '')?.[2] !== undefined;
  const cidrs = new Set(entries.map((entry) => entry.cidr));
  const ports = [...new Set(entries.map(portText))];
  const networks = isAny ? networksOf(protocol) : [cidr];
  const isWhole =
    cidrs.size === networks.length &&
    networks.every((one) => cidrs.has(one)) &&
    entries.length === cidrs.size * ports.length;
  const port = ports.includes(undefined) ? undefined : ports.join(',');
  if (!isWhole || (port === undefined && ports.length > 1) || (port ?? '').length > LONGEST) return undefined;
  return { type, protocol, ...(!isAny && { range: cidr }), ...(port !== undefined && { port }) };
}

const alone = (entry: Entry): OcciRule => {
  const port = portText(entry);
  return { type: entry.type, protocol: entry.protocol, range: entry.cidr, ...(port !== undefined && { port }) };
};

/** Rules of OCCI for EC2's: those with a place first, in their order. */
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
