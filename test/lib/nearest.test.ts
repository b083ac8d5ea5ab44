import { expect, test } from '@jest/globals';
import { nearest } from '../../lib/nearest.ts';

const NAMES = ['adapter', 'auth', 'publicUrl', 'trustProxy', 'states', 'limits', 'cors'];

test.each([
  ['adaptor', 'adapter'],
  ['adpater', 'adapter'],
  ['ADAPTER', 'adapter'],
  ['public_url', 'publicUrl'],
  ['publicURI', 'publicUrl'],
  ['state', 'states'],
  ['cor', 'cors'],
  ['colour', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('%.20s is meant as %s', (written, meant) => {
  expect(nearest(written, NAMES)).toBe(meant);
});
