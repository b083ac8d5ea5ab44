/** Converts OCCI rules to EC2 rules. A rule that EC2 cannot express is an error; it is never widened. */

import { isIpv6 } from '../../../lib/adapter/cidr.ts';
import {
  invalidRule,
  LAST_PORT,
  messageTypes,
  networkOfRule,
  noPorts,
  type OcciRule,
  type Ports,
  portRanges,
} from '../../../lib/adapter/security-rules.ts';
import type { AttributeValue } from '../../../lib/occi/types.ts';
import { type Entry, isMessage, isPorted, keyOf, networksOf, protocolOf } from './rules.ts';

function portsOf(protocol: string, port: string | undefined, place: number): readonly Ports[] {
  if (port === undefined) return [{}];
  if (!isPorted(protocol)) throw noPorts(place, protocol);
  if (isMessage(protocol)) return messageTypes(port, place, protocol);
  const ranges = portRanges(port, place);
  return ranges.some(({ from, to }) => from === 0 && to === LAST_PORT) ? [{}] : ranges;
}

function networkOf(protocol: string, range: string, place: number): string {
  const cidr = networkOfRule(range, place);
  if (isMessage(protocol) && isIpv6(cidr) !== (protocol === 'icmpv6')) {
    throw invalidRule(
      place,
      `has the range ${cidr}, which the protocol ${protocol} has not: icmp is IPv4's, icmpv6 IPv6's`,
    );
  }
  return cidr;
}

/** The EC2 rules for OCCI rules, without duplicates. Throws `invalid` naming the rule that EC2 cannot express. */
export function fromRules(rules: AttributeValue): readonly Entry[] {
  const entries = (rules as unknown as readonly OcciRule[]).flatMap(
    ({ type, protocol: name = 'all', range, port }, place) => {
      const protocol = protocolOf(name);
      if (protocol === undefined) {
        const known = 'tcp, udp, icmp, icmpv6, all and numbers from 0 to 255';
        throw invalidRule(place, `has the protocol ${JSON.stringify(name)}; this cloud has ${known}`);
      }
      const cidrs = range === undefined ? networksOf(protocol) : [networkOf(protocol, range, place)];
      const label = `occi:${place}${range === undefined ? ':any' : ''}`;
      return portsOf(protocol, port, place).flatMap((ports) =>
        cidrs.map((cidr): Entry => ({ type, protocol, ...ports, cidr, label })),
      );
    },
  );
  const first = new Map(entries.toReversed().map((entry) => [keyOf(entry), entry]));
  return entries.filter((entry) => first.get(keyOf(entry)) === entry);
}
