import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BoundedCache, loadForEach, loadOnce } from '../../../lib/adapter/cache.ts';

const clock = () => {
  let ms = 0;
  return { now: () => ms, pass: (more: number) => (ms += more) };
};

describe('A bounded cache', () => {
  test('keeps a value until its time to live is over', () => {
    const { now, pass } = clock();
    const cache = new BoundedCache<string>({ maxEntries: 2, ttlMs: 100, now });
    cache.set('a', 'one');
    pass(99);
    expect(cache.get('a')).toBe('one');
    pass(1);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.entries()).toEqual([]);
  });

  test('evicts the oldest entry, and a value that is set again is the youngest', () => {
    const cache = new BoundedCache<number>({ maxEntries: 2 });
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('a', 3);
    cache.set('c', 4);
    expect(cache.entries()).toEqual([
      ['a', 3],
      ['c', 4],
    ]);
  });

  test('does what a list of its last entries does', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('set' as const), key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.nat() }),
      fc.record({
        do: fc.constantFrom('get' as const, 'delete' as const),
        key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 60 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (maxEntries, steps) => {
        const { now, pass } = clock();
        const cache = new BoundedCache<number>({ maxEntries, ttlMs: 100, now });
        let model: { key: string; value: number; at: number }[] = [];
        for (const one of steps) {
          if (one.do === 'pass') pass(one.ms);
          if (one.do === 'delete') {
            cache.delete(one.key);
            model = model.filter(({ key }) => key !== one.key);
          }
          if (one.do === 'set') {
            cache.set(one.key, one.value);
            model = [...model.filter(({ key }) => key !== one.key), { key: one.key, value: one.value, at: now() }];
            model = model.slice(-maxEntries);
          }
          if (one.do === 'get') {
            const known = model.find(({ key, at }) => key === one.key && now() < at + 100);
            expect(cache.get(one.key)).toBe(known?.value);
          }
        }
        const live = model.filter(({ at }) => now() < at + 100).map(({ key, value }) => [key, value]);
        expect(cache.entries()).toEqual(live);
      }),
    );
  });
});

describe('loadOnce', () => {
  test('loads once for all who ask meanwhile and afterwards', async () => {
    const cache = new BoundedCache<Promise<number>>({ maxEntries: 2 });
    let loads = 0;
    const load = async () => ++loads;
    expect(await Promise.all([loadOnce(cache, 'a', load), loadOnce(cache, 'a', load)])).toEqual([1, 1]);
    expect(await loadOnce(cache, 'a', load)).toBe(1);
  });

  test('does not keep a failure, and does not drop what has taken its place', async () => {
    const cache = new BoundedCache<Promise<number>>({ maxEntries: 2 });
    await expect(loadOnce(cache, 'a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(cache.get('a')).toBeUndefined();
    let fail = (_: Error) => {};
    const slow = loadOnce(cache, 'a', () => new Promise<number>((_, reject) => (fail = reject)));
    cache.set('a', Promise.resolve(2));
    fail(new Error('down'));
    await expect(slow).rejects.toThrow('down');
    expect(await loadOnce(cache, 'a', async () => 3)).toBe(2);
  });
});

describe('A load that needs something of its caller', () => {
  const isOwnFault = (error: unknown) => (error as Error).message === 'mine';
  const loads = (...outcomes: readonly string[]) => {
    const left = [...outcomes];
    let count = 0;
    const load = async () => {
      count++;
      await new Promise((resolve) => setImmediate(resolve));
      const outcome = left.shift() ?? 'ok';
      if (outcome !== 'ok') throw new Error(outcome);
      return outcome;
    };
    const cache = new BoundedCache<Promise<string>>({ maxEntries: 9 });
    const all = (callers: number) =>
      Promise.all(
        Array.from({ length: callers }, () =>
          loadForEach(cache, 'key', load, isOwnFault).catch((error: Error) => error.message),
        ),
      );
    return { all, count: () => count };
  };

  test('is shared by callers at the same time', async () => {
    const { all, count } = loads();
    expect(await all(5)).toEqual(Array(5).fill('ok'));
    expect(count()).toBe(1);
  });

  test('that fails by the fault of its caller fails for that one alone', async () => {
    const { all, count } = loads('mine', 'mine');
    expect(await all(4)).toEqual(['mine', 'mine', 'ok', 'ok']);
    expect(count()).toBe(3);
  });

  test('that fails for all is told to all, and not kept', async () => {
    const { all, count } = loads('down');
    expect(await all(3)).toEqual(Array(3).fill('down'));
    expect(await all(1)).toEqual(['ok']);
    expect(count()).toBe(2);
  });
});
