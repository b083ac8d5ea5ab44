/** CRC-32C (RFC 3720 appendix B.4), in the form that LevelDB stores. */

/** Tables that process four bytes at a time. */
const TABLES = (() => {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    return crc;
  });
  const tables = [first];
  for (let at = 1; at < 4; at++) {
    const before = tables[at - 1]!;
    tables.push(before.map((crc) => (crc >>> 8) ^ first[crc & 0xff]!));
  }
  return tables as [Int32Array, Int32Array, Int32Array, Int32Array];
})();

/** The checksum of the bytes from `start` up to `end`. */
export const crc32c = (bytes: Uint8Array, start: number, end: number): number => {
  const [table0, table1, table2, table3] = TABLES;
  let crc = -1;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      table3[crc & 0xff]! ^ table2[(crc >>> 8) & 0xff]! ^ table1[(crc >>> 16) & 0xff]! ^ table0[(crc >>> 24) & 0xff]!;
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ table0[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
};

/** A checksum as stored in files: LevelDB masks it, since a CRC over data that contains CRCs is weak. */
export const maskedCrc32c = (bytes: Uint8Array, start: number, end: number): number => {
  const crc = crc32c(bytes, start, end);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
};
