import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rowBytes } from '../../../lib/table/row-size.ts';

/** Another's reading of AWS's rules; it counts characters, and numbers exactly. */
const { itemSize }: { itemSize(item: object): number } = createRequire(import.meta.url)('dynalite/db');

/** A number that DynamoDB holds. */
const isHeld = (n: number): boolean => n === 0 || Math.abs(n) >= 1e-130;

const ascii = fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)) });
const name = ascii.filter((text) => text !== '');
const rowsOf = (leaf: fc.Arbitrary<unknown>) => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value')), fc.dictionary(name, tie('value'))),
  }));
  return fc.dictionary(name, value).map((fields) => ({ ...fields, pk: 'p', sk: 's' }));
};
/** As DynamoDB writes it in JSON. */
const attributeOf = (value: unknown): object => {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number') return { N: String(value) };
  return Array.isArray(value) ? { L: value.map(attributeOf) } : { M: attributesOf(value as object) };
};
const attributesOf = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, attributeOf(value)]));
const theirs = (row: object) => itemSize(attributesOf(row));

describe('The size of a row', () => {
  test('is what dynalite counts, for text of ASCII, booleans and nulls', () => {
    const leaf = fc.oneof(ascii, fc.boolean(), fc.constant(null));
    fc.assert(fc.property(rowsOf(leaf), (row) => expect(rowBytes(row)).toBe(theirs(row))));
  });

  test('is never less with numbers', () => {
    const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, min: -1e125, max: 1e125 }).filter(isHeld));
    fc.assert(
      fc.property(number, (n) => {
        const row = { pk: 'p', sk: 's', n };
        expect(rowBytes(row)).toBeGreaterThanOrEqual(theirs(row));
        // The digits of a double are 17 at most, and zeros and an exponent are not digits.
        expect(rowBytes(row)).toBeLessThanOrEqual(theirs(row) + 12);
      }),
    );
  });

  test.each([
    ['text', { title: 'na\u00EFve \u{1F600}' }, 'title'.length + 11],
    ['a name', { '\u20AC': null }, 3 + 1],
    ['a list', { l: ['ab', true] }, 1 + 3 + (1 + 2) + (1 + 1)],
    ['a map', { m: { key: 'ab' } }, 1 + 3 + (1 + 3 + 2)],
    ['an empty list and an empty map', { l: [], m: {} }, 2 * (1 + 3)],
    ['what is not written', { gone: undefined, l: [undefined] }, 1 + 3],
  ])('counts %s as AWS documents it', (_, fields, bytes) => {
    expect(rowBytes({ pk: 'p', sk: 's', ...fields })).toBe(6 + bytes);
  });
});
