import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unitsFor } from '../../../lib/adapter/sizes.ts';

describe('The units that hold a size', () => {
  test.each([
    [0.001, 1, 1],
    [0.1, 1, 1],
    [1, 1, 1],
    [1.5, 1, 2],
    [1.1 * 10, 1, 11],
    [0.1, 1024, 103],
    [1.5, 1024, 1536],
  ])('of %s GiB, %s to a GiB, are %s', (gibibytes, each, units) => {
    expect(unitsFor(gibibytes, each)).toBe(units);
  });

  test('are enough, none too many, and the same again for what they are shown as', () => {
    const size = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(size, fc.constantFrom(1, 1024), (gibibytes, each) => {
        const units = unitsFor(gibibytes, each);
        expect(units).toBeGreaterThanOrEqual(gibibytes * each - 1e-6);
        expect(units - 1).toBeLessThan(Math.max(gibibytes * each, 1));
        expect(unitsFor(units / each, each)).toBe(units);
      }),
    );
  });
});
