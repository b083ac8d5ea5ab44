/** A table: https://github.com/google/leveldb/blob/main/doc/table_format.md. LevelDB reads it without its checksums. */
import { maskedCrc32c } from './crc32c.ts';
import { Damage } from './damage.ts';
import { Reader } from './reader.ts';
import { unsnap } from './snappy.ts';

const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** After each block: its compression type and checksum. */
const TRAILER_BYTES = 5;
const SNAPPY = 1;

interface Place {
  readonly offset: number;
  readonly size: number;
}

/** Verifies every block of a table. @throws {Damage} */
export const proveTable = (file: Buffer): void => {
  if (file.length < FOOTER_BYTES || file.readBigUInt64LE(file.length - 8) !== MAGIC)
    throw new Damage('has no proper end');
  const footer = new Reader(file.subarray(file.length - FOOTER_BYTES));
  const indexes = [readPlace(footer), readPlace(footer)];
  for (const index of indexes) {
    prove(file, index);
    for (const place of placesIn(unpacked(file, index))) prove(file, place);
  }
};

const readPlace = (reader: Reader): Place => ({ offset: reader.varint(), size: reader.varint() });

const prove = (file: Buffer, { offset, size }: Place): void => {
  const end = offset + size + 1;
  if (end + TRAILER_BYTES - 1 > file.length) throw new Damage(`has a block beyond its end, at byte ${offset}`);
  if (maskedCrc32c(file, offset, end) !== file.readUInt32LE(end)) {
    throw new Damage(`has a block with a wrong checksum at byte ${offset}`);
  }
};

const unpacked = (file: Buffer, { offset, size }: Place): Buffer => {
  const block = file.subarray(offset, offset + size);
  return file[offset + size] === SNAPPY ? unsnap(block) : block;
};

/** The values of an index block, each the position of another block. Restart points and their count follow them. */
const placesIn = (block: Buffer): Place[] => {
  if (block.length < 4) throw new Damage('has an index that breaks off');
  const restarts = block.readUInt32LE(block.length - 4);
  const reader = new Reader(block.subarray(0, Math.max(0, block.length - 4 * (restarts + 1))));
  const places: Place[] = [];
  while (!reader.isAtEnd) {
    reader.varint(); // length of the prefix shared with the previous key
    const keyBytes = reader.varint();
    reader.varint(); // size of the value
    reader.bytes(keyBytes);
    places.push(readPlace(reader));
  }
  return places;
};
