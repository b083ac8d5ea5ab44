import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Texts } from '../../../../adapters/opennebula/api/texts.ts';

test('A text is what its bytes are, whatever texts came before', () => {
  const text = fc.oneof(fc.constantFrom('', '0', 'YES', 'é', 'e\u0301', 'x'.repeat(32), 'x'.repeat(33)), fc.string());
  fc.assert(
    fc.property(fc.array(text, { maxLength: 40 }), (all) => {
      const texts = new Texts();
      const read = all.map((one) => texts.at(Buffer.from(`<${one}>`), 1, 1 + Buffer.byteLength(one)));
      expect(read).toEqual(all.map((one) => Buffer.from(one).toString()));
    }),
  );
});
