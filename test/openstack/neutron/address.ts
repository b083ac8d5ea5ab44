/** Addresses and ranges as numbers. */

export interface Address {
  readonly version: 4 | 6;
  readonly value: bigint;
}

export interface Cidr extends Address {
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;

const ipv4 = (text: string): bigint | undefined => {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
};

const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));

const ipv6 = (text: string): bigint | undefined => {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = [groups(halves[0]!), groups(halves[1] ?? '')];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (all.some((part) => !/^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  return all.reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
};

/** Undefined for what is not an address. */
export function addressOf(text: string): Address | undefined {
  const [four, six] = [ipv4(text), text.includes(':') ? ipv6(text) : undefined];
  if (four !== undefined) return { version: 4, value: four };
  return six === undefined ? undefined : { version: 6, value: six };
}

const written6 = (value: bigint): string => {
  const parts = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const zeros = [...parts.join(':').matchAll(/(^|:)0(:0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (!zeros) return parts.join(':');
  const text = parts.join(':');
  const end = zeros.index + zeros[0].length;
  return `${text.slice(0, zeros.index)}::${text.slice(end + 1)}`;
};

/** The shortest usual form. */
export const written = ({ version, value }: Address): string =>
  version === 6 ? written6(value) : [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');

const hostMask = ({ version, prefix }: Pick<Cidr, 'version' | 'prefix'>): bigint =>
  (1n << BigInt(BITS[version] - prefix)) - 1n;

/** `10.0.0.5/24` with its host bits dropped, an address alone as a range of one; undefined for what is neither. */
export function cidrOf(text: string): Cidr | undefined {
  const [base, length, ...more] = text.split('/');
  const address = addressOf(base!);
  if (!address || more.length > 0) return undefined;
  const bits = BITS[address.version];
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > bits)) return undefined;
  const prefix = length === undefined ? bits : Number(length);
  const { version } = address;
  return { version, prefix, value: address.value & ~hostMask({ version, prefix }) };
}

export const writtenCidr = (cidr: Cidr): string => `${written(cidr)}/${cidr.prefix}`;

export const first = ({ value }: Cidr): bigint => value;
export const last = (cidr: Cidr): bigint => cidr.value + hostMask(cidr);

export const contains = (cidr: Cidr, { version, value }: Address): boolean =>
  version === cidr.version && value >= first(cidr) && value <= last(cidr);

export const overlap = (one: Cidr, other: Cidr): boolean =>
  one.version === other.version && first(one) <= last(other) && first(other) <= last(one);

/** True for an address that a machine can have there: neither the network itself nor the broadcast. */
export const isUsable = (cidr: Cidr, address: Address): boolean =>
  contains(cidr, address) &&
  address.value !== first(cidr) &&
  (cidr.version === 6 || cidr.prefix > 30 || address.value !== last(cidr));

/** The address that SLAAC makes of a MAC (RFC 4291, appendix A). */
export function slaac(cidr: Cidr, mac: string): Address {
  const bytes = mac.split(':').map((part) => Number.parseInt(part, 16));
  const eui = [bytes[0]! ^ 2, bytes[1]!, bytes[2]!, 0xff, 0xfe, bytes[3]!, bytes[4]!, bytes[5]!];
  return { version: 6, value: first(cidr) | eui.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) };
}
