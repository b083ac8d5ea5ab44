/**
 * Rules of security groups as OCCI writes them. A cloud whose rule has one range of ports and one network needs several
 * for one of OCCI; which clouds these are, and what their protocols are called, is for the adapters to say.
 */
import { OcciError } from '../errors.ts';
import { canonicalCidr } from './cidr.ts';

export const RULES = 'occi.securitygroup.rules';

/** A rule in the form of the securitygroup kind. `lib` has already validated those that clients send. */
export type OcciRule = {
  readonly type: 'inbound' | 'outbound';
  readonly protocol?: string;
  readonly range?: string;
  readonly port?: string;
};

/** An inclusive range of ports; for ICMP the type of message in both; both absent for all. */
export interface Ports {
  readonly from?: number;
  readonly to?: number;
}

export const LAST_PORT = 65_535;
export const LAST_MESSAGE_TYPE = 255;

/** Maximum length of an OCCI `port` list. */
export const MAX_PORT_CHARS = 64;

/** The error for a rule that the cloud cannot express; `place` counts from 0. */
export const invalidRule = (place: number, what: string): OcciError =>
  new OcciError('invalid', `Rule ${place + 1} of ${RULES} ${what}.`);

export const noPorts = (place: number, protocol: string): OcciError =>
  invalidRule(place, `has a port, but the protocol ${protocol} has no ports`);

export const noMessageType = (place: number, port: string, protocol: string): OcciError =>
  invalidRule(place, `has the port ${JSON.stringify(port)}; for ${protocol} it is a type of message from 0 to 255`);

/** A list of numbers and ranges (`80,8000-8080`) as pairs or single numbers; undefined for anything else. */
function numbersIn(port: string, last: number, areRanges: boolean): readonly (readonly number[])[] | undefined {
  const parts = port.split(',').map((part) => part.trim().split(/\s*[-:]\s*/));
  const isValid = (part: readonly string[]) =>
    part.length <= (areRanges ? 2 : 1) &&
    part.every((one) => /^\d{1,5}$/.test(one) && Number(one) <= last) &&
    Number(part[0]) <= Number(part.at(-1));
  return parts.every(isValid) ? parts.map((part) => part.map(Number)) : undefined;
}

/** The ports of a rule, each one port or the two ends of a range. Throws `invalid`. */
export function listedPorts(port: string, place: number): readonly (readonly number[])[] {
  const listed = numbersIn(port, LAST_PORT, true);
  if (listed) return listed;
  throw invalidRule(place, `has the port ${JSON.stringify(port)}, which is no port, range (80-90) or list of them`);
}

/** The ports of a rule, sorted; ranges that overlap are one. Throws `invalid`. */
export function portRanges(port: string, place: number): readonly Required<Ports>[] {
  const ranges = listedPorts(port, place).map((part) => ({ from: part[0]!, to: part.at(-1)! }));
  return merged(ranges);
}

/** The types of message of a rule for ICMP, sorted, each once. Throws `invalid`. */
export function messageTypes(port: string, place: number, protocol: string): readonly Required<Ports>[] {
  const listed = numbersIn(port, LAST_MESSAGE_TYPE, false);
  if (!listed) throw noMessageType(place, port, protocol);
  return merged(listed.map(([type]) => ({ from: type!, to: type! })));
}

function merged(ranges: readonly Required<Ports>[]): readonly Required<Ports>[] {
  const all: Required<Ports>[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const before = all.at(-1);
    if (before && range.from <= before.to) all[all.length - 1] = { ...before, to: Math.max(before.to, range.to) };
    else all.push(range);
  }
  return all;
}

/** The network of a rule in canonical form. Throws `invalid`. */
export function networkOfRule(range: string, place: number): string {
  const cidr = canonicalCidr(range);
  if (cidr === undefined) throw invalidRule(place, `has the range ${JSON.stringify(range)}, which is no network`);
  return cidr;
}

/** Ports as OCCI writes them; undefined for all. */
export const portText = ({ from, to }: Ports): string | undefined =>
  from === undefined ? undefined : from === to ? `${from}` : `${from}-${to}`;

/** What one native rule allows, in OCCI's words. */
export interface Allowed {
  readonly range: string;
  readonly port: string | undefined;
}

/**
 * The `port` of the one OCCI rule that native rules came from (undefined for all ports). `whole` is false if another tool
 * has added or removed some of them, so that not every network in `ranges` has every port.
 */
export function portOfTogether(
  native: readonly Allowed[],
  ranges: readonly string[],
): { readonly whole: false } | { readonly whole: true; readonly port: string | undefined } {
  const present = new Set(native.map(({ range }) => range));
  const ports = [...new Set(native.map(({ port }) => port))];
  const isWhole =
    present.size === ranges.length &&
    ranges.every((one) => present.has(one)) &&
    native.length === present.size * ports.length;
  const port = ports.includes(undefined) ? undefined : ports.join(',');
  const isExpressible = (port !== undefined || ports.length === 1) && (port ?? '').length <= MAX_PORT_CHARS;
  return isWhole && isExpressible ? { whole: true, port } : { whole: false };
}

/** Compares two lists by the first values that differ. */
export function compareInOrder(one: readonly (string | number)[], other: readonly (string | number)[]): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at < 0 ? 0 : one[at]! < other[at]! ? -1 : 1;
}
