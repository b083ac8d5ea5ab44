import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SpareBytes } from '../../../../adapters/opennebula/api/spare-bytes.ts';

describe('The bytes of an answer', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 100_000 }), { maxLength: 8 });

  test('are those that arrived, in the memory of whatever answer came before', () => {
    const spare = new SpareBytes();
    fc.assert(
      fc.property(pieces, (arrived) => {
        const answer = spare.take();
        for (const piece of arrived) answer.add(Buffer.from(piece));
        expect(answer.bytes().equals(Buffer.concat(arrived))).toBe(true);
        spare.put(answer);
      }),
      { numRuns: 50 },
    );
  });

  test('take the memory of the last answer, and only once', () => {
    const spare = new SpareBytes();
    const first = spare.take();
    first.add(Buffer.alloc(1_000_000));
    const { buffer } = first.bytes();
    spare.put(first);
    const [second, third] = [spare.take(), spare.take()];
    expect(second.bytes().buffer).toBe(buffer);
    expect(third.bytes().buffer).not.toBe(buffer);
  });

  test('are not kept when they are many', () => {
    const spare = new SpareBytes();
    const first = spare.take();
    first.add(Buffer.alloc(9 * 1024 * 1024));
    const { buffer } = first.bytes();
    spare.put(first);
    expect(spare.take().bytes().buffer).not.toBe(buffer);
  });
});
