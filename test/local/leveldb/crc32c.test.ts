import { describe, expect, test } from '@jest/globals';
import { crc32c } from '../../../local/leveldb/crc32c.ts';

describe('CRC-32C', () => {
  test.each([
    ['32 zeros (RFC 3720 B.4)', Buffer.alloc(32), 0x8a9136aa],
    ['32 bytes of ones (RFC 3720 B.4)', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['0 to 31 (RFC 3720 B.4)', Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e],
    ['a length that four does not divide', Buffer.from('123456789'), 0xe3069283],
    ['nothing', Buffer.alloc(0), 0],
  ])('of %s', (_, bytes, crc) => {
    expect(crc32c(bytes, 0, bytes.length)).toBe(crc);
  });

  test('of a part of the bytes', () => {
    expect(crc32c(Buffer.from('x123456789y'), 1, 10)).toBe(0xe3069283);
  });
});
