import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Remembered } from '../../lib/remembered.ts';

describe('What is remembered', () => {
  test('is there until as much again was remembered, and what was asked for meanwhile stays', () => {
    const names = new Remembered<number, string>(4);
    for (let n = 1; n <= 4; n++) names.set(n, `name ${n}`);
    expect(names.get(1)).toBe('name 1');
    names.set(5, 'name 5');
    expect(names.get(1)).toBe('name 1');
    expect(names.get(2)).toBeUndefined();
  });

  test('is forgotten when told so, however long it was there', () => {
    const names = new Remembered<string, number>(2);
    names.set('old', 1);
    names.set('young', 2);
    names.delete('old');
    names.delete('young');
    expect([names.get('old'), names.get('young')]).toEqual([undefined, undefined]);
  });

  test('is never another value than the one put last, and never more than was allowed', () => {
    const key = fc.integer({ min: 0, max: 20 });
    const step = fc.oneof(fc.record({ put: key, value: fc.integer() }), fc.record({ drop: key }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 60 }), (most, steps) => {
        const remembered = new Remembered<number, number>(most);
        const truth = new Map<number, number>();
        for (const one of steps) {
          if ('put' in one) {
            remembered.set(one.put, one.value);
            truth.set(one.put, one.value);
            expect(remembered.get(one.put)).toBe(one.value);
          } else {
            remembered.delete(one.drop);
            truth.delete(one.drop);
          }
        }
        const there = [...truth].filter(([name]) => remembered.get(name) !== undefined);
        for (const [name, value] of there) expect([undefined, value]).toContain(remembered.get(name));
        expect(there.length).toBeLessThanOrEqual(most + 1);
      }),
    );
  });

  test('costs the same for the hundred thousandth name as for the first ten thousand', () => {
    const names = new Remembered<number, number>(20_000);
    const time = (from: number, to: number): number => {
      const began = performance.now();
      for (let n = from; n < to; n++) names.set(n, n);
      return performance.now() - began;
    };
    time(0, 20_000);
    const full = time(20_000, 100_000);
    // Deleting the oldest key of one map took seconds for so many.
    expect(full).toBeLessThan(500);
  });
});
