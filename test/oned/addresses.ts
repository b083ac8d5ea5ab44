/** IPv4 as a number and back; undefined for an invalid address. */
export const ipv4 = (text: string): number | undefined => {
  const parts = text.split('.').map(Number);
  const valid = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  return valid ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
};

export const ipv4Text = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

/** MACs fit into a number: 48 bits. */
export const mac = (text: string): number => Number.parseInt(text.replaceAll(':', ''), 16);

export const macText = (address: number): string => address.toString(16).padStart(12, '0').match(/../g)!.join(':');

/** What oned gives an IPv4 range without a MAC: `02:00` and the address. */
export const macOfIp = (address: number): number => 0x0200 * 2 ** 32 + address;

const groups = (prefix: string): number[] => {
  const [before, after] = prefix.split('::');
  const read = (text: string | undefined): number[] =>
    text ? text.split(':').map((part) => Number.parseInt(part, 16)) : [];
  const [head, tail] = [read(before), read(after)];
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
};

/** Omits the longest run of zeros. */
const ipv6Text = (hextets: readonly number[]): string => {
  let [start, length] = [0, 0];
  for (let from = 0; from < hextets.length; from += 1) {
    let to = from;
    while (hextets[to] === 0) to += 1;
    if (to - from > length) [start, length] = [from, to - from];
  }
  const text = (part: readonly number[]): string => part.map((hextet) => hextet.toString(16)).join(':');
  return length < 2 ? text(hextets) : `${text(hextets.slice(0, start))}::${text(hextets.slice(start + length))}`;
};

/** The address that a host with this MAC has in a /64 (EUI-64). */
export const ipv6Of = (prefix: string, hardware: number): string => {
  const bytes = macText(hardware)
    .split(':')
    .map((part) => Number.parseInt(part, 16));
  const [a, b, c, d, e, f] = bytes as [number, number, number, number, number, number];
  const host = [(a ^ 2) * 256 + b, c * 256 + 0xff, 0xfe00 + d, e * 256 + f];
  return ipv6Text([...groups(prefix).slice(0, 4), ...host]);
};

/** The address at this offset from another. */
export const ipv6Plus = (address: string, offset: number): string => {
  const hextets = groups(address);
  const low = hextets[6]! * 65_536 + hextets[7]! + offset;
  return ipv6Text([...hextets.slice(0, 6), Math.floor(low / 65_536), low % 65_536]);
};
