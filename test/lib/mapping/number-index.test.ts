/** Which number an id is the hash of: every number that is in the index, and nothing else. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Identities } from '../../../lib/mapping/identity.ts';
import { MAX_NUMBERS, NumberIndex } from '../../../lib/mapping/number-index.ts';
import { KIND_TERMS } from '../../../lib/occi/kinds/index.ts';

const site = fc.string({ minLength: 1, maxLength: 20 });
const kind = fc.constantFrom(...KIND_TERMS);

describe('The index of numbers', () => {
  test('finds every number below its size, and none from there on', async () => {
    await fc.assert(
      fc.asyncProperty(site, kind, fc.nat(3000), async (name, term, size) => {
        const identities = new Identities('numbers', name);
        const index = new NumberIndex(identities.nameBefore(term));
        await index.growTo(size);
        for (let number = 0; number < size; number++)
          expect(index.find(identities.of(term, String(number)).uuid)).toBe(number);
        for (const number of [size, size + 1, 2 * size + 7, 4_000_000_000])
          expect(index.find(identities.of(term, String(number)).uuid)).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });

  test('never finds the id of another kind, another site, or a number that is not written as one', async () => {
    const identities = new Identities('numbers', 'here');
    const index = new NumberIndex(identities.nameBefore('compute'));
    await index.growTo(2000);
    fc.assert(
      fc.property(fc.nat(2000), (number) => {
        const others = [
          identities.of('storage', String(number)),
          new Identities('numbers', 'there').of('compute', String(number)),
          identities.of('compute', `0${number}`),
          identities.of('compute', `${number}:nic0`),
          identities.of('compute', `-${number}`),
        ];
        for (const { uuid } of others) expect(index.find(uuid)).toBeUndefined();
      }),
    );
  });

  test('never finds another UUID that begins with the same 32 bits', async () => {
    const identities = new Identities('numbers', 'here');
    const index = new NumberIndex(identities.nameBefore('compute'));
    await index.growTo(500);
    for (let number = 0; number < 500; number++) {
      const { uuid } = identities.of('compute', String(number));
      const other = uuid.slice(0, -1) + (uuid.endsWith('0') ? '1' : '0');
      expect(index.find(other)).toBeUndefined();
    }
  });

  test('grows bit by bit to the same as at once, and never shrinks', async () => {
    const identities = new Identities('numbers', 'here');
    const index = new NumberIndex(identities.nameBefore('network'));
    await Promise.all([index.growTo(20_000), index.growTo(9000), index.growTo(30_000), index.growTo(10)]);
    expect(index.size).toBe(30_000);
    await index.growTo(5);
    expect(index.size).toBe(30_000);
    for (let number = 0; number < 30_000; number += 7)
      expect(index.find(identities.of('network', String(number)).uuid)).toBe(number);
  });

  test('holds 100,000, and is bounded', async () => {
    const identities = new Identities('numbers', 'here');
    const index = new NumberIndex(identities.nameBefore('compute'));
    const { uuid } = identities.of('compute', '99999');
    await index.growTo(100_000);
    expect(index.find(uuid)).toBe(99_999);
    await index.growTo(Number.MAX_SAFE_INTEGER);
    expect(index.size).toBe(MAX_NUMBERS);
  });

  test('lets other work have its turn while it grows', async () => {
    const index = new NumberIndex('numbers\nhere\ncompute\n');
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    const growing = index.growTo(100_000);
    setImmediate(count);
    await growing;
    isOver = true;
    expect(turns).toBeGreaterThan(5);
  });
});
