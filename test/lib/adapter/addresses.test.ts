import { isIPv6 } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addressOf,
  addressText,
  coveringCidr,
  exactCidrs,
  hostsOf,
  type Span,
  sizeOf,
  spanOf,
  without,
} from '../../../lib/adapter/addresses.ts';

const span = (first: string, last: string): Span => ({ ...addressOf(first)!, last: addressOf(last)!.last });
const shown = ({ bits, first, last }: Span) => `${addressText(first, bits)} to ${addressText(last, bits)}`;

const number = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
const anySpan = fc.oneof(
  fc.tuple(fc.nat(0xffffffff), fc.nat(5000)).map(([first, more]): Span => {
    const last = BigInt(Math.min(first + more, 0xffffffff));
    return { bits: 32, first: BigInt(first), last };
  }),
  fc.tuple(number, number).map(([one, other]): Span => {
    const [first, last] = one < other ? [one, other] : [other, one];
    return { bits: 128, first, last };
  }),
);

describe('An address', () => {
  test('is a number and back, in its one spelling', () => {
    const spelled = (text: string) => addressText(addressOf(text)!.first, addressOf(text)!.bits);
    expect(spelled('203.0.113.9')).toBe('203.0.113.9');
    expect(spelled('2001:DB8:0:0:0:0:0:1')).toBe('2001:db8::1');
    expect(spelled('::ffff:192.0.2.1')).toBe('::ffff:c000:201');
    expect(spelled('1:0:0:2:0:0:0:3')).toBe('1:0:0:2::3');
    fc.assert(
      fc.property(number, (value) => {
        const text = addressText(value, 128);
        expect(isIPv6(text)).toBe(true);
        expect(addressOf(text)!.first).toBe(value);
      }),
    );
  });

  test('is undefined for any other text', () => {
    for (const text of ['', '10.0.0.256', 'fe80', 'example.org', undefined]) expect(addressOf(text)).toBeUndefined();
  });
});

describe('A CIDR', () => {
  test('is a span, whichever of its addresses it names, without counting them out', () => {
    expect(shown(spanOf('10.77.3.4/16')!)).toBe('10.77.0.0 to 10.77.255.255');
    expect(shown(spanOf('0.0.0.0/0')!)).toBe('0.0.0.0 to 255.255.255.255');
    expect(sizeOf(spanOf('2001:db8::/32')!)).toBe(2n ** 96n);
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/8/8', '::/129', '/8', '10.0.0.0/-1', undefined])(
    'is undefined for %s',
    (text) => expect(spanOf(text)).toBeUndefined(),
  );

  test('that covers a span is the smallest', () => {
    expect(coveringCidr(span('10.10.0.10', '10.10.0.209'))).toBe('10.10.0.0/24');
    expect(coveringCidr(span('10.0.0.255', '10.0.1.0'))).toBe('10.0.0.0/23');
    expect(coveringCidr(span('192.0.2.1', '192.0.2.1'))).toBe('192.0.2.1/32');
    fc.assert(
      fc.property(anySpan, (some) => {
        const [text, length] = coveringCidr(some).split('/');
        const covering = spanOf(`${text}/${length}`)!;
        expect(covering.first <= some.first && some.last <= covering.last).toBe(true);
        if (some.first === some.last) return;
        const half = spanOf(`${addressText(some.first, some.bits)}/${Number(length) + 1}`)!;
        expect(half.last < some.last).toBe(true);
      }),
    );
  });

  test('list of a span has its addresses and no other', () => {
    expect(exactCidrs(span('10.0.0.1', '10.0.0.6'))).toEqual([
      '10.0.0.1/32',
      '10.0.0.2/31',
      '10.0.0.4/31',
      '10.0.0.6/32',
    ]);
    expect(exactCidrs(spanOf('2001:db8::/64')!)).toEqual(['2001:db8::/64']);
    expect(exactCidrs(spanOf('0.0.0.0/0')!)).toEqual(['0.0.0.0/0']);
    fc.assert(
      fc.property(anySpan, (some) => {
        const parts = exactCidrs(some).map((cidr) => spanOf(cidr)!);
        expect(parts[0]!.first).toBe(some.first);
        expect(parts.at(-1)!.last).toBe(some.last);
        for (const [place, part] of parts.slice(1).entries()) expect(part.first).toBe(parts[place]!.last + 1n);
      }),
    );
  });
});

test('Hosts have neither the first nor, of IPv4, the last address, unless there are two or one', () => {
  expect(shown(hostsOf(spanOf('10.0.0.0/29')!))).toBe('10.0.0.1 to 10.0.0.6');
  expect(shown(hostsOf(spanOf('10.0.0.0/31')!))).toBe('10.0.0.0 to 10.0.0.1');
  expect(shown(hostsOf(spanOf('2001:db8::/126')!))).toBe('2001:db8::1 to 2001:db8::3');
});

test('What is taken out of a span leaves one span, two or none', () => {
  const hosts = hostsOf(spanOf('10.0.0.0/29')!);
  const left = (address: string) => without(hosts, addressOf(address)!).map(shown);
  expect(left('10.0.0.1')).toEqual(['10.0.0.2 to 10.0.0.6']);
  expect(left('10.0.0.6')).toEqual(['10.0.0.1 to 10.0.0.5']);
  expect(left('10.0.0.3')).toEqual(['10.0.0.1 to 10.0.0.2', '10.0.0.4 to 10.0.0.6']);
  expect(left('10.0.0.0')).toEqual(['10.0.0.1 to 10.0.0.6']);
  expect(without(spanOf('10.0.0.1/32')!, addressOf('10.0.0.1')!)).toEqual([]);
});
