import { describe, expect, test } from '@jest/globals';
import { sourceOf } from '../../../lib/request/source-address.ts';

const PROXY = '198.51.100.7';

describe('The address that the audit names', () => {
  test('is the peer of the gateway, whatever a client writes into X-Forwarded-For', () => {
    expect(sourceOf('203.0.113.9', '192.0.2.1', false)).toEqual({ from: '203.0.113.9' });
    expect(sourceOf('203.0.113.9', undefined, true)).toEqual({ from: '203.0.113.9' });
  });

  test('is what a trusted proxy reports of its peer, with the address of the proxy', () => {
    expect(sourceOf(PROXY, '203.0.113.9', true)).toEqual({ from: '203.0.113.9', via: PROXY });
  });

  test('is not what the client sent: proxies append to it', () => {
    expect(sourceOf(PROXY, '192.0.2.66, 203.0.113.9', true)).toEqual({ from: '203.0.113.9', via: PROXY });
  });

  test('is not the proxy, whose address the gateway appends', () => {
    expect(sourceOf(PROXY, `192.0.2.66, 203.0.113.9, ${PROXY}`, true)).toEqual({ from: '203.0.113.9', via: PROXY });
    expect(sourceOf(PROXY, PROXY, true)).toEqual({ from: PROXY });
  });

  test.each([
    ['203.0.113.9:51034', '203.0.113.9'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:51034', '2001:db8::7'],
  ])('is read from %s', (entry, from) => {
    expect(sourceOf(PROXY, entry, true)).toEqual({ from, via: PROXY });
  });

  test.each(['', 'unknown', '_hidden', 's3cret', '1.2.3', '203.0.113.9\n', 'x, '])(
    'is that of the proxy for %j, which holds no address',
    (entry) => {
      const { from } = sourceOf(PROXY, entry, true);
      expect([PROXY, '203.0.113.9']).toContain(from);
    },
  );
});
