import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Marks } from './marks.ts';

describe('A mark is found', () => {
  const marks = new Marks();
  const text = marks.make('here');
  marks.carriedBy(text, `alice:${text}`);
  const hash = (value: string) => createHash('sha256').update(value);

  test.each([
    ['plain', text],
    ['in JSON', JSON.stringify({ a: [text] })],
    ['in a URL', `?token=${encodeURIComponent(text)}`],
    ['in a JSON text within JSON', JSON.stringify(JSON.stringify({ text }))],
    ['as Base64', Buffer.from(text).toString('base64')],
    ['as Base64 after one byte', Buffer.from(`a${text}`).toString('base64')],
    ['as Base64 after two bytes', Buffer.from(`ab${text}`).toString('base64')],
    ['as Base64 for URLs', Buffer.from(`{"a":"${text}"}`).toString('base64url')],
    ['in hexadecimal', Buffer.from(text).toString('hex')],
    ['as a hash', hash(text).digest('hex')],
    ['as a hash of its carrier', hash(`alice:${text}`).digest('base64')],
  ])('%s', (_, output) => {
    expect(marks.in(`before ${output} after`, 'log')).toEqual([expect.stringMatching(/^here: /)]);
  });

  test('but not in another text, nor where it belongs', () => {
    const own = new Marks();
    const other = own.make('there', ['row']);
    expect(own.in(text, 'log')).toEqual([]);
    expect([own.in(other, 'row'), own.in(other, 'log')]).toEqual([[], [expect.stringMatching(/^there: /)]]);
    expect(marks.in(gzipSync(text).toString('latin1'), 'log')).toEqual([]);
  });
});
