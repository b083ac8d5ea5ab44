/** What a rule of a security group may say. */
import { addressOf, cidrOf, written } from './address.ts';
import { refused } from './refusals.ts';
import type { Check } from './values.ts';

export interface RuleWish {
  readonly direction: string;
  readonly ethertype: string;
  readonly protocol: string | null;
  readonly portMin: number | null;
  readonly portMax: number | null;
  readonly remotePrefix: string | null;
  readonly remoteGroupId: string | null;
}

/** Names and numbers of the protocols that Neutron knows. */
const NUMBERS: Readonly<Record<string, number>> = {
  ah: 51,
  dccp: 33,
  egp: 8,
  esp: 50,
  gre: 47,
  hopopt: 0,
  icmp: 1,
  igmp: 2,
  ip: 0,
  ipip: 4,
  'ipv6-encap': 41,
  'ipv6-frag': 44,
  'ipv6-icmp': 58,
  icmpv6: 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  'ipv6-route': 43,
  ospf: 89,
  pgm: 113,
  rsvp: 46,
  sctp: 132,
  tcp: 6,
  udp: 17,
  udplite: 136,
  vrrp: 112,
};

const invalid = (type: string, sentence: string) => refused(400, type, sentence);

export const protocolOf: Check = (value) => {
  if (value === null || value === 'any' || value === '' || value === 0 || value === '0') return null;
  if (/^\d+$/.test(String(value)) && Number(value) <= 255) return String(value);
  const word = String(value).toLowerCase();
  if (word in NUMBERS) return word;
  const all = [null, 'any', ...Object.keys(NUMBERS)].map((one) => (one === null ? 'None' : `'${one}'`)).join(', ');
  const sentence = `Security group rule protocol ${value} not supported. Only protocol values (${all}) and integer representations [0 to 255] are supported.`;
  throw invalid('SecurityGroupRuleInvalidProtocol', sentence);
};

export const ethertype: Check = (value) => {
  const found = ['IPv4', 'IPv6'].find((known) => known.toLowerCase() === String(value).toLowerCase());
  if (found) return found;
  const sentence = `Security group rule for ethertype '${value}' not supported. Allowed values are ['IPv4', 'IPv6'].`;
  throw invalid('SecurityGroupRuleInvalidEtherType', sentence);
};

export const portOf: Check = (value) => {
  if (value === null) return null;
  if (/^\d+$/.test(String(value)) && Number(value) <= 65_535) return Number(value);
  throw invalid('SecurityGroupInvalidPortValue', `Invalid value for port ${value}`);
};

const WITH_PORTS = ['dccp', 'sctp', 'tcp', 'udp', 'udplite'];
const ONLY_V6 = ['ipv6-encap', 'ipv6-frag', 'ipv6-icmp', 'icmpv6', 'ipv6-nonxt', 'ipv6-opts', 'ipv6-route'];
const ONLY_V6_NUMBERS = ONLY_V6.map((name) => NUMBERS[name]);

function checkIcmp({ portMin, portMax }: RuleWish): void {
  for (const [attribute, field, value] of [
    ['port_range_min', 'type', portMin],
    ['port_range_max', 'code', portMax],
  ] as const) {
    if (value !== null && value > 255) {
      const sentence = `Invalid value for ICMP ${field} (${attribute}) ${value}. It must be 0 to 255.`;
      throw invalid('SecurityGroupInvalidIcmpValue', sentence);
    }
  }
  if (portMin !== null || portMax === null) return;
  const sentence = `ICMP code (port-range-max) ${portMax} is provided but ICMP type (port-range-min) is missing.`;
  throw invalid('SecurityGroupMissingIcmpType', sentence);
}

function checkPorts(wish: RuleWish): void {
  const { protocol, portMin, portMax } = wish;
  if (portMin === null && portMax === null) return;
  if (protocol === null) {
    const sentence = 'Must also specify protocol if port range is given.';
    throw invalid('SecurityGroupProtocolRequiredWithPorts', sentence);
  }
  const number = NUMBERS[protocol] ?? Number(protocol);
  if (number === 1 || number === 58) {
    checkIcmp(wish);
    return;
  }
  if (!WITH_PORTS.some((name) => NUMBERS[name] === number)) {
    const sentence = `Ports cannot be specified for protocol ${number}. Ports are only supported for DCCP, SCTP, TCP, UDP, UDPLITE.`;
    throw invalid('SecurityGroupInvalidProtocolForPort', sentence);
  }
  if (portMin === 0 || portMax === 0) throw invalid('SecurityGroupInvalidPortValue', 'Invalid value for port 0');
  if (portMin !== null && portMax !== null && portMin <= portMax) return;
  const sentence = 'For TCP/UDP protocols, port_range_min must be <= port_range_max';
  throw invalid('SecurityGroupInvalidPortRange', sentence);
}

function checkPrefix({ remotePrefix, ethertype: version }: RuleWish): string | null {
  if (!remotePrefix) return null;
  const range = cidrOf(remotePrefix);
  if (!range) throw invalid('InvalidCIDR', `Invalid CIDR ${remotePrefix} given as IP prefix.`);
  if (`IPv${range.version}` !== version) {
    const sentence = `Conflicting value ethertype ${version} for CIDR ${remotePrefix}`;
    throw invalid('SecurityGroupRuleParameterConflict', sentence);
  }
  // Host bits stay, in the usual spelling.
  return `${written(addressOf(remotePrefix.split('/')[0]!)!)}/${range.prefix}`;
}

/** The rule as Neutron keeps it: a range of all ports is none, and ICMP of IPv6 has one name. */
export function checkRule(given: RuleWish): RuleWish {
  const isAll = given.portMin === 1 && given.portMax === 65_535;
  const isLegacy = given.ethertype === 'IPv6' && ['icmp', 'icmpv6'].includes(given.protocol ?? '');
  const wish = {
    ...given,
    ...(isAll && { portMin: null, portMax: null }),
    ...(isLegacy && { protocol: 'ipv6-icmp' }),
  };
  checkPorts(wish);
  const remotePrefix = checkPrefix(wish);
  const { protocol } = wish;
  const isV6 = protocol !== null && (ONLY_V6.includes(protocol) || ONLY_V6_NUMBERS.includes(Number(protocol)));
  if (isV6 && wish.ethertype === 'IPv4') {
    const sentence = `Invalid ethertype ${wish.ethertype} for protocol ${protocol}.`;
    throw invalid('SecurityGroupEthertypeConflictWithProtocol', sentence);
  }
  if (remotePrefix !== null && wish.remoteGroupId !== null) {
    const sentence = 'Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.';
    throw invalid('SecurityGroupMultipleRemoteEntites', sentence);
  }
  return { ...wish, remotePrefix };
}
