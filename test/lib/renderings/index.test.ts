import { describe, expect, test } from '@jest/globals';
import { ACCEPT, negotiate, renderingOf } from '../../../lib/renderings/index.ts';

const types = (...accept: string[]) => negotiate(accept).map(({ mediaType }) => mediaType);
const ALL = ['text/plain', 'text/occi', 'text/uri-list', 'application/occi+json'];

describe('negotiate', () => {
  test.each<[string[], string[]]>([
    [[], ALL],
    [[''], ALL],
    [['*/*'], ALL],
    [['*'], ALL],
    [['text/*'], ['text/plain', 'text/occi', 'text/uri-list']],
    [['application/*'], ['application/occi+json']],
    [['text/plain,text/occi'], ['text/plain', 'text/occi']],
    [
      ['text/occi', 'text/plain'],
      ['text/occi', 'text/plain'],
    ],
    [['TEXT/PLAIN ; charset=utf-8'], ['text/plain']],
    [['text/occi+plain'], ['text/occi+plain']],
    [['application/json'], ['application/json']],
    [['application/json;q=0.5, application/occi+json'], ['application/occi+json']],
    [['text/plain;q=0.3, application/occi+json;q=0.9'], ['application/occi+json', 'text/plain']],
    [['text/uri-list, */*;q=0.1'], ['text/uri-list', 'text/plain', 'text/occi', 'application/occi+json']],
    [['*/*, text/plain;q=0'], ['text/occi', 'text/uri-list', 'application/occi+json']],
    [
      ['text/*;q=0.2, text/occi;q=0.1, */*;q=0.3'],
      ['application/occi+json', 'text/plain', 'text/uri-list', 'text/occi'],
    ],
    [['application/rss, text/occi'], ['text/occi']],
    [['text/html, image/gif, *; q=.2, */*; q=.2'], ALL],
    [['text/plain;x="a,b;q=0";q=0.5, text/occi'], ['text/occi', 'text/plain']],
    [['text/plain;q=high'], ['text/plain']],
    [['text/plain;q=1.2.3, ;;,,,;q='], ['text/plain']],
    [['text/plain;"'], ['text/plain']],
  ])('%j (H11-25)', (accept, wanted) => expect(types(...accept)).toEqual(wanted));

  test.each([['application/rss'], ['text/plain;q=0'], ['*/*;q=0'], ['nonsense'], ['a/b;"'.repeat(500)]])(
    '%j cannot be answered',
    (accept) => {
      expect(() => negotiate([accept])).toThrow(
        expect.objectContaining({ failure: 'notAcceptable', message: expect.stringContaining('text/uri-list') }),
      );
    },
  );
});

test('a client of before 1.2 gets JSON as it was then, and the other renderings as they are (CLIENT-28)', () => {
  const [now, old] = [false, true].map((isOld) =>
    negotiate(['application/json, text/plain;q=0.5, text/occi;q=0'], isOld),
  );
  expect(old!.map(({ mediaType, quality }) => [mediaType, quality])).toEqual([
    ['application/json', 1],
    ['text/plain', 0.5],
  ]);
  expect([old![0]!.rendering.letter, now![0]!.rendering.letter]).toEqual(['n', 'j']);
  expect(old![1]!.rendering).toBe(now![1]!.rendering);
  expect(() => negotiate(['application/rss'], true)).toThrow(expect.objectContaining({ failure: 'notAcceptable' }));
});

describe('renderingOf', () => {
  test.each([
    ['text/plain', 'text/plain'],
    ['text/plain,text/occi', 'text/plain'],
    ['application/x-none, text/occi', 'text/occi'],
    ['Text/Plain; charset="UTF-8"', 'text/plain'],
    ['text/occi+plain;charset=us-ascii', 'text/plain'],
    ['application/json', 'application/occi+json'],
  ])('%s (CLIENT-1)', (contentType, name) => expect(renderingOf(contentType).mediaTypes[0]).toBe(name));

  test.each([['application/x-none'], ['text/uri-list'], [''], ['text/plain; charset=iso-8859-1']])(
    '%j is not taken (D-23)',
    (contentType) => {
      expect(() => renderingOf(contentType)).toThrow(expect.objectContaining({ failure: 'unsupportedMediaType' }));
    },
  );
});

test('what is taken, for the Accept header of responses (HTTP-7)', () => {
  expect(ACCEPT).toBe('text/plain, text/occi+plain, text/occi, application/occi+json, application/json');
});
