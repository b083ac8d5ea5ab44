import { describe, expect, test } from '@jest/globals';
import { Cursor } from '../../../../lib/renderings/text/cursor.ts';
import { readLocations, writeLocations } from '../../../../lib/renderings/text/location.ts';

function read(text: string): string[] {
  const locations: string[] = [];
  readLocations(new Cursor(text, 'X-OCCI-Location', 2), locations);
  return locations;
}

describe('reading', () => {
  test('one, or a comma list, absolute or not, each perhaps with a semicolon (TXT-10, ADR-18)', () => {
    expect(read(' http://h/compute/1; , /compute/2 ,//compute/3;')).toEqual([
      'http://h/compute/1',
      '/compute/2',
      '//compute/3',
    ]);
  });

  test.each(['', ' , '])('%j is no location (RFC 9110 §5.6.1.2)', (text) => expect(read(text)).toEqual([]));

  test.each([
    [' ,;', 'Line 2 (X-OCCI-Location): "" is not a URI.'],
    ['/a b', 'Line 2 (X-OCCI-Location): "/a b" is not a URI.'],
    ['"/a"', 'Line 2 (X-OCCI-Location): ""/a"" is not a URI.'],
    [`/${'é'.repeat(99)}`, `Line 2 (X-OCCI-Location): "/${'é'.repeat(39)}…" is not a URI.`],
  ])('%j is refused', (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ failure: 'invalid', message }));
  });
});

test('locations are written as absolute URLs (D-14)', () => {
  expect(writeLocations('http://h', ['/a', '/b'], ', ')).toBe('http://h/a, http://h/b');
  expect(writeLocations('http://h', ['/a', '/b'], '\n', '\n')).toBe('http://h/a\nhttp://h/b\n');
  expect(writeLocations('http://h', [], ', ')).toBe('');
  expect(writeLocations('http://h', [], '\n', '\n')).toBe('');
});

test('a listing that comes again is written for the origin, separator and end that are asked for', () => {
  const listing = Object.freeze(['/a', '/b']);
  for (const origin of ['http://h', 'https://g', 'http://h']) {
    for (const [separator, end] of [
      [', ', ''],
      ['\n', '\n'],
      ['\n', ''],
      [', ', ''],
    ] as const) {
      expect(writeLocations(origin, listing, separator, end)).toBe(`${origin}/a${separator}${origin}/b${end}`);
    }
  }
});
