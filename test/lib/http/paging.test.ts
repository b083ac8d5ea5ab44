import { describe, expect, test } from '@jest/globals';
import { pagingOf } from '../../../lib/http/paging.ts';

const of = (search: string) => pagingOf([...new URLSearchParams(search)]);

describe('page and number (GFD.223 §6)', () => {
  test('neither is everything', () => {
    expect(of('')).toBeUndefined();
    expect(of('action=start')).toBeUndefined();
  });

  test.each([
    ['page=1&number=10', { page: 1, number: 10 }],
    ['number=10', { page: 1, number: 10 }],
    ['page=2', { page: 2, number: 10_000 }],
    ['page=007&number=010', { page: 7, number: 10 }],
    ['number=10000', { page: 1, number: 10_000 }],
  ])('%s', (search, paging) => {
    expect(of(search)).toEqual(paging);
  });

  test.each([
    'page=0',
    'page=-1',
    'page=1.0',
    'page=1e1',
    'page=',
    'page=+1',
    'page= 1',
    'page=NaN',
    'page=Infinity',
    'number=0',
    'number=0x10',
    'page=１',
  ])('%s is refused', (search) => {
    const [name] = search.split('=');
    expect(() => of(search.replace('+', '%2B'))).toThrow(
      expect.objectContaining({ failure: 'invalid', message: expect.stringContaining(name!) }),
    );
  });

  test.each(['number=10001', 'number=999999999'])('%s is too large (HTTP-13)', (search) => {
    expect(() => of(search)).toThrow(expect.objectContaining({ failure: 'tooLarge' }));
  });
});
