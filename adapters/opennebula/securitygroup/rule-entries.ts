/** Translates OCCI's rules into native ones. A rule that OpenNebula cannot express is refused, never widened. */

import { addressText, sizeOf, spanOf } from '../../../lib/adapter/addresses.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { AttributeValue } from '../../../lib/occi/types.ts';
import type { Vector } from '../template/template.ts';
import { isProtocol, MAX_RANGE_ADDRESSES, type OcciRule, PROTOCOLS } from './rules.ts';

const invalid = (place: number, what: string): OcciError =>
  new OcciError('invalid', `Rule ${place + 1} of occi.securitygroup.rules ${what}.`);

function narrowing(protocol: keyof typeof PROTOCOLS, port: string, place: number): Vector {
  const name = PROTOCOLS[protocol];
  if (name === undefined) throw invalid(place, `has a port, which the protocol ${protocol} has not`);
  if (name !== 'RANGE') {
    if (/^\d{1,3}$/.test(port) && Number(port) <= 255) return { [name]: Number(port) };
    throw invalid(place, `has the port ${JSON.stringify(port)}; for ${protocol} it is a type of message from 0 to 255`);
  }
  const ranges = port.split(',').map((part) => part.trim().split(/\s*[-:]\s*/));
  const isPorts = (range: string[]) =>
    range.length <= 2 &&
    range.every((one) => /^\d{1,5}$/.test(one) && Number(one) <= 65_535) &&
    Number(range[0]) <= Number(range.at(-1));
  if (ranges.every(isPorts)) return { [name]: ranges.map((range) => range.map(Number).join(':')).join(',') };
  throw invalid(place, `has the port ${JSON.stringify(port)}, which is no port, range (80-90) or list of them`);
}

/** A range as IP and SIZE: none for any address, two where one has too many. */
function counted(range: string | undefined, place: number): Vector[] {
  if (range === undefined) return [{}];
  const span = spanOf(range);
  if (!span) throw invalid(place, `has the range ${JSON.stringify(range)}, which is no network`);
  const size = sizeOf(span);
  if (size > 2n * MAX_RANGE_ADDRESSES) {
    throw invalid(
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
      throw invalid(place, `has the protocol ${JSON.stringify(protocol)}; OpenNebula has ${known}`);
    }
    const narrowed = port === undefined ? {} : narrowing(name, port, place);
    return counted(range, place).map((addresses) => ({
      PROTOCOL: name.toUpperCase(),
      RULE_TYPE: type,
      ...narrowed,
      ...addresses,
    }));
  });
