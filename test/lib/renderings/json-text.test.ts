import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseJson } from '../../../lib/renderings/json-text.ts';

const parse = (text: string) => parseJson(text, 'The body');

describe('JSON with the same member twice in one object is refused', () => {
  test.each([
    '{"title":"a","title":"b"}',
    '{"title":"a","title":"a"}',
    '{"locations":["/compute/a"],"locations":["/compute/b"]}',
    '{"attributes":{"occi":{"core":{"title":"a","title":"b"}}}}',
    '[{"a":1,"a":1}]',
    String.raw`{"a":1,"\u0061":2}`,
    '{"__proto__":1,"__proto__":2}',
    '{"a:b":":","a:b":"\\":"}',
    '{"a":{"b":1},"a":{"b":1,"c":2}}',
  ])('%s', (text) => {
    expect(() => parse(text)).toThrow('The body has an object with the same member twice: send each member once.');
  });

  test('wherever it is, and without showing any of it', () => {
    const name = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), name, fc.jsonValue(), fc.jsonValue(), (around, key, one, other) => {
        const member = JSON.stringify(key);
        const twice = `{${member}:${JSON.stringify(one)},${member}:${JSON.stringify(other)}}`;
        for (const text of [`{"around":${JSON.stringify(around)},"x":${twice}}`, `[${twice}]`]) {
          expect(() => parse(text)).toThrow(
            /^The body has an object with the same member twice: send each member once\.$/,
          );
        }
      }),
    );
  });
});

test('any other JSON is read as it is, whatever its strings and names hold', () => {
  const text = fc.string({ unit: fc.constantFrom(':', '"', '\\', '{', '}', '[', ',', 'a', 'é') });
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 5 }, text, fc.integer(), fc.boolean(), fc.constant(null), tie('list'), tie('object')),
    list: fc.array(tie('any'), { maxLength: 4 }),
    object: fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', '0', 'constructor')), tie('any'), { maxKeys: 4 }),
  })).any;
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2), (one, indent) => {
      const written = JSON.stringify(one, undefined, indent);
      expect(parse(written)).toEqual(JSON.parse(written));
    }),
  );
});

test('a megabyte with one member twice is found in a moment', () => {
  const members = Array.from({ length: 60_000 }, (_, index) => `"k${index}":":${index}"`);
  const started = performance.now();
  expect(() => parse(`{${[...members, members[0]].join(',')}}`)).toThrow('twice');
  expect(performance.now() - started).toBeLessThan(1000);
});
