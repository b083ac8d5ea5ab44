/**
 * Records of a log or manifest: https://github.com/google/leveldb/blob/main/doc/log_format.md. LevelDB itself skips
 * what it cannot read of a log and says nothing, so that what was acknowledged would be missing.
 */
import { maskedCrc32c } from './crc32c.ts';
import { Damage } from './damage.ts';

const BLOCK = 32_768;
const HEADER = 7;
const TYPES = { full: 1, first: 2, middle: 3, last: 4 } as const;

/**
 * Reads the records of a file. Half a record at its end is what a killed process leaves, and counts as none.
 * @throws {Damage} for anything else that is not as it was written
 */
export function* recordsOf(file: Buffer): Generator<Buffer> {
  let parts: Buffer[] | undefined;
  for (let at = 0; at + HEADER <= file.length; ) {
    const blockEnd = (Math.floor(at / BLOCK) + 1) * BLOCK;
    if (at + HEADER > blockEnd) {
      at = blockEnd; // too little for a header: filled with zeros
      continue;
    }
    const length = file.readUInt16LE(at + 4);
    const type = file[at + 6]!;
    const end = at + HEADER + length;
    if (end > blockEnd) throw new Damage(`has a record of a wrong length at byte ${at}`);
    if (end > file.length) return;
    if (maskedCrc32c(file, at + 6, end) !== file.readUInt32LE(at)) {
      throw new Damage(`has a record with a wrong checksum at byte ${at}`);
    }
    const begins = type === TYPES.full || type === TYPES.first;
    if (begins === (parts !== undefined)) throw new Damage(`lacks a part of a record at byte ${at}`);
    parts ??= [];
    parts.push(file.subarray(at + HEADER, end));
    if (type === TYPES.full || type === TYPES.last) {
      yield parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      parts = undefined;
    }
    at = end;
  }
}
