/** Networks in CIDR notation, in one spelling: rules and subnets are compared as text. */
import { isIP } from 'node:net';

/** Bits of an IPv4 or IPv6 address, by the number that `isIP` says. */
const BITS = { 4: 32, 6: 128 } as const;

const octets = (text: string): number[] => text.split('.').map(Number);

/** The eight groups of an IPv6 address. */
function groups(text: string): number[] {
  // The URL parser writes every address without dots, and shortens it as RFC 5952 wants.
  const [head = '', tail] = new URL(`http://[${text}]/`).hostname.slice(1, -1).split('::');
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [parse(head), parse(tail ?? '')];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** Words of an address with all bits behind the first `length` set to 0. */
const masked = (words: readonly number[], width: number, length: number): number[] =>
  words.map((word, place) => {
    const kept = Math.min(width, Math.max(0, length - place * width));
    return word & ~((1 << (width - kept)) - 1);
  });

/** `10.1.2.3/8` as `10.0.0.0/8`, `2001:DB8::1/32` as `2001:db8::/32`; undefined for what is no network. */
export function canonicalCidr(text: string): string | undefined {
  const [address = '', bits = '', more] = text.split('/');
  const version = isIP(address);
  const isWhole = more === undefined && /^\d{1,3}$/.test(bits) && !address.includes('%');
  if ((version !== 4 && version !== 6) || !isWhole || Number(bits) > BITS[version]) return undefined;
  const length = Number(bits);
  if (version === 4) return `${masked(octets(address), 8, length).join('.')}/${length}`;
  const words = masked(groups(address), 16, length).map((word) => word.toString(16));
  return `${new URL(`http://[${words.join(':')}]/`).hostname.slice(1, -1)}/${length}`;
}

/** True for a network of IPv6. */
export const isIpv6 = (cidr: string): boolean => cidr.includes(':');
