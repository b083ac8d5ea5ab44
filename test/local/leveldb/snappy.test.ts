import { describe, expect, test } from '@jest/globals';
import { Damage } from '../../../local/leveldb/damage.ts';
import { unsnap } from '../../../local/leveldb/snappy.ts';

const packed = (...parts: (number | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));

describe('Snappy', () => {
  test.each([
    ['nothing', packed(0), ''],
    ['a literal', packed(5, 4 << 2, 'hello'), 'hello'],
    ['a literal with a length of its own', packed(70, 60 << 2, 69, 'x'.repeat(70)), 'x'.repeat(70)],
    ['a copy with a short offset', packed(8, 3 << 2, 'abcd', 0x01, 4), 'abcdabcd'],
    ['a copy that reaches into itself', packed(9, 0, 'a', (7 << 2) | 2, 1, 0), 'a'.repeat(9)],
    ['a copy with an offset of four bytes', packed(6, 2 << 2, 'abc', (2 << 2) | 3, 3, 0, 0, 0), 'abcabc'],
  ])('unpacks %s', (_, bytes, text) => {
    expect(unsnap(bytes).toString()).toBe(text);
  });

  test.each([
    ['a literal that breaks off', packed(5, 4 << 2, 'hel')],
    ['less than was announced', packed(6, 4 << 2, 'hello')],
    ['a copy from before the beginning', packed(8, 3 << 2, 'abcd', 0x01, 5)],
    ['a copy beyond the end', packed(6, 3 << 2, 'abcd', 0x01, 4)],
  ])('refuses %s', (_, bytes) => {
    expect(() => unsnap(bytes)).toThrow(Damage);
  });
});
