import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { partitionsOf, prefixOf } from '../../../lib/table/partition-keys.ts';

/** Names with many of the characters that a key is put together with. */
const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
  fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom('/', '~', '0', '1', 'a', '%', '\n', '#') }),
);
const site = fc.oneof(fc.constantFrom('a', 'b', 'a/tenant', 'tenant', 'cloud/x', '~1'), name);

/** Every partition that a site may have, by what it is and whose. */
const place = fc.oneof(
  fc.record({
    what: fc.constantFrom('tenant' as const, 'cloud' as const, 'rate' as const, 'ledger' as const, 'scans' as const),
    adapter: site,
    site,
    names: fc.tuple(name),
  }),
  fc.record({
    what: fc.constantFrom('catalogue' as const, 'scans' as const),
    adapter: site,
    site,
    names: fc.tuple(name, name),
  }),
  fc.record({ what: fc.constant('shared' as const), adapter: site, site, names: fc.constant([]) }),
);
type Place = typeof place extends fc.Arbitrary<infer T> ? T : never;

const keyOf = ({ what, adapter, site: of, names }: Place): string => {
  const partitions = partitionsOf(adapter, of);
  if (what === 'shared') return partitions.shared;
  if (what === 'catalogue') return partitions.catalogue(names[0], names[1]!);
  return what === 'scans' ? partitions.scans(names[0], names[1]) : partitions[what](names[0]);
};

describe('A partition key', () => {
  test('is that of one place only, whatever sites, tenants and audiences are called', () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        const same = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(keyOf(one) === keyOf(other)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['an audience within a tenant, and a tenant of that name', 'catalogue', ['u1', 'g1'], 'tenant', ['u1/g1']],
    ['a tenant with a slash, and one with its escape', 'tenant', ['a/b'], 'tenant', ['a~1b']],
    ['a tenant and an audience, parted elsewhere', 'catalogue', ['a/b', 'c'], 'catalogue', ['a', 'b/c']],
  ] as const)('parts %s', (_, one, names, other, others) => {
    const partitions = partitionsOf('opennebula', 'site') as unknown as Record<string, (...of: string[]) => string>;
    expect(partitions[one]!(...names)).not.toBe(partitions[other]!(...others));
  });

  test('begins with what is the same for all of a site and for no other', () => {
    const { tenant, cloud, rate, ledger, catalogue, shared } = partitionsOf('dummy', 'here');
    for (const key of [tenant('a'), cloud('a'), rate('a'), ledger('a'), catalogue('a', 'b'), shared]) {
      expect(key.startsWith(prefixOf('dummy', 'here'))).toBe(true);
      expect(key.startsWith(prefixOf('dummy', 'her'))).toBe(false);
    }
  });

  test.each([
    ['', 'is empty or not well-formed'],
    ['a\ud800', 'is empty or not well-formed'],
    ['x'.repeat(2100), 'is too long'],
    ['ß'.repeat(1100), 'is too long'],
  ])('is not made from an invalid name', (wrong, why) => {
    expect(() => partitionsOf('dummy', 'here').tenant(wrong)).toThrow(
      expect.objectContaining({ failure: 'unauthenticated', message: `The name of the caller ${why}.` }),
    );
  });

  test('can be made of the longest names that schemes let through', () => {
    expect(() => partitionsOf('opennebula', 'x'.repeat(64)).tenant(encodeURIComponent('😀'.repeat(128)))).not.toThrow();
  });
});
