/** OCCI's rules as Neutron's. A rule that Neutron cannot express is an error; it is never widened. */
import { canonicalCidr, isIpv6 } from '../../../lib/adapter/cidr.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { AttributeValue } from '../../../lib/occi/types.ts';
import { familiesOf, hasMessages, hasPorts, KNOWN, protocolOf } from './protocols.ts';
import { ANYWHERE, type Entry, keyOf, type OcciRule, type Ports } from './rules.ts';

const LAST_PORT = 65_535;
const LAST_MESSAGE = 255;

const invalid = (place: number, what: string): OcciError =>
  new OcciError('invalid', `Rule ${place + 1} of occi.securitygroup.rules ${what}.`);

/** Sorts the ranges and merges those that overlap. A range of all ports becomes a rule without ports. */
function merged(ranges: readonly Required<Ports>[], last: number): readonly Ports[] {
  const all: Required<Ports>[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const before = all.at(-1);
    if (before && range.from <= before.to) all[all.length - 1] = { ...before, to: Math.max(before.to, range.to) };
    else all.push(range);
  }
  return last === LAST_PORT && all.some(({ from, to }) => from <= 1 && to === last) ? [{}] : all;
}

function portsOf(protocol: string, port: string | undefined, place: number): readonly Ports[] {
  if (port === undefined) return [{}];
  const isMessage = hasMessages(protocol);
  if (!isMessage && !hasPorts(protocol)) throw invalid(place, `has a port, which the protocol ${protocol} has not`);
  const last = isMessage ? LAST_MESSAGE : LAST_PORT;
  const parts = port.split(',').map((part) => part.trim().split(/\s*[-:]\s*/));
  const isRange = (part: readonly string[]) =>
    part.length <= (isMessage ? 1 : 2) &&
    part.every((one) => /^\d{1,5}$/.test(one) && Number(one) <= last) &&
    Number(part[0]) <= Number(part.at(-1));
  if (!parts.every(isRange)) {
    const wanted = isMessage
      ? `which is no type of message (0 to 255) of ${protocol}`
      : 'which is no port, range (80-90) or list of them';
    throw invalid(place, `has the port ${JSON.stringify(port)}, ${wanted}`);
  }
  const ranges = merged(
    parts.map((part) => ({ from: Number(part[0]), to: Number(part.at(-1)) })),
    last,
  );
  if (!isMessage && ranges.some(({ from }) => from === 0)) {
    throw invalid(place, `has the port ${JSON.stringify(port)}; ports of this cloud begin at 1, or are all of them`);
  }
  return ranges;
}

/** The networks of a rule by family; for any address `cidr` is absent. */
function networksOf(protocol: string, range: string | undefined, place: number): Pick<Entry, 'family' | 'cidr'>[] {
  const families = familiesOf(protocol);
  if (range === undefined) return families.map((family) => ({ family }));
  const cidr = canonicalCidr(range);
  if (cidr === undefined) throw invalid(place, `has the range ${JSON.stringify(range)}, which is no network`);
  const family = isIpv6(cidr) ? 6 : 4;
  if (families.includes(family)) return [{ family, ...(cidr !== ANYWHERE[family] && { cidr }) }];
  throw invalid(place, `has the range ${cidr}, but the protocol ${protocol} is one of IPv${families[0]}`);
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
      throw invalid(
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
