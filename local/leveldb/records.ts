/**
 * Records of a log or manifest: https://github.com/google/leveldb/blob/main/doc/log_format.md. LevelDB itself silently
 * skips unreadable parts of a log, so acknowledged writes would be missing.
 */
import { maskedCrc32c } from './crc32c.ts';
import { Damage } from './damage.ts';

const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
const TYPES = { full: 1, first: 2, middle: 3, last: 4 } as const;

/**
 * Reads the records of a file. Half a record at the end is what a killed process leaves, and is ignored.
 * @throws {Damage} for any other damage
 */
export function* recordsOf(file: Buffer): Generator<Buffer> {
  let parts: Buffer[] | undefined;
  for (let at = 0; at + HEADER_BYTES <= file.length; ) {
    const blockEnd = (Math.floor(at / BLOCK_BYTES) + 1) * BLOCK_BYTES;
    if (at + HEADER_BYTES > blockEnd) {
      at = blockEnd; // too short for a header: zero padding
      continue;
    }
    const length = file.readUInt16LE(at + 4);
    const type = file[at + 6]!;
    const end = at + HEADER_BYTES + length;
    if (end > blockEnd) throw new Damage(`has a record of a wrong length at byte ${at}`);
    if (end > file.length) return;
    if (maskedCrc32c(file, at + 6, end) !== file.readUInt32LE(at)) {
      throw new Damage(`has a record with a wrong checksum at byte ${at}`);
    }
    const begins = type === TYPES.full || type === TYPES.first;
    if (begins === (parts !== undefined)) throw new Damage(`lacks a part of a record at byte ${at}`);
    parts ??= [];
    parts.push(file.subarray(at + HEADER_BYTES, end));
    if (type === TYPES.full || type === TYPES.last) {
      yield parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      parts = undefined;
    }
    at = end;
  }
}
