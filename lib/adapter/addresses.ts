/** IPv4 and IPv6 addresses as numbers: ranges are counted, never expanded. */
import { isIP, isIPv4 } from 'node:net';

export type Bits = 32 | 128;

/** Addresses in a row, both ends included. */
export interface Span {
  readonly bits: Bits;
  readonly first: bigint;
  readonly last: bigint;
}

const number4 = (text: string): bigint => text.split('.').reduce((number, octet) => (number << 8n) | BigInt(octet), 0n);

function number6(text: string): bigint {
  const hex = text.replace(/%.*$/, '').replace(/\d+\.\d+\.\d+\.\d+$/, (tail) => {
    const number = number4(tail);
    return `${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = hex.split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const [before, after] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].reduce((number, group) => (number << 16n) | BigInt(`0x${group}`), 0n);
}

/** Parses an address; undefined for an invalid one. */
export function addressOf(text: string | undefined): Span | undefined {
  if (text === undefined || isIP(text) === 0) return undefined;
  const bits = isIPv4(text) ? 32 : 128;
  const number = bits === 32 ? number4(text) : number6(text);
  return { bits, first: number, last: number };
}

/** The address with this number, in the one spelling that equal addresses have (RFC 5952). */
export function addressText(number: bigint, bits: Bits): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, place) => ((number >> BigInt(112 - 16 * place)) & 0xffffn).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

/** The addresses of `10.0.0.0/24`, whichever of them is written before the slash; undefined for what is no CIDR. */
export function spanOf(cidr: string | undefined): Span | undefined {
  const [text, length, more] = (cidr ?? '').split('/');
  const address = addressOf(text);
  if (!address || length === undefined || !/^\d{1,3}$/.test(length) || more !== undefined) return undefined;
  if (Number(length) > address.bits) return undefined;
  const free = BigInt(address.bits - Number(length));
  const first = (address.first >> free) << free;
  return { bits: address.bits, first, last: first + (1n << free) - 1n };
}

const bitsFor = (size: bigint): number => (size - 1n).toString(2).replace(/^0$/, '').length;

/** The smallest CIDR that has all of them. */
export function coveringCidr({ bits, first, last }: Span): string {
  const free = bitsFor((first ^ last) + 1n);
  return `${addressText((first >> BigInt(free)) << BigInt(free), bits)}/${bits - free}`;
}

/** The CIDRs that have these addresses and no other, in order. */
export function exactCidrs({ bits, first, last }: Span): string[] {
  const cidrs: string[] = [];
  for (let from = first; from <= last; ) {
    let free = 0n;
    while (free < BigInt(bits) && (from >> free) % 2n === 0n && from + (2n << free) - 1n <= last) free++;
    cidrs.push(`${addressText(from, bits)}/${bits - Number(free)}`);
    from += 1n << free;
  }
  return cidrs;
}

/**
 * Those that hosts may have: not the first and the last of an IPv4 network, nor the first of an IPv6 one (RFC 3021, RFC
 * 6164).
 */
export function hostsOf({ bits, first, last }: Span): Span {
  if (last - first < 2n) return { bits, first, last };
  return { bits, first: first + 1n, last: bits === 32 ? last - 1n : last };
}

export const has = (span: Span, { bits, first, last }: Span): boolean =>
  span.bits === bits && span.first <= first && last <= span.last;

/** What is left without one address: one span, two, or none. */
export function without(span: Span, { first: address }: Span): Span[] {
  if (address < span.first || address > span.last) return [span];
  return [
    { ...span, last: address - 1n },
    { ...span, first: address + 1n },
  ].filter(({ first, last }) => first <= last);
}

export const sizeOf = ({ first, last }: Span): bigint => last - first + 1n;
