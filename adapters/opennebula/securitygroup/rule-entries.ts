/** Translates OCCI's rules into native ones. A rule that OpenNebula cannot express is refused, never widened. */

import { addressText, sizeOf, spanOf } from '../../../lib/adapter/addresses.ts';
import {
  invalidRule,
  LAST_MESSAGE_TYPE,
  listedPorts,
  noMessageType,
  noPorts,
  type OcciRule,
} from '../../../lib/adapter/security-rules.ts';
import type { AttributeValue } from '../../../lib/occi/types.ts';
import type { Vector } from '../template/template.ts';
import { isProtocol, MAX_RANGE_ADDRESSES, PROTOCOLS } from './rules.ts';

function narrowing(protocol: keyof typeof PROTOCOLS, port: string, place: number): Vector {
  const name = PROTOCOLS[protocol];
  if (name === undefined) throw noPorts(place, protocol);
  if (name === 'RANGE') {
    const ports = listedPorts(port, place);
    return { [name]: ports.map((range) => range.join(':')).join(',') };
  }
  if (/^\d{1,3}$/.test(port) && Number(port) <= LAST_MESSAGE_TYPE) return { [name]: Number(port) };
  throw noMessageType(place, port, protocol);
}

/** A range as IP and SIZE: none for any address, two where one has too many. */
function counted(range: string | undefined, place: number): Vector[] {
  if (range === undefined) return [{}];
  const span = spanOf(range);
  if (!span) throw invalidRule(place, `has the range ${JSON.stringify(range)}, which is no network`);
  const size = sizeOf(span);
  if (size > 2n * MAX_RANGE_ADDRESSES) {
    throw invalidRule(
      place,
      `has the range ${range}: OpenNebula counts at most 2^32 addresses; without a range a rule is for all of IPv4 and IPv6`,
    );
  }
  const halves = size > MAX_RANGE_ADDRESSES ? [span.first, span.first + MAX_RANGE_ADDRESSES] : [span.first];
  return halves.map((first) => ({
    IP: addressText(first, span.bits),
    SIZE: Number(size) / halves.length,
  }));
}

/** Native rules of OCCI's. Throws `invalid` naming the rule that OpenNebula cannot express. */
export const fromRules = (rules: AttributeValue): Vector[] =>
  (rules as readonly OcciRule[]).flatMap(({ type, protocol = 'all', range, port }, place) => {
    const name = protocol.toLowerCase();
    if (!isProtocol(name)) {
      const known = Object.keys(PROTOCOLS).join(', ');
      throw invalidRule(place, `has the protocol ${JSON.stringify(protocol)}; OpenNebula has ${known}`);
    }
    const narrowed = port === undefined ? {} : narrowing(name, port, place);
    return counted(range, place).map((addresses) => ({
      PROTOCOL: name.toUpperCase(),
      RULE_TYPE: type,
      ...narrowed,
      ...addresses,
    }));
  });
