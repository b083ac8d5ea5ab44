import { describe, expect, test } from '@jest/globals';
import { readFilter, readRequest } from '../../../lib/renderings/read.ts';
import { NOTHING } from '../../../lib/renderings/rendering.ts';

const request = (headers: Record<string, string>, body = '') => ({
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
  body,
});

const CATEGORY = 'a; scheme="urn:x:"';

describe('readRequest', () => {
  test.each<[string, Record<string, string>, string, unknown]>([
    ['text/plain', { 'content-type': 'text/plain; charset=utf-8' }, `Category: ${CATEGORY}`, 'a'],
    [
      'text/plain, which reads the body only',
      { 'content-type': 'text/plain', category: 'b' },
      `Category: ${CATEGORY}`,
      'a',
    ],
    ['several types (CLIENT-1)', { 'content-type': 'text/plain,text/occi' }, `Category: ${CATEGORY}`, 'a'],
    ['no type', {}, `Category: ${CATEGORY}`, 'a'],
    ['JSON', { 'content-type': 'application/json' }, '{"kind":"http://x#a"}', 'a'],
    ['text/occi', { 'content-type': 'text/occi', category: CATEGORY }, '', 'a'],
    ['text/occi, whose body says nothing', { 'content-type': 'text/occi', category: CATEGORY }, 'OK', 'a'],
    ['headers without a body (DEP-5)', { 'content-type': 'application/occi+json', category: CATEGORY }, '', 'a'],
    [
      'headers of a client that names two types (VMDIRAC)',
      { 'content-type': 'text/plain,text/occi', category: CATEGORY },
      ' \r\n',
      'a',
    ],
    ['aliases', { 'x-occi-category': CATEGORY }, '', 'a'],
  ])('%s', (_name, headers, body, term) => {
    expect(readRequest(request(headers, body)).parts[0]?.categories[0]?.term).toBe(term);
  });

  test.each([
    [{}],
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'text/occi' }],
    [{ 'content-type': 'image/png' }],
  ])('nothing with %j', (headers) => expect(readRequest(request(headers as Record<string, string>))).toBe(NOTHING));

  test.each<[string, string]>([
    ['text/uri-list', 'unsupportedMediaType'],
    ['application/x-none', 'unsupportedMediaType'],
    ['text/plain; charset=utf-16', 'unsupportedMediaType'],
    ['text/occi', 'invalid'],
    ['text/occi;charset=utf-8', 'invalid'],
  ])('a body of %s is refused', (contentType, failure) => {
    expect(() => readRequest(request({ 'content-type': contentType }, 'x'))).toThrow(
      expect.objectContaining({ failure }),
    );
  });
});

test('a body of text/occi beside its headers is refused: it would be dropped', () => {
  const sent = request({ 'content-type': 'text/occi', category: CATEGORY }, 'X-OCCI-Attribute: a=1');
  expect(() => readRequest(sent)).toThrow(expect.objectContaining({ failure: 'invalid' }));
});

describe('readFilter (HTTP-15)', () => {
  test('headers count whatever the body is', () => {
    const headers = { 'content-type': 'application/occi+json', 'x-occi-attribute': 'a=1' };
    expect(readFilter(request(headers, '{"broken')).parts[0]?.attributes).toEqual({ a: 1 });
  });

  test('none', () => expect(readFilter(request({ accept: 'text/plain' }))).toBe(NOTHING));
});
