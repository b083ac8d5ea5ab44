/** What a process keeps of a listing of servers, and what a listing of changes makes of it. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Kept,
  ServerListings,
  sinceOf,
  withChanges,
} from '../../../../adapters/openstack/machine/kept-servers.ts';
import { type Server, server } from '../../../../adapters/openstack/native/server.ts';

const made = (number: number, status = 'ACTIVE'): Server =>
  server.parse({
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    name: `machine ${number}`,
    status,
    created: `2026-11-30T10:${String(number % 60).padStart(2, '0')}:00Z`,
    updated: '2026-11-30T11:00:00Z',
    flavor: { vcpus: 1, ram: 512 },
  });

const keptOf = (servers: readonly Server[]): Kept => ({
  servers: new Map(servers.map((one) => [one.id, one])),
  asOf: Date.parse('2026-11-30T12:00:00Z'),
  isWhole: true,
});

const NONE: readonly Server[] = [];

describe('what is kept of a listing', () => {
  test('changes are asked for from before the listing began, in whole seconds', () => {
    expect(sinceOf({ ...keptOf([]), asOf: Date.parse('2026-11-30T12:00:00.999Z') })).toBe('2026-11-30T11:59:30Z');
  });

  test('nothing changed: it is the very same', () => {
    const kept = keptOf([made(2), made(1)]);
    expect(withChanges(kept, NONE, [])).toBe(kept.servers);
  });

  test('a new server is the first, a changed one is as it is now, a deleted one is gone', () => {
    const kept = keptOf([made(3), made(2), made(1)]);
    const after = withChanges(kept, NONE, [made(4, 'BUILD'), made(2, 'SHUTOFF'), made(1, 'DELETED')]);
    expect([...after.values()].map(({ name, status }) => `${name} ${status}`)).toEqual([
      'machine 4 BUILD',
      'machine 3 ACTIVE',
      'machine 2 SHUTOFF',
    ]);
  });

  test('servers of one second stand in the order of their ids, as Nova lists them', () => {
    const [a, b, c] = [1, 2, 3].map((number) => ({ ...made(number), created: '2026-11-30T10:00:00Z' }));
    const after = withChanges(keptOf([a!, c!]), NONE, [b!]);
    expect([...after.keys()]).toEqual([a!.id, b!.id, c!.id]);
  });

  test('a server that was deleted before any host had it is gone, though Nova never counts it as changed', () => {
    const kept = keptOf([made(3, 'BUILD'), made(2, 'BUILD'), made(1)]);
    const after = withChanges(kept, [made(2, 'BUILD')], []);
    expect([...after.keys()]).toEqual([made(2).id, made(1).id]);
  });

  test('a new server that no host has touched is there, though Nova never counts it as changed', () => {
    const after = withChanges(keptOf([made(1)]), [made(2, 'BUILD')], []);
    expect([...after.keys()]).toEqual([made(2).id, made(1).id]);
  });

  test('a build that ends between the two readings is as the second has it', () => {
    const after = withChanges(keptOf([made(1)]), [made(2, 'BUILD')], [made(2)]);
    expect([...after.values()].map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE']);
  });

  test('whatever changes, it is what a new listing would be', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 59 }));
    const state = fc.constantFrom('ACTIVE', 'SHUTOFF', 'BUILD', 'DELETED');
    fc.assert(
      fc.property(numbers, fc.array(fc.tuple(fc.integer({ min: 1, max: 59 }), state)), (first, changes) => {
        const cloud = new Map(first.map((number) => [number, 'ACTIVE']));
        const last = new Map(changes);
        for (const [number, status] of last) cloud.set(number, status);
        const listed = [...cloud]
          .filter(([, status]) => status !== 'DELETED')
          .sort(([one], [other]) => other - one)
          .map(([number, status]) => made(number, status));
        const kept = keptOf(first.sort((one, other) => other - one).map((number) => made(number)));
        const changed = [...last].map(([number, status]) => made(number, status));
        expect([...withChanges(kept, NONE, changed).values()]).toEqual(listed);
      }),
    );
  });
});

describe('The listings of a process', () => {
  const long = (count: number) => keptOf(Array.from({ length: count }, (_, number) => made(number)));
  const reading = (count: number) => ({ servers: new Map(long(count).servers), asOf: 0 });

  test('are bounded by their servers, of whichever view: the oldest goes first', () => {
    const listings = new ServerListings();
    for (const view of ['a', 'b', 'c', 'a', 'd']) {
      listings.keep(view, long(4000));
      expect(listings.size).toBeLessThanOrEqual(10_000);
    }
    const kept = ['a', 'b', 'c', 'd'].filter((view) => listings.whole(view));
    expect(kept).toEqual(['a', 'd']);
  });

  test('count those that are being read, which go before whole ones', () => {
    const listings = new ServerListings();
    listings.keep('a', long(4000));
    listings.begin('b', 'next', reading(4000));
    listings.begin('c', 'next', reading(4000));
    expect(listings.size).toBe(8000);
    expect(listings.whole('a')).toBeDefined();
    expect(listings.takeBegun('b', 'next')).toBeUndefined();
    expect(listings.takeBegun('c', 'next')?.servers.size).toBe(4000);
    expect(listings.size).toBe(4000);
  });

  test('of one view are at most 5,000 servers, and none that Nova could not tell whole', () => {
    const listings = new ServerListings();
    listings.keep('a', long(10));
    listings.keep('a', long(5001));
    listings.keep('b', { ...long(10), isWhole: false });
    listings.begin('c', 'next', reading(5000));
    expect(listings.size).toBe(0);
  });
});
