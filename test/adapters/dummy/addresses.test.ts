import { isIPv6 } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  canonical,
  freeAddresses,
  hasHost,
  isCidr,
  rangeOf,
  toNumber,
  toText,
} from '../../../adapters/dummy/addresses.ts';

describe('addresses', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ['10:0:0:20::', '10:0:0:20::'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ])('%s is spelt %s', (address, spelling) => {
    expect(canonical(address)).toBe(spelling);
  });

  test('have one canonical form, the one that URLs use (RFC 5952)', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(canonical(address)).toBe(new URL(`http://[${address}]/`).hostname.slice(1, -1));
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (number) => {
        expect(isIPv6(toText(number, 128))).toBe(true);
        expect(toNumber(toText(number, 128))).toBe(number);
      }),
    );
    fc.assert(fc.property(fc.ipV4(), (address) => expect(canonical(address)).toBe(address)));
  });

  test.each([
    ['10.0.0.0/30', ['10.0.0.1', '10.0.0.2']],
    ['10.0.0.77/30', ['10.0.0.77', '10.0.0.78']],
    ['10.0.0.0/31', ['10.0.0.0', '10.0.0.1']],
    ['10.0.0.9/32', ['10.0.0.9']],
    ['2001:db8::/126', ['2001:db8::1', '2001:db8::2', '2001:db8::3']],
    ['2001:db8::7/128', ['2001:db8::7']],
  ])('%s has the hosts %j', (cidr, hosts) => {
    expect([...freeAddresses(rangeOf(cidr), new Set())]).toEqual(hosts);
    for (const host of hosts) expect(hasHost(rangeOf(cidr), host)).toBe(true);
    expect([...freeAddresses(rangeOf(cidr), new Set(hosts.slice(0, 1)))]).toEqual(hosts.slice(1));
  });

  test('are not in a range that does not contain them, nor in one of the other IP version', () => {
    for (const outside of ['10.0.0.0', '10.0.0.255', '10.0.1.1', '::1', '::ffff:10.0.0.1']) {
      expect(hasHost(rangeOf('10.0.0.0/24'), outside)).toBe(false);
    }
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0/8', '::/129', '::/', '10.0.0.0/8/9', 'x/8', '10.0.0.0/-1', ''])(
    '%j is no network',
    (text) => {
      expect(isCidr(text)).toBe(false);
    },
  );
});
