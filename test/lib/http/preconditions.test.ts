import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  asConditioned,
  matchesStrongly,
  matchesWeakly,
  preconditionsOf,
  type Tags,
} from '../../../lib/http/preconditions.ts';

const asked = (method: string, headers: Record<string, string>) =>
  preconditionsOf({
    method,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
  });

describe('The conditions of a request (RFC 9110 §13.1)', () => {
  test('are undefined without any header', () => {
    expect(asked('GET', { accept: '*/*' })).toBeUndefined();
  });

  const lists: Record<string, Tags> = {
    '*': '*',
    ' * ': '*',
    '"a"': [{ weak: false, opaque: 'a' }],
    'W/"a"': [{ weak: true, opaque: 'a' }],
    '"a","b"': [
      { weak: false, opaque: 'a' },
      { weak: false, opaque: 'b' },
    ],
    ' , "a" ,, W/"b,c" , ': [
      { weak: false, opaque: 'a' },
      { weak: true, opaque: 'b,c' },
    ],
    '""': [{ weak: false, opaque: '' }],
    '"a\\"': [{ weak: false, opaque: 'a\\' }],
  };
  test.each(Object.entries(lists))('%s is understood', (value, tags) => {
    expect(asked('PUT', { 'if-match': value })).toEqual({ match: tags, noneMatch: undefined });
    expect(asked('GET', { 'if-none-match': value })).toEqual({ match: undefined, noneMatch: tags });
  });

  test.each(['a', '"a', 'a"', '"a" "b"', '*,"a"', '"a",*', 'w/"a"', 'W/ "a"', ',', '"a b"', "'a'"])(
    '%s is 400, for reads and changes',
    (value) => {
      for (const [method, name] of [
        ['PUT', 'if-match'],
        ['GET', 'if-none-match'],
      ] as const) {
        expect(() => asked(method, { [name]: value })).toThrow(expect.objectContaining({ failure: 'invalid' }));
      }
    },
  );

  test('an empty one is absent from a read and 400 on a change, which would lose its protection', () => {
    expect(asked('GET', { 'if-match': '', 'if-none-match': ' ' })).toBeUndefined();
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect(() => asked(method, { 'if-match': '' })).toThrow(expect.objectContaining({ failure: 'invalid' }));
    }
  });

  test('a change on a date or of a part is 400, since neither is known here; a read is not', () => {
    const date = { 'if-unmodified-since': 'Sat, 29 Oct 1994 19:43:31 GMT' };
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect(() => asked(method, date)).toThrow(/If-Match/);
      expect(() => asked(method, { 'content-range': 'bytes 0-1/2' })).toThrow(/Content-Range/);
    }
    expect(asked('GET', { ...date, 'if-modified-since': date['if-unmodified-since'] })).toBeUndefined();
    expect(asked('PUT', { ...date, 'if-match': '"a"' })).toMatchObject({ match: [{ opaque: 'a' }] });
  });

  const opaque = fc.stringMatching(/^[!#-~]{0,12}$/);
  const tag = fc.record({ weak: fc.boolean(), opaque });
  const blanks = fc.constantFrom('', ' ', '\t', ', ', ' ,');
  test('tags are read back, with any blanks and empty elements between them', () => {
    const property = fc.property(fc.array(fc.tuple(tag, blanks), { minLength: 1 }), (pairs) => {
      const text = pairs.map(([{ weak, opaque }, blank]) => `${blank}${weak ? 'W/' : ''}"${opaque}"`).join(',');
      expect(asked('PUT', { 'if-match': text })?.match).toEqual(pairs.map(([one]) => one));
    });
    fc.assert(property);
  });

  test('any header is parsed or 400', () => {
    const property = fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[W/"a,* ]{0,12}$/)), (value) => {
      try {
        asked('PUT', { 'if-match': value });
      } catch (error) {
        expect(error).toMatchObject({ failure: 'invalid' });
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  test('If-Match compares strongly, If-None-Match weakly (RFC 9110 §8.8.3.2)', () => {
    const weak: Tags = [{ weak: true, opaque: 'a' }];
    expect([matchesStrongly(weak, 'a'), matchesWeakly(weak, 'a')]).toEqual([false, true]);
    const strong: Tags = [{ weak: false, opaque: 'a' }];
    expect([matchesStrongly(strong, 'a'), matchesWeakly(strong, 'a')]).toEqual([true, true]);
    expect([matchesStrongly(strong, 'b'), matchesWeakly(strong, 'b')]).toEqual([false, false]);
    expect([matchesStrongly('*', 'b'), matchesWeakly('*', 'b')]).toEqual([true, true]);
  });
});

describe('A read under conditions', () => {
  const headers = { ETag: '"a"', 'Content-Type': 'text/occi', Category: 'c', 'X-OCCI-Attribute': 'd', Server: 's' };
  const whole = { statusCode: 200, headers, body: 'OK', isBase64Encoded: false };

  test('is 304 with nothing of the content where the tag is known', () => {
    const result = asConditioned(whole, { noneMatch: [{ weak: true, opaque: 'a' }] });
    expect(result).toEqual({
      statusCode: 304,
      headers: { ETag: '"a"', Server: 's' },
      body: '',
      isBase64Encoded: false,
    });
  });

  test('If-Match is looked at first (RFC 9110 §13.2.2)', () => {
    const other: Tags = [{ weak: false, opaque: 'b' }];
    expect(() => asConditioned(whole, { match: other, noneMatch: '*' })).toThrow(
      expect.objectContaining({ failure: 'preconditionFailed', status: 412 }),
    );
    expect(asConditioned(whole, { match: '*', noneMatch: other })).toBe(whole);
  });
});
