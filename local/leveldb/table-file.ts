/** A table: https://github.com/google/leveldb/blob/main/doc/table_format.md. LevelDB reads it without its checksums. */
import { maskedCrc32c } from './crc32c.ts';
import { Damage } from './damage.ts';
import { Reader } from './reader.ts';
import { unsnap } from './snappy.ts';

const FOOTER = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** Behind each block: how it is packed, and its checksum. */
const TRAILER = 5;
const SNAPPY = 1;

interface Place {
  readonly offset: number;
  readonly size: number;
}

/** Proves every block of a table. @throws {Damage} */
export const proveTable = (file: Buffer): void => {
  if (file.length < FOOTER || file.readBigUInt64LE(file.length - 8) !== MAGIC) throw new Damage('has no proper end');
  const footer = new Reader(file.subarray(file.length - FOOTER));
  const indexes = [readPlace(footer), readPlace(footer)];
  for (const index of indexes) {
    prove(file, index);
    for (const place of placesIn(unpacked(file, index))) prove(file, place);
  }
};

const readPlace = (reader: Reader): Place => ({ offset: reader.varint(), size: reader.varint() });

const prove = (file: Buffer, { offset, size }: Place): void => {
  const end = offset + size + 1;
  if (end + TRAILER - 1 > file.length) throw new Damage(`has a block beyond its end, at byte ${offset}`);
  if (maskedCrc32c(file, offset, end) !== file.readUInt32LE(end)) {
    throw new Damage(`has a block with a wrong checksum at byte ${offset}`);
  }
};

const unpacked = (file: Buffer, { offset, size }: Place): Buffer => {
  const block = file.subarray(offset, offset + size);
  return file[offset + size] === SNAPPY ? unsnap(block) : block;
};

/** The values of an index: each is the place of another block. Behind them come restart points, and their number. */
const placesIn = (block: Buffer): Place[] => {
  if (block.length < 4) throw new Damage('has an index that breaks off');
  const restarts = block.readUInt32LE(block.length - 4);
  const reader = new Reader(block.subarray(0, Math.max(0, block.length - 4 * (restarts + 1))));
  const places: Place[] = [];
  while (!reader.isAtEnd) {
    reader.varint(); // what the key shares with the one before
    const keyBytes = reader.varint();
    reader.varint(); // the size of the value
    reader.bytes(keyBytes);
    places.push(readPlace(reader));
  }
  return places;
};
