import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { joined } from '../../../../lib/renderings/occi-json/joined.ts';

describe('Texts of a listing', () => {
  const texts = fc.array(fc.constantFrom('{"a":1}', '{"b":2}', '{"a":"1"}'), { maxLength: 30 });

  test('are put together the same way, whatever came before', () => {
    const property = fc.property(texts, texts, fc.constantFrom('[', '{"links":['), (one, other, opening) => {
      for (const list of [one, [...one], other, one, [...one.slice(0, -1), '{"c":3}']]) {
        expect(joined(opening, list, ']')).toBe(`${opening}${list.join(',')}]`);
      }
    });
    fc.assert(property);
  });

  test('leave the list that they came in as it was', () => {
    const list = Array.from({ length: 50 }, (_, n) => `{"n":${n}}`);
    const before = [...list];
    joined('[', list, ']');
    expect(list).toEqual(before);
  });
});
