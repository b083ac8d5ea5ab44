import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPlain } from '../../../lib/renderings/characters.ts';

/** What must not stand between quotes as it is. */
const NOT_PLAIN = /[^ !#-[\]-~]/;

describe('A text is plain', () => {
  test('when it has nothing but printable ASCII, no quote and no backslash, short or long', () => {
    const character = fc.oneof(fc.constantFrom('a', ' ', '~', '"', '\\', '\t', '\u007f', 'é', '漢', '\ud800'));
    const around = fc.constantFrom(0, 1, 62, 63, 64, 65, 200);
    fc.assert(
      fc.property(character, around, fc.string({ maxLength: 5 }), (one, before, more) => {
        const text = 'x'.repeat(before) + one + more;
        expect(isPlain(text)).toBe(!NOT_PLAIN.test(text));
      }),
    );
    expect(isPlain('')).toBe(true);
  });
});
