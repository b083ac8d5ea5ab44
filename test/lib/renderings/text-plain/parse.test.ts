import { describe, expect, test } from '@jest/globals';
import { NOTHING } from '../../../../lib/renderings/rendering.ts';
import { parseTextPlain } from '../../../../lib/renderings/text-plain/parse.ts';
import { processorTime } from '../../../processor-time.ts';
import { COMPUTE, fixture, INFRASTRUCTURE, LOCATIONS, parsed, STOP } from '../golden.ts';

const parse = (body: string) => parseTextPlain({ body });

describe('golden exchanges', () => {
  test('an entity (TXT-11)', () => expect(parse(fixture('text-plain/compute.txt'))).toEqual(COMPUTE));
  test('an action (TXT-13)', () => expect(parse(fixture('text-plain/action.txt'))).toEqual(STOP));
  test('a collection (TXT-16)', () => expect(parse(fixture('text-plain/collection.txt'))).toEqual(LOCATIONS));

  test('a user mixin (HTTP-23)', () => {
    const mixin = {
      term: 'my_stuff',
      scheme: 'http://example.com/occi/my_stuff#',
      class: 'mixin',
      location: '/my_stuff/',
    };
    expect(parse(fixture('text-plain/user-mixin.txt'))).toEqual(parsed({ categories: [mixin as never] }));
  });

  test('discovery (TXT-17)', () => {
    const { categories } = parse(fixture('text-plain/discovery.txt')).parts[0]!;
    expect(categories.map(({ term }) => term)).toEqual(['storage', 'stop', 'debian12']);
    expect(categories[0]?.attributes?.[0]).toEqual({ name: 'occi.core.id', immutable: true, required: true });
  });
});

describe('lines', () => {
  const one = 'Category: a; scheme="urn:x:"';
  const two = 'X-OCCI-Attribute: b=1';
  const both = parsed({ categories: [{ term: 'a', scheme: 'urn:x:' }], attributes: { b: 1 } });

  test.each([['\r\n'], ['\n'], ['\r'], ['\n\r'], ['\r\n\r\n'], ['\n\n\r'], ['\r\r'], ['\n \t\r\n']])(
    'may end with %j (ADR-18)',
    (end) => {
      expect(parse(one + end + two)).toEqual(both);
      expect(parse(end + one + end + two + end)).toEqual(both);
    },
  );

  test('names are case-insensitive, blanks around them are nothing, aliases are known (TXT-27, ADR-18)', () => {
    const body = ' x-occi-category :a; scheme="urn:x:"\nX-Occi-Attribute:b=1\nX-OCCI-Link: </c>; rel="urn:k:1"';
    expect(parse(body).parts[0]).toMatchObject({ ...both.parts[0], links: [{ target: '/c' }] });
  });

  test.each([
    ['CRLF', '\r\n'],
    ['LF', '\n'],
    ['CR', '\r'],
    ['LF CR', '\n\r'],
  ])('are counted right with %s', (_name, end) => {
    const message = 'Line 4 (X-OCCI-Attribute): b has no value.';
    expect(() => parse([one, '', two, 'X-OCCI-Attribute: b='].join(end))).toThrow(expect.objectContaining({ message }));
  });

  test('none at all', () => {
    expect(parse('')).toBe(NOTHING);
    expect(parse('\r\n \n')).toBe(NOTHING);
    expect(parse('Category:\nLink: \nX-OCCI-Attribute: ,')).toBe(NOTHING);
    // It names no entity, but what selects by it must not select everything.
    expect(parse('Category:\nX-OCCI-Location:')).toEqual({ ...NOTHING, emptyLocations: true });
  });

  test('one that ends early does not read on into the next', () => {
    const body = 'X-OCCI-Attribute: a="b\nX-OCCI-Attribute: c="d"';
    const message = 'Line 1 (X-OCCI-Attribute): the value of a has no closing quote.';
    expect(() => parse(body)).toThrow(expect.objectContaining({ message }));
  });

  test.each([
    ['Content-Type: a', 'Line 1: "Content-Type" is not a field of OCCI.'],
    ['Catagory: a', 'Line 1: "Catagory" is not a field of OCCI (did you mean Category?).'],
    ['\nLinks: a', 'Line 2: "Links" is not a field of OCCI (did you mean Link?).'],
    ['X-OCCI-Attributes: a', 'Line 1: "X-OCCI-Attributes" is not a field of OCCI (did you mean X-OCCI-Attribute?).'],
    ['X_OCCI_Location: a', 'Line 1: "X_OCCI_Location" is not a field of OCCI (did you mean X-OCCI-Location?).'],
    ['constructor: a', 'Line 1: "constructor" is not a field of OCCI.'],
    [': a', 'Line 1: "" is not a field of OCCI.'],
    ['\nhello', 'Line 2: there is no colon after the name of a field.'],
    ['hello\nLink: x', 'Line 1: there is no colon after the name of a field.'],
    ['\u0000:', 'Line 1: "?" is not a field of OCCI.'],
    [`${'x'.repeat(100)}: a`, `Line 1: "${'x'.repeat(40)}…" is not a field of OCCI.`],
  ])('%j is refused', (body, message) => {
    expect(() => parse(body)).toThrow(expect.objectContaining({ failure: 'invalid', message }));
  });

  test.each([
    ['line ends', '\n\r'.repeat(300_000)],
    ['blank lines', ' \n'.repeat(300_000)],
    ['attributes', Array.from({ length: 10_000 }, (_, index) => `X-OCCI-Attribute: a${index}="\\""`).join('\n')],
    ['locations', 'X-OCCI-Location: /a\r'.repeat(30_000)],
  ])('a body full of %s takes no more than linear time', (_what, body) => {
    const spent = processorTime();
    parse(body);
    expect(spent()).toBeLessThan(2000);
  });
});

test('links and categories may stand in any order (D-24)', () => {
  const body = `X-OCCI-Attribute: a=1\nLink: </b>; rel="urn:k:1"\nCategory: compute; scheme="${INFRASTRUCTURE}"`;
  expect(parse(body).parts[0]).toMatchObject({ attributes: { a: 1 }, links: [{}], categories: [{ term: 'compute' }] });
});
