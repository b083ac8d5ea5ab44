/** OCCI's rules as Neutron's. A rule that Neutron cannot express is an error; it is never widened. */
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
import { familiesOf, hasMessages, hasPorts, KNOWN, protocolOf } from './protocols.ts';
import { ANYWHERE, type Entry, keyOf } from './rules.ts';

function portsOf(protocol: string, port: string | undefined, place: number): readonly Ports[] {
  if (port === undefined) return [{}];
  if (hasMessages(protocol)) return messageTypes(port, place, protocol);
  if (!hasPorts(protocol)) throw noPorts(place, protocol);
  const ranges = portRanges(port, place);
  if (ranges.some(({ from, to }) => from <= 1 && to === LAST_PORT)) return [{}];
  if (ranges.some(({ from }) => from === 0)) {
    throw invalidRule(
      place,
      `has the port ${JSON.stringify(port)}; ports of this cloud begin at 1, or are all of them`,
    );
  }
  return ranges;
}

/** The networks of a rule by family; for any address `cidr` is absent. */
function networksOf(protocol: string, range: string | undefined, place: number): Pick<Entry, 'family' | 'cidr'>[] {
  const families = familiesOf(protocol);
  if (range === undefined) return families.map((family) => ({ family }));
  const cidr = networkOfRule(range, place);
  const family = isIpv6(cidr) ? 6 : 4;
  if (families.includes(family)) return [{ family, ...(cidr !== ANYWHERE[family] && { cidr }) }];
  throw invalidRule(place, `has the range ${cidr}, but the protocol ${protocol} is one of IPv${families[0]}`);
}

/** What one OCCI rule becomes. */
export interface Wanted {
  /** It names no network. */
  readonly isAny: boolean;
  readonly entries: readonly Entry[];
}

/** Neutron's rules for OCCI's, each once. Throws `invalid` naming the rule that Neutron cannot express. */
export function fromRules(rules: AttributeValue): readonly Wanted[] {
  const seen = new Set<string>();
  const isNew = (entry: Entry): boolean => seen.size < seen.add(keyOf(entry)).size;
  return (rules as unknown as readonly OcciRule[]).map(({ type, protocol: name = 'all', range, port }, place) => {
    const protocol = protocolOf(name);
    if (protocol === undefined) {
      throw invalidRule(
        place,
        `has the protocol ${JSON.stringify(name)}; this cloud has ${KNOWN} and numbers from 0 to 255`,
      );
    }
    const networks = networksOf(protocol, range, place);
    const entries = portsOf(protocol, port, place).flatMap((ports) =>
      networks.map((network): Entry => ({ type, protocol, ...ports, ...network })),
    );
    return { isAny: range === undefined, entries: entries.filter(isNew) };
  });
}
