import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tagOf } from '../../../lib/etags/etag.ts';
import { RunningTag } from '../../../lib/etags/running-tag.ts';
import { occiJson } from '../../../lib/renderings/index.ts';

test('The tag of a text in pieces is that of the text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (pieces) => {
      const running = new RunningTag();
      for (const piece of pieces) running.add(piece);
      const rendered = { headers: {}, body: pieces.join('') };
      expect(running.end(occiJson)).toBe(tagOf({ is: 'collection', locations: [] }, rendered, occiJson));
    }),
  );
});
