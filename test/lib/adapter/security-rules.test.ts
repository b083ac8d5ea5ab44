import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Allowed,
  messageTypes,
  portOfTogether,
  portRanges,
  portText,
} from '../../../lib/adapter/security-rules.ts';

const allows = (ranges: ReturnType<typeof portRanges>, port: number): boolean =>
  ranges.some(({ from, to }) => from <= port && port <= to);

const port = fc.integer({ min: 0, max: 60 });
const range = fc.tuple(port, port).map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);

describe('portRanges', () => {
  test('allows exactly the ports of the list, in ranges that are sorted and do not overlap', () =>
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 6 }), (wanted) => {
        const ranges = portRanges(wanted.map(([from, to]) => `${from}-${to}`).join(', '), 0);
        for (let at = 0; at <= 60; at++) {
          expect(allows(ranges, at)).toBe(wanted.some(([from, to]) => from <= at && at <= to));
        }
        for (const [place, { from }] of ranges.entries()) expect(from).toBeGreaterThan(ranges[place - 1]?.to ?? -1);
      }),
    ));

  test.each(['', '65536', '90-80', '1-2-3', 'http', '80,', '-1', '1.5'])(
    'refuses %j by the place of its rule',
    (text) => expect(() => portRanges(text, 2)).toThrow('Rule 3 of occi.securitygroup.rules has the port'),
  );
});

test('A type of message is a number up to 255, never a range', () => {
  expect(messageTypes('8, 3,8', 0, 'icmp')).toEqual([
    { from: 3, to: 3 },
    { from: 8, to: 8 },
  ]);
  for (const text of ['256', '3-8', '']) expect(() => messageTypes(text, 0, 'icmp')).toThrow('from 0 to 255');
});

describe('portOfTogether', () => {
  const ranges = ['0.0.0.0/0', '::/0'];
  const native = (...ports: (string | undefined)[]): Allowed[] =>
    ranges.flatMap((one) => ports.map((port) => ({ range: one, port })));

  test('joins the ports that every network has', () =>
    expect(portOfTogether(native('22', '80-90'), ranges)).toEqual({ whole: true, port: '22,80-90' }));

  test('says all ports where no native rule names one', () =>
    expect(portOfTogether(native(undefined), ranges)).toEqual({ whole: true, port: undefined }));

  test.each([
    ['one native rule is gone', native('22', '80').slice(1)],
    ['a network is missing', native('22').slice(1)],
    ['all ports are beside one', native(undefined, '80')],
    ['the list would be longer than a port may be', native(...Array.from({ length: 20 }, (_, at) => `${1000 + at}`))],
  ])('is no one rule where %s', (_, rules) => expect(portOfTogether(rules, ranges)).toEqual({ whole: false }));
});

test('A port is written as a number, a range, or not at all', () =>
  expect([{ from: 22, to: 22 }, { from: 80, to: 90 }, {}].map(portText)).toEqual(['22', '80-90', undefined]));
