/** Protocols of rules: the names that Neutron knows, with their numbers (neutron-lib `IP_PROTOCOL_MAP`, 2026.2). */

type Family = 4 | 6;

interface Protocol {
  readonly number: number;
  /** The only family of addresses that has it. */
  readonly family?: Family;
}

const PROTOCOLS = {
  ah: { number: 51 },
  dccp: { number: 33 },
  egp: { number: 8 },
  esp: { number: 50 },
  gre: { number: 47 },
  hopopt: { number: 0 },
  icmp: { number: 1, family: 4 },
  icmpv6: { number: 58, family: 6 },
  igmp: { number: 2 },
  ipip: { number: 4 },
  'ipv6-encap': { number: 41, family: 6 },
  'ipv6-frag': { number: 44, family: 6 },
  'ipv6-nonxt': { number: 59, family: 6 },
  'ipv6-opts': { number: 60, family: 6 },
  'ipv6-route': { number: 43, family: 6 },
  ospf: { number: 89 },
  pgm: { number: 113 },
  rsvp: { number: 46 },
  sctp: { number: 132 },
  tcp: { number: 6 },
  udp: { number: 17 },
  udplite: { number: 136 },
  vrrp: { number: 112 },
} as const satisfies Record<string, Protocol>;

export const ALL = 'all';
/** Every name, for the refusal of another one. */
export const KNOWN = [ALL, ...Object.keys(PROTOCOLS)].join(', ');

/** What the numbers of protocols with messages or families are called, whichever way Neutron was told of them. */
const BY_NUMBER: ReadonlyMap<number, Protocol> = new Map(Object.values(PROTOCOLS).map((one) => [one.number, one]));
/** Protocols with ports (Neutron `SG_PORT_PROTO_NUMS`). */
const PORTED: readonly number[] = [6, 17, 33, 132, 136];
const ICMP: readonly number[] = [1, 58];

/** The spelling that OCCI shows, in lower case; undefined for what Neutron does not know. `all` is every protocol. */
export function protocolOf(name: string): string | undefined {
  const lower = name.trim().toLowerCase();
  const plain = lower === 'any' ? ALL : lower === 'ipv6-icmp' ? 'icmpv6' : lower;
  if (plain === ALL || Object.hasOwn(PROTOCOLS, plain)) return plain;
  return /^(0|[1-9]\d{0,2})$/.test(plain) && Number(plain) <= 255 ? plain : undefined;
}

/** The number of a protocol in OCCI's spelling; undefined for all. */
export function numberOf(protocol: string): number | undefined {
  if (protocol === ALL) return undefined;
  return Object.hasOwn(PROTOCOLS, protocol) ? PROTOCOLS[protocol as keyof typeof PROTOCOLS].number : Number(protocol);
}

/** True for a protocol whose `port` is a range of ports. */
export const hasPorts = (protocol: string): boolean => PORTED.includes(numberOf(protocol) ?? -1);
/** True for a protocol whose `port` is a type of message. */
export const hasMessages = (protocol: string): boolean => ICMP.includes(numberOf(protocol) ?? -1);

/** The families of addresses that have a protocol. */
export function familiesOf(protocol: string): readonly Family[] {
  const family = BY_NUMBER.get(numberOf(protocol) ?? -1)?.family;
  return family === undefined ? [4, 6] : [family];
}
