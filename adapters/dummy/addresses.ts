/** IPv4 and IPv6 addresses, as numbers and in canonical form, in which equal addresses are equal strings (RFC 5952). */
import { isIP, isIPv4 } from 'node:net';

/** A range of addresses, both ends included. */
export interface Range {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
  /** The host addresses: the range without its network and broadcast addresses, if it has them. */
  readonly firstHost: bigint;
  readonly lastHost: bigint;
}

const ipv4Number = (text: string): bigint =>
  text.split('.').reduce((number, octet) => (number << 8n) | BigInt(octet), 0n);

function ipv6Number(text: string): bigint {
  const hex = text.replace(/%.*$/, '').replace(/\d+\.\d+\.\d+\.\d+$/, (tail) => {
    const number = ipv4Number(tail);
    return `${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = hex.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].reduce((number, group) => (number << 16n) | BigInt(`0x${group}`), 0n);
}

/** The number of a valid address. */
export const toNumber = (text: string): bigint => (isIPv4(text) ? ipv4Number(text) : ipv6Number(text));

/** The address with this number. */
export function toText(number: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((number >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const runs = groups.join(':').match(/(?<![0-9a-f])0(:0)+(?![0-9a-f])/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups.join(':');
  return groups.join(':').replace(new RegExp(`(^|:)${longest}(:|$)`), '::');
}

/** An address in canonical form (RFC 5952). */
export const canonical = (address: string): string => toText(toNumber(address), isIPv4(address) ? 32 : 128);

/** True for an address with a prefix length: `10.0.0.0/24`, `2001:db8::/64`. */
export function isCidr(text: string): boolean {
  const [address = '', length = '', more] = text.split('/');
  const version = isIP(address);
  return (
    version !== 0 && more === undefined && /^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128)
  );
}

/** The range that a CIDR stands for. Any address of the range may stand before the slash. */
export function rangeOf(cidr: string): Range {
  const [address = '', length = ''] = cidr.split('/');
  const bits = isIPv4(address) ? 32 : 128;
  const free = BigInt(bits - Number(length));
  const first = (toNumber(address) >> free) << free;
  const last = first + (1n << free) - 1n;
  // RFC 3021 and RFC 6164: a range of one or two addresses has no network or broadcast address.
  if (free < 2n) return { bits, first, last, firstHost: first, lastHost: last };
  return { bits, first, last, firstHost: first + 1n, lastHost: bits === 32 ? last - 1n : last };
}

/** True when a host may have this address in the range. */
export function hasHost(range: Range, address: string): boolean {
  if ((isIPv4(address) ? 32 : 128) !== range.bits) return false;
  const number = toNumber(address);
  return range.firstHost <= number && number <= range.lastHost;
}

/** The free host addresses in ascending order. `taken` holds canonical addresses. */
export function* freeAddresses(range: Range, taken: ReadonlySet<string>): Generator<string> {
  for (let number = range.firstHost; number <= range.lastHost; number++) {
    const address = toText(number, range.bits);
    if (!taken.has(address)) yield address;
  }
}
