/** Converts OCCI rules to EC2 rules. A rule that EC2 cannot express is an error; it is never widened. */

import { canonicalCidr, isIpv6 } from '../../../lib/adapter/cidr.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { AttributeValue } from '../../../lib/occi/types.ts';
import {
  type Entry,
  isMessage,
  isPorted,
  keyOf,
  networksOf,
  type OcciRule,
  type Ports,
  PROTOCOLS,
  protocolOf,
} from './rules.ts';

const invalid = (place: number, what: string): OcciError =>
  new OcciError('invalid', `Rule ${place + 1} of occi.securitygroup.rules ${what}.`);

/** Sorts the ranges and merges overlapping ones. A range of all ports becomes a rule without ports. */
function merged(ranges: readonly Required<Ports>[], last: number): readonly Ports[] {
  const all: Required<Ports>[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const before = all.at(-1);
    if (before && range.from <= before.to) all[all.length - 1] = { ...before, to: Math.max(before.to, range.to) };
    else all.push(range);
  }
  return all.some(({ from, to }) => from === 0 && to === last) ? [{}] : all;
}

function portsOf(protocol: string, port: string | undefined, place: number): readonly Ports[] {
  if (port === undefined) return [{}];
  if (!isPorted(protocol)) throw invalid(place, `has a port, which the protocol ${protocol} has not`);
  const { last } = PROTOCOLS[protocol];
  const parts = port.split(',').map((part) => part.trim().split(/\s*[-:]\s*/));
  const isRange = (part: readonly string[]) =>
    part.length <= (isMessage(protocol) ? 1 : 2) &&
    part.every((one) => /^\d{1,5}$/.test(one) && Number(one) <= last) &&
    Number(part[0]) <= Number(part.at(-1));
  if (parts.every(isRange)) {
    return merged(
      parts.map((part) => ({ from: Number(part[0]), to: Number(part.at(-1)) })),
      last,
    );
  }
  const wanted = isMessage(protocol)
    ? `for ${protocol} it is a type of message from 0 to 255`
    : 'which is no port, range (80-90) or list of them';
  throw invalid(place, `has the port ${JSON.stringify(port)}; ${wanted}`);
}

function networkOf(protocol: string, range: string, place: number): string {
  const cidr = canonicalCidr(range);
  if (cidr === undefined) throw invalid(place, `has the range ${JSON.stringify(range)}, which is no network`);
  if (isMessage(protocol) && isIpv6(cidr) !== (protocol === 'icmpv6')) {
    throw invalid(
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
        throw invalid(place, `has the protocol ${JSON.stringify(name)}; this cloud has ${known}`);
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
