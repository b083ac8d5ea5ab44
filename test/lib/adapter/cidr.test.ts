import { expect, test } from '@jest/globals';
import { canonicalCidr } from '../../../lib/adapter/cidr.ts';

test.each([
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['255.255.255.255/0', '0.0.0.0/0'],
  ['192.0.2.129/25', '192.0.2.128/25'],
  ['2001:DB8:0:0:1::1/80', '2001:db8:0:0:1::/80'],
  ['::1/128', '::1/128'],
  ['ffff::/1', '8000::/1'],
  ['::ffff:192.0.2.1/120', '::ffff:c000:200/120'],
  ['10.0.0.0', undefined],
  ['10.0.0.0/33', undefined],
  ['10.0.0.0/8/8', undefined],
  ['2001:db8::/129', undefined],
  ['10.0.0.0/ 8', undefined],
  ['', undefined],
])('%j is the network %s', (given, canonical) => expect(canonicalCidr(given)).toBe(canonical));
