import { describe, expect, test } from '@jest/globals';
import type { ParsedCategory } from '../../../../lib/renderings/rendering.ts';
import { readCategories, writeCategory } from '../../../../lib/renderings/text/category.ts';
import { Cursor } from '../../../../lib/renderings/text/cursor.ts';
import { describedCategory, mixinOfEntity } from '../../../../lib/renderings/text/described.ts';
import { processorTime } from '../../../processor-time.ts';

const read = (text: string): readonly ParsedCategory[] => {
  const categories: ParsedCategory[] = [];
  readCategories(new Cursor(text, 'Category', 3), categories);
  return categories;
};

describe('reading', () => {
  test('any order, any blanks, a semicolon at the end (ADR-18)', () => {
    expect(read('\tcompute ;class = kind;;  title="a; b, c=d" ;\tscheme ="http://x/y#" ; ')).toEqual([
      { term: 'compute', scheme: 'http://x/y#', class: 'kind', title: 'a; b, c=d' },
    ]);
  });

  test('the class may be missing (ADR-18), unknown parameters are passed over', () => {
    expect(read('compute; scheme="http://x/y#"; entries="5"; ENTRIES="6"')).toEqual([
      { term: 'compute', scheme: 'http://x/y#' },
    ]);
  });

  test('a comma list, with empty elements (H11-21)', () => {
    expect(read(', a; scheme="urn:x:", ,b;scheme="urn:y:",')).toEqual([
      { term: 'a', scheme: 'urn:x:' },
      { term: 'b', scheme: 'urn:y:' },
    ]);
  });

  test.each(['', ' , ', '\t,,'])('%j names none (RFC 9110 §5.6.1.2)', (text) => expect(read(text)).toEqual([]));

  test('attribute definitions and lists of identifiers (TXT-5, TXT-6)', () => {
    const text =
      'a; scheme="urn:x:"; attributes=" b.c{required  immutable}\td "; actions="urn:x:y  urn:x:z"; rel="urn:r"';
    expect(read(text)).toEqual([
      {
        term: 'a',
        scheme: 'urn:x:',
        attributes: [
          { name: 'b.c', immutable: true, required: true },
          { name: 'd', immutable: false, required: false },
        ],
        actions: ['urn:x:y', 'urn:x:z'],
        rel: ['urn:r'],
      },
    ]);
  });

  test('the same text is read once and gives the same objects', () => {
    expect(read('once; scheme="urn:x:"')[0]).toBe(read('once; scheme="urn:x:"')[0]);
  });

  test.each([
    ['; scheme="urn:x:"', 'Line 3 (Category): "; scheme="urn:x:"" does not begin with a term.'],
    ['a', 'Line 3 (Category): the category a has no scheme.'],
    ['a; scheme="not a uri"', 'Line 3 (Category): the scheme "not a uri" is not a URI.'],
    ['a; scheme="urn:x:', 'Line 3 (Category): the value of scheme has no closing quote.'],
    ['a; scheme="urn:x:"; class="kind', 'Line 3 (Category): the value of class has no closing quote.'],
    [
      'a; scheme="urn:x:; class="kind"',
      'Line 3 (Category): the value of scheme has no closing quote before "kind"", or holds a quote that is not written \\".',
    ],
    [
      'a; scheme="urn:x:"; title="a "b" c"',
      'Line 3 (Category): the value of title ends at the quote before "b" c""; a quote inside a value is written \\".',
    ],
    ['a; scheme=urn:x:', 'Line 3 (Category): the value of scheme is not quoted.'],
    ['a; scheme', 'Line 3 (Category): the category a has a parameter without a value.'],
    ['a; scheme="urn:x:"; scheme="urn:y:"', 'Line 3 (Category): the category a has two values for scheme.'],
    ['a; scheme="urn:x:"; class=sort', 'Line 3 (Category): the class "sort" is not kind, mixin or action.'],
    ['a; scheme="urn:x:" class=kind', 'Line 3 (Category): "class=kind" stands where a semicolon or comma is due.'],
    ['a; scheme="urn:x:"; attributes="b{}"', 'Line 3 (Category): the attribute b has empty braces.'],
    ['a; scheme="urn:x:"; attributes="b{mutable}"', 'Line 3 (Category): "mutable" is not a property of attributes.'],
    [
      'a; scheme="urn:x:"; attributes="b{required}c"',
      'Line 3 (Category): "c" in attributes is not the name of an attribute.',
    ],
    [
      'a; scheme="urn:x:"; attributes="b{required"',
      'Line 3 (Category): "{required" in attributes is not the name of an attribute.',
    ],
    ['a; scheme="urn:x:"; location="/a b/"', 'Line 3 (Category): the location "/a b/" is not a URI.'],
    ['a; scheme="urn:x:"; rel="<b>"', 'Line 3 (Category): "<b>" in rel is not a type identifier.'],
    ['a; scheme="urn:x:"; title="\u0007"', 'Line 3 (Category): the value of title holds the character U+0007.'],
  ])('%j is refused', (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ failure: 'invalid', message }));
  });

  test('many unknown parameters take no more than linear time', () => {
    const spent = processorTime();
    read(`a; scheme="urn:x:"${Array.from({ length: 50_000 }, (_, index) => `;p${index}="x"`).join('')}`);
    expect(spent()).toBeLessThan(2000);
  });
});

describe('writing', () => {
  test('the order that clients rely on (ADR-19, CLIENT-11)', () => {
    const category = {
      actions: ['urn:a:1', 'urn:a:2'],
      attributes: [
        { name: 'x', immutable: true, required: true },
        { name: 'y', immutable: true, required: false },
        { name: 'z', immutable: false, required: true },
        { name: 'w', immutable: false, required: false },
      ],
      location: '/a/',
      rel: ['urn:r'],
      title: 'A "title"',
      class: 'kind',
      scheme: 'urn:s:',
      term: 'a',
    } as const;
    expect(writeCategory(category)).toBe(
      'a; scheme="urn:s:"; class="kind"; title="A \\"title\\""; rel="urn:r"; location="/a/"; ' +
        'attributes="x{immutable required} y{immutable} z{required} w"; actions="urn:a:1 urn:a:2"',
    );
  });

  test('rel of a mixin is the first of its dependencies, applies is not shown (TXT-19)', () => {
    const line = describedCategory({
      class: 'mixin',
      scheme: 'urn:s:',
      term: 'm',
      attributes: {},
      depends: ['urn:d:1', 'urn:d:2'],
      applies: ['urn:k:compute'],
      location: '/m/',
    });
    expect(line).toBe('m; scheme="urn:s:"; class="mixin"; rel="urn:d:1"; location="/m/"');
  });

  test('a line break in a title of the cloud becomes a blank', () => {
    expect(mixinOfEntity({ scheme: 'urn:s:', term: 'm', title: 'a\r\nb' })).toContain('title="a  b"');
  });
});
