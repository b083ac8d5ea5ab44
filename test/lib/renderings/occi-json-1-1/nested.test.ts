import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseOcciJson } from '../../../../lib/renderings/occi-json/parse.ts';
import { nested } from '../../../../lib/renderings/occi-json-1-1/nested.ts';

const textOf = (values: Readonly<Record<string, unknown>>) => JSON.stringify(nested(Object.entries(values)));

describe('nested', () => {
  test('names stand in each other, part by part, in their order', () => {
    expect(textOf({ 'occi.core.id': 'a', 'occi.core.title': 'b', 'occi.compute.cores': 1, plain: true })).toBe(
      '{"occi":{"core":{"id":"a","title":"b"},"compute":{"cores":1}},"plain":true}',
    );
  });

  test('a name behind another keeps its dots and comes before it, whichever was said first', () => {
    const wanted = '{"occi":{"compute":{"state.message":"broken","state":"error"}}}';
    expect(textOf({ 'occi.compute.state': 'error', 'occi.compute.state.message': 'broken' })).toBe(wanted);
    expect(textOf({ 'occi.compute.state.message': 'broken', 'occi.compute.state': 'error' })).toBe(wanted);
    expect(textOf({ a: 1, 'a.b': 2, 'a.b.c': 3 })).toBe('{"a.b":2,"a.b.c":3,"a":1}');
  });

  test('names of built-in properties are names like any other', () => {
    expect(textOf({ constructor: 1, 'a.__proto__.b': 2, 'a.toString': 3 })).toBe(
      '{"constructor":1,"a":{"__proto__":{"b":2},"toString":3}}',
    );
  });

  test('whatever the names are, all values are found again under them', () => {
    const part = fc.constantFrom('a', 'b', 'state', 'constructor', '9');
    const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    const value = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(fc.dictionary(name, value), (values) => {
        const body = JSON.stringify({ attributes: nested(Object.entries(values)) });
        const text = body.replace(/\\u[0-9a-f]{4}/g, '?');
        fc.pre(text === body);
        const [read] = parseOcciJson({ body }).parts;
        expect({ ...read!.attributes }).toEqual(values);
      }),
    );
  });
});
