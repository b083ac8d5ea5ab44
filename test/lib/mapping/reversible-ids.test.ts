/** OCCI ids of which the native id can be read: a permutation of random UUIDs that differs by adapter, site and kind. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Identities, isOurUuid } from '../../../lib/mapping/identity.ts';
import { ReversibleIds } from '../../../lib/mapping/reversible-ids.ts';
import { KIND_TERMS, type KindTerm } from '../../../lib/occi/kinds/index.ts';

const native = fc.uuid({ version: 4 });
const name = fc.string({ minLength: 1, maxLength: 20 });
const kind = fc.constantFrom(...KIND_TERMS);
const idsOf = (adapter = 'uuids', site = 'here') => new ReversibleIds(adapter, site, KIND_TERMS);

/** Computed with an implementation in another language, from the description in `reversible-ids.ts`. */
const PINNED: readonly (readonly [kind: KindTerm, nativeId: string, uuid: string])[] = [
  ['compute', '3f2b1c9e-7a4d-4e21-9b08-5d6c7e8f9a01', '8988f3b7-43e7-5e00-b748-419ac1f677f3'],
  ['compute', '00000000-0000-4000-8000-000000000000', '6122899b-adc1-5a3a-aba2-f50cdcd110fe'],
  ['compute', 'ffffffff-ffff-4fff-bfff-ffffffffffff', '8367b085-4ffb-5d82-a538-871f8c016a56'],
  ['storage', '3f2b1c9e-7a4d-4e21-9b08-5d6c7e8f9a01', 'e6ddd0d8-acac-561f-8e5b-4ae58a5c8431'],
  ['network', 'c0ffee00-1234-4abc-adef-0123456789ab', '8f969985-4392-53e7-b210-b23e31c194bd'],
  ['networkinterface', 'a5a5a5a5-5a5a-4a5a-a5a5-5a5a5a5a5a5a', '851d96c5-847e-5077-8d78-0e186c008412'],
];

describe('Ids of which the native id can be read', () => {
  test.each(PINNED)('are pinned for ever: of a %s with the native id %s', (term, nativeId, uuid) => {
    const ids = idsOf('openstack', 'site-1');
    expect(ids.idOf(term, nativeId)).toBe(uuid);
    expect(ids.nativeIdOf(term, uuid)).toBe(nativeId);
  });

  test('have the form of every id, and lead back to the native id', () => {
    fc.assert(
      fc.property(name, name, kind, native, (adapter, site, term, nativeId) => {
        const ids = idsOf(adapter, site);
        const uuid = ids.idOf(term, nativeId)!;
        expect(isOurUuid(uuid)).toBe(true);
        expect(ids.nativeIdOf(term, uuid)).toBe(nativeId);
      }),
    );
  });

  test('are a permutation: every id leads to one native id, which has this id', () => {
    fc.assert(
      fc.property(kind, fc.uuid({ version: 5 }), (term, uuid) => {
        const nativeId = idsOf().nativeIdOf(term, uuid)!;
        expect(nativeId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(idsOf().idOf(term, nativeId)).toBe(uuid);
      }),
    );
  });

  test('differ by adapter, site and kind', () => {
    fc.assert(
      fc.property(native, (nativeId) => {
        const ids = [
          ...KIND_TERMS.map((term) => idsOf().idOf(term, nativeId)),
          idsOf('others').idOf('compute', nativeId),
          idsOf('uuids', 'there').idOf('compute', nativeId),
        ];
        expect(new Set(ids).size).toBe(KIND_TERMS.length + 2);
      }),
    );
  });

  test('change in half of their bits with any bit of the native id', () => {
    const bits = (uuid: string): bigint => BigInt(`0x${uuid.replaceAll('-', '')}`);
    const count = (number: bigint): number => number.toString(2).replaceAll('0', '').length;
    const nativeId = '3f2b1c9e-7a4d-4e21-9b08-5d6c7e8f9a01';
    for (let bit = 0n; bit < 128n; bit++) {
      const changed = (bits(nativeId) ^ (1n << bit)).toString(16).padStart(32, '0');
      const other = idsOf().idOf('compute', changed.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
      if (other === undefined) continue;
      const differing = count(bits(other) ^ bits(idsOf().idOf('compute', nativeId)!));
      expect(differing).toBeGreaterThan(35);
      expect(differing).toBeLessThan(87);
    }
  });

  test('are not made of other native ids, nor for other kinds', () => {
    const [uuid, nativeId] = ['74738ff5-5367-5958-9aee-98fffdcd1876', '3f2b1c9e-7a4d-4e21-9b08-5d6c7e8f9a01'];
    for (const other of [
      '',
      '42',
      nativeId.toUpperCase(),
      nativeId.replaceAll('-', ''),
      `${nativeId}:nic0`,
      `${nativeId}\n`,
      uuid,
      '00000000-0000-0000-0000-000000000000',
      '3f2b1c9e-7a4d-4e21-cb08-5d6c7e8f9a01',
    ])
      expect(idsOf().idOf('compute', other)).toBeUndefined();
    for (const other of ['', nativeId, uuid.toUpperCase(), `${uuid} `]) {
      expect(idsOf().nativeIdOf('compute', other)).toBeUndefined();
    }
    const some = new ReversibleIds('uuids', 'here', ['compute']);
    expect(some.idOf('storage', nativeId)).toBeUndefined();
    expect(some.nativeIdOf('storage', uuid)).toBeUndefined();
    expect(some.idOf('compute', nativeId)).toBe(idsOf().idOf('compute', nativeId));
  });
});

test('identities are made by them, and all others are hashes as ever', () => {
  const reversible = new ReversibleIds('uuids', 'here', ['compute']);
  const [identities, hashes] = [new Identities('uuids', 'here', reversible), new Identities('uuids', 'here')];
  fc.assert(
    fc.property(native, (nativeId) => {
      const uuid = reversible.idOf('compute', nativeId)!;
      expect(identities.of('compute', nativeId)).toMatchObject({
        uuid,
        urn: `urn:uuid:${uuid}`,
        path: `/compute/${uuid}`,
      });
      expect(uuid).not.toBe(hashes.of('compute', nativeId).uuid);
      expect(identities.of('storage', nativeId)).toEqual(hashes.of('storage', nativeId));
      expect(identities.of('compute', `${nativeId}x`)).toEqual(hashes.of('compute', `${nativeId}x`));
    }),
  );
});
