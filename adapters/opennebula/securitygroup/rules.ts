/**
 * Rules of security groups, whole both ways. OpenNebula counts addresses (IP and SIZE, below 2^32) where OCCI has a
 * CIDR; a native range that is no CIDR becomes several rules. The `port` of ICMP is the type of its messages.
 */

import { addressOf, exactCidrs, type Span, sizeOf } from '../../../lib/adapter/addresses.ts';
import { MAX_PORT_CHARS, type OcciRule } from '../../../lib/adapter/security-rules.ts';
import type { Rule } from '../native/index.ts';

/** PROTOCOL of a rule, by what OCCI calls it, and the attribute that narrows it. */
export const PROTOCOLS = {
  tcp: 'RANGE',
  udp: 'RANGE',
  icmp: 'ICMP_TYPE',
  icmpv6: 'ICMPV6_TYPE',
  ipsec: undefined,
  all: undefined,
} as const satisfies Record<string, keyof Rule | undefined>;

export const isProtocol = (name: string): name is keyof typeof PROTOCOLS => Object.hasOwn(PROTOCOLS, name);

/** Most addresses that one native rule has: SIZE is a number of 32 bits (measured on 6.10). */
export const MAX_RANGE_ADDRESSES = 1n << 31n;

/** A list of ports as OCCI writes it, in pieces that are not too long. */
function portsOf(range: string): string[] {
  const pieces: string[] = [];
  for (const port of range.replaceAll(':', '-').replace(/\s+/g, '').split(',')) {
    const longer = pieces.length > 0 ? `${pieces.at(-1)},${port}` : port;
    if (pieces.length > 0 && longer.length <= MAX_PORT_CHARS) pieces[pieces.length - 1] = longer;
    else pieces.push(port);
  }
  return pieces;
}

function spanOfRule({ IP, SIZE }: Rule): Span | undefined {
  const address = addressOf(IP);
  return address && SIZE !== undefined && SIZE > 0
    ? { ...address, last: address.first + BigInt(SIZE) - 1n }
    : undefined;
}

/**
 * A native rule as OCCI's; undefined for one that OCCI cannot show as it is: it names a network, or has an unknown
 * protocol.
 */
function shown(rule: Rule): { readonly plain: OcciRule; readonly span?: Span; readonly ports: string[] } | undefined {
  const type = rule.RULE_TYPE?.toLowerCase();
  const protocol = (rule.PROTOCOL ?? '').toLowerCase();
  const span = spanOfRule(rule);
  const isKnown = (type === 'inbound' || type === 'outbound') && isProtocol(protocol);
  if (!isKnown || rule.NETWORK_ID !== undefined || (rule.IP !== undefined && !span)) return undefined;
  const narrowed = PROTOCOLS[protocol];
  const ports = narrowed === undefined || rule[narrowed] === undefined ? [] : portsOf(String(rule[narrowed]));
  return { plain: { type, protocol }, ...(span && { span }), ports };
}

/** Two halves that one native rule has no SIZE for, one behind the other, are the one range that the client gave. */
function joined(before: Span | undefined, span: Span): Span | undefined {
  const isSecond = before && before.bits === span.bits && before.last + 1n === span.first;
  if (
    !isSecond ||
    sizeOf(before) !== MAX_RANGE_ADDRESSES ||
    sizeOf(span) !== MAX_RANGE_ADDRESSES ||
    before.first % (2n * MAX_RANGE_ADDRESSES) !== 0n
  )
    return undefined;
  return { ...before, last: span.last };
}

/** The rules that OCCI can show, in order, and those that it cannot, to be kept as they are. */
export function toRules(native: readonly Rule[]): {
  readonly rules: readonly OcciRule[];
  readonly hidden: readonly Rule[];
} {
  const groups: NonNullable<ReturnType<typeof shown>>[] = [];
  const hidden: Rule[] = [];
  for (const rule of native) {
    const one = shown(rule);
    const before = groups.at(-1);
    const isLike =
      before && one && JSON.stringify([before.plain, before.ports]) === JSON.stringify([one.plain, one.ports]);
    const both = isLike && one.span ? joined(before.span, one.span) : undefined;
    if (both) groups[groups.length - 1] = { ...one!, span: both };
    else if (one) groups.push(one);
    else hidden.push(rule);
  }
  const rules = groups.flatMap(({ plain, span, ports }) =>
    (span ? exactCidrs(span) : [undefined]).flatMap((range) =>
      (ports.length > 0 ? ports : [undefined]).map((port) => ({
        ...plain,
        ...(range !== undefined && { range }),
        ...(port !== undefined && { port }),
      })),
    ),
  );
  return { rules, hidden };
}
