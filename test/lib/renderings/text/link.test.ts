import { describe, expect, test } from '@jest/globals';
import type { ParsedLink, Part } from '../../../../lib/renderings/rendering.ts';
import { Cursor } from '../../../../lib/renderings/text/cursor.ts';
import {
  readLinks,
  writeActionLinks,
  writeLinkAttributes,
  writeLinkHead,
} from '../../../../lib/renderings/text/link.ts';
import { processorTime } from '../../../processor-time.ts';

function read(text: string) {
  const links: ParsedLink[] = [];
  const actions: Part['actions'][number][] = [];
  readLinks(new Cursor(text, 'Link', 1), links, actions);
  return { links, actions };
}

describe('reading', () => {
  test('commas within the brackets are part of the target', () => {
    expect(read('<http://h/a,b;c=d>; rel="urn:k:1", </b>;rel="urn:k:2"').links).toEqual([
      { target: 'http://h/a,b;c=d', rel: ['urn:k:1'], attributes: {} },
      { target: '/b', rel: ['urn:k:2'], attributes: {} },
    ]);
  });

  test('any order; attributes may be unquoted (TXT-7)', () => {
    expect(
      read('</a>; b.c=/dev/vdb; n=-1.5; t=true; self="/l/1"; category="urn:l:1 urn:m:2"; rel="urn:k:1 urn:k:2";').links,
    ).toEqual([
      {
        target: '/a',
        rel: ['urn:k:1', 'urn:k:2'],
        self: '/l/1',
        category: ['urn:l:1', 'urn:m:2'],
        attributes: { 'b.c': '/dev/vdb', n: -1.5, t: true },
      },
    ]);
  });

  test.each(['', ' , '])('%j is no link (RFC 9110 §5.6.1.2)', (text) =>
    expect(read(text)).toEqual({ links: [], actions: [] }),
  );

  test('an action link has no category (TXT-8)', () => {
    expect(read('</a?action=start>; rel="urn:x:start", </a?b=c&action=stop>; rel="urn:x:stop"').actions).toEqual([
      { uri: '/a?action=start', rel: 'urn:x:start' },
      { uri: '/a?b=c&action=stop', rel: 'urn:x:stop' },
    ]);
    expect(read('</a?action=start>; rel="urn:k:1"; category="urn:l:1"').links).toHaveLength(1);
    expect(
      read('</a?action=>; rel="urn:k:1", </action=b>; rel="urn:k:1", </?action=b&c>;rel="urn:k:1"').links,
    ).toHaveLength(3);
  });

  test.each([
    ['/a; rel="urn:k:1"', '"/a; rel="urn:k:1"" does not begin with a target in angle brackets'],
    ['</a; rel="urn:k:1"', '"</a; rel="urn:k:1"" does not begin with a target in angle brackets'],
    ['<>; rel="urn:k:1"', 'the target "" is not a URI'],
    ['</a b>; rel="urn:k:1"', 'the target "/a b" is not a URI'],
    ['</a>', 'the link to /a has no rel'],
    ['</a>; rel=""', 'the link to /a has no rel'],
    ['</a>; rel=urn:k:1', 'the value of rel is not quoted'],
    ['</a>; rel="urn:k:1"; rel="urn:k:1"', 'the link to /a has two values for rel'],
    ['</a>; rel="urn:k:1"; self="/a b"', 'the value of self, "/a b", is not a URI'],
    ['</a>; rel="urn:k:1"; b', 'the link to /a has a parameter without a value'],
    ['</a>; rel="urn:k:1"; b=1; b=2', 'b is given two different values'],
    ['</a>; rel="urn:k:1; b=1', 'the value of rel has no closing quote'],
    ['</a>; rel="urn:k:1"; self="/b', 'the value of self has no closing quote'],
    ['</a>; rel="urn:k:1"; b="c; d=1', 'the value of b has no closing quote'],
    ['</a>; rel="urn:k:1"; b=c"', 'the value of b must begin and end with a double quote, or hold no quote at all'],
  ])('%j is refused', (text, what) => {
    const message = `Line 1 (Link): ${what}.`;
    expect(() => read(text)).toThrow(expect.objectContaining({ failure: 'invalid', message }));
  });

  test('a target full of actions takes no more than linear time', () => {
    const spent = processorTime();
    read(`<${'?action=a'.repeat(100_000)}#>; rel="urn:k:1"`);
    expect(spent()).toBeLessThan(1000);
  });
});

describe('writing', () => {
  test('target, rel, self, category, then attributes (TXT-7, CLIENT-20)', () => {
    const head = writeLinkHead('/network/1', 'urn:k:1', '/networkinterface/2', 'urn:l:1 urn:m:2');
    expect(head + writeLinkAttributes({ 'a.b': 'eth0', c: 2 })).toBe(
      '</network/1>; rel="urn:k:1"; self="/networkinterface/2"; category="urn:l:1 urn:m:2"; a.b="eth0"; c=2',
    );
  });

  const START = { scheme: 'urn:x:', term: 'start' };
  const actionLinks = (location: string): string[] => {
    const lines: string[] = [];
    writeActionLinks(location, [START, { ...START, term: 'stop' }], lines);
    return lines;
  };

  test('action links (TXT-8)', () => {
    expect(actionLinks('/compute/1')).toEqual([
      '</compute/1?action=start>; rel="urn:x:start"',
      '</compute/1?action=stop>; rel="urn:x:stop"',
    ]);
  });

  test('what would end the brackets is percent-encoded', () => {
    expect(writeLinkHead('/a>b\r\n"?x', 'urn:x:x')).toBe('</a%3Eb%0D%0A%22?x>; rel="urn:x:x"');
    expect(actionLinks('/a>b\r\n"')[0]).toBe('</a%3Eb%0D%0A%22?action=start>; rel="urn:x:start"');
  });
});
