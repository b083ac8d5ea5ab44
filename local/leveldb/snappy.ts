import { Damage } from './damage.ts';
import { Reader } from './reader.ts';

/**
 * Decompresses a block: https://github.com/google/snappy/blob/main/format_description.txt
 * @throws {Damage}
 */
export const unsnap = (packed: Buffer): Buffer => {
  const reader = new Reader(packed);
  const unpacked = Buffer.alloc(reader.varint());
  let at = 0;
  const number = (bytes: number): number => reader.bytes(bytes).readUIntLE(0, bytes);
  while (!reader.isAtEnd) {
    const tag = number(1);
    const high = tag >> 2;
    if ((tag & 3) === 0) {
      const literal = reader.bytes(1 + (high < 60 ? high : number(high - 59)));
      at += literal.copy(unpacked, at);
      continue;
    }
    const short = (tag & 3) === 1;
    const length = short ? 4 + (high & 7) : 1 + high;
    const back = short ? ((tag >> 5) << 8) | number(1) : number((tag & 3) === 2 ? 2 : 4);
    if (back === 0 || back > at || at + length > unpacked.length) throw new Damage('is packed wrongly');
    // Byte by byte: the copied range may overlap the bytes being written.
    for (const end = at + length; at < end; at++) unpacked[at] = unpacked[at - back]!;
  }
  if (at !== unpacked.length) throw new Damage('breaks off');
  return unpacked;
};
