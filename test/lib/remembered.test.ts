import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Remembered } from '../../lib/remembered.ts';
import { processorTime } from '../processor-time.ts';

describe('What is remembered', () => {
  test('goes once enough others were put or asked for, unless it was asked for meanwhile', () => {
    const names = new Remembered<number, string>(2);
    for (let n = 1; n <= 4; n++) names.set(n, `name ${n}`);
    expect(names.get(1)).toBe('name 1');
    names.set(5, 'name 5');
    expect(names.get(1)).toBe('name 1');
    expect(names.get(2)).toBeUndefined();
  });

  test('is forgotten on delete, however long it was there', () => {
    const names = new Remembered<string, number>(1);
    names.set('old', 1);
    names.set('young', 2);
    names.delete('old');
    names.delete('young');
    expect([names.get('old'), names.get('young')]).toEqual([undefined, undefined]);
  });

  test('is the value put last, there while it is among the least that are kept, and never more than twice those', () => {
    const key = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.record({ key, value: fc.integer() }), { maxLength: 60 }),
        (least, puts) => {
          const remembered = new Remembered<number, number>(least);
          const truth = new Map<number, number>();
          for (const { key: name, value } of puts) {
            remembered.set(name, value);
            truth.delete(name);
            truth.set(name, value);
          }
          // The oldest first, since asking keeps what is there.
          const there = [...truth].filter(([name, value]) => {
            const known = remembered.get(name);
            if (known !== undefined) expect(known).toBe(value);
            return known !== undefined;
          });
          expect(there.length).toBeLessThanOrEqual(2 * least);
          const last = new Remembered<number, number>(least);
          for (const { key: name, value } of puts) last.set(name, value);
          for (const [name, value] of [...truth].slice(-least).toReversed()) expect(last.get(name)).toBe(value);
        },
      ),
    );
  });

  test('is never another value than the one put last, whatever was forgotten meanwhile', () => {
    const key = fc.integer({ min: 0, max: 20 });
    const step = fc.oneof(fc.record({ put: key, value: fc.integer() }), fc.record({ drop: key }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 60 }), (least, steps) => {
        const remembered = new Remembered<number, number>(least);
        const truth = new Map<number, number>();
        for (const one of steps) {
          if ('put' in one) {
            remembered.set(one.put, one.value);
            truth.set(one.put, one.value);
            expect(remembered.get(one.put)).toBe(one.value);
          } else {
            remembered.delete(one.drop);
            truth.delete(one.drop);
            expect(remembered.get(one.drop)).toBeUndefined();
          }
        }
        for (let name = 0; name <= 20; name++) expect([undefined, truth.get(name)]).toContain(remembered.get(name));
      }),
    );
  });

  test('costs about what a map costs, also when it has long been full', () => {
    const time = (names: { set(name: number, value: number): unknown }): number => {
      const spent = processorTime();
      for (let n = 0; n < 200_000; n++) names.set(n, n);
      return spent();
    };
    const map = time(new Map());
    // Deleting the oldest key of one map for each new one took a hundred times as long.
    expect(time(new Remembered<number, number>(10_000)) / map).toBeLessThan(20);
  });
});
