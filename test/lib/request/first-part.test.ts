/** Where a page ends that does not hold all that was asked for, and where the next one begins. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linkToNext, pagingOf } from '../../../lib/http/paging.ts';
import { LAMBDA_BYTES } from '../../../lib/http/result.ts';
import { offsetOf } from '../../../lib/occi/page.ts';
import { textPlain, uriList } from '../../../lib/renderings/index.ts';
import { pageBehind } from '../../../lib/request/first-part.ts';
import { resultOfRead } from '../../../lib/request/result-of-read.ts';

const request = (query: readonly (readonly [string, string])[] = [], path = '/compute/') => ({
  method: 'GET',
  headers: {},
  path,
  query,
  body: '',
  origin: 'http://x',
  requestId: 'r-1',
});

const queryOf = (link: string): [string, string][] => [...new URL(/<(.*)>/.exec(link)![1]!).searchParams];

test('The next page begins behind the first member and no later than where this one is full', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 100_000 }), (offset, fitting) => {
      const next = offsetOf(pageBehind(offset, fitting));
      expect(next).toBeGreaterThan(offset);
      expect(next).toBeLessThanOrEqual(offset + fitting);
    }),
  );
  expect(pageBehind(0, 2500)).toEqual({ page: 2, number: 2500 });
});

describe('A link to the next page', () => {
  test('names the page, and keeps what else was asked for, however it is written', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    // Clients leave `.` and `..` out of a path before they send it (RFC 3986 §5.2.4).
    const segment = text.map((name) => name.replaceAll('/', '')).filter((name) => !['.', '..'].includes(name));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), segment, (others, name) => {
        const pairs = others.filter(([key]) => !['page', 'number', 'shorter'].includes(key));
        const path = `/mixin/${name}/`;
        const asked = request([['page', '1'], ...pairs, ['number', '7']], path);
        const link = linkToNext(asked, { page: 2, number: 7, shorter: true });
        expect(link).toMatch(/^<[!-~]+>; rel="next"$/);
        const { pathname, searchParams } = new URL(/<(.*)>/.exec(link)![1]!);
        expect(pathname.split('/').map(decodeURIComponent).join('/')).toBe(path);
        expect([...searchParams]).toEqual([['page', '2'], ['number', '7'], ['shorter', 'true'], ...pairs]);
      }),
    );
  });
});

describe('A listing of any locations within any limit', () => {
  const listed = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 120 });

  test('is given whole in pages that follow each other, none of them too large', async () => {
    await fc.assert(
      fc.asyncProperty(
        listed,
        fc.integer({ min: 600, max: 20_000 }),
        fc.boolean(),
        async (lengths, responseBytes, plain) => {
          const all = lengths.map((length, at) => `/compute/${at}-${'x'.repeat(length)}`);
          const limits = { responseHeaderBytes: 10_240, responseBytes };
          const rendering = plain ? textPlain : uriList;
          const writes = { rendering, mediaType: rendering.mediaTypes[0]!, quality: 1 };
          const seen: string[] = [];
          let query: (readonly [string, string])[] = [];
          const tags = new Set<string>();
          for (let pages = 1; ; pages++) {
            expect(pages).toBeLessThanOrEqual(all.length);
            const paging = pagingOf(query);
            const from = paging ? offsetOf(paging) : 0;
            expect(from).toBe(seen.length);
            const to = paging ? from + paging.number : all.length;
            const next = to < all.length && paging ? { ...paging, page: paging.page + 1 } : undefined;
            const answer = { is: 'collection', locations: all.slice(from, to), ...(next && { next }) } as const;
            const { headers, body } = await resultOfRead(answer, writes, request(query), paging, limits);
            expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(responseBytes);
            for (const [, path] of body.matchAll(/http:\/\/x(\S+)/g)) seen.push(path!);
            expect(tags.has(headers.ETag!)).toBe(false);
            tags.add(headers.ETag!);
            if (headers.Link === undefined) break;
            query = queryOf(headers.Link);
          }
          expect(seen).toEqual(all);
        },
      ),
    );
  });

  test('is 413 where one member alone is too large, and where the client counts the pages itself', async () => {
    const limits = { responseHeaderBytes: 10_240, responseBytes: 1000 };
    const writes = { rendering: uriList, mediaType: 'text/uri-list', quality: 1 };
    const of = (...lengths: number[]) =>
      ({ is: 'collection', locations: lengths.map((length) => `/${'x'.repeat(length)}`) }) as const;
    const large = expect.objectContaining({ failure: 'tooLarge', message: expect.stringMatching(/page.*number/) });
    await expect(resultOfRead(of(2000, 1), writes, request(), undefined, limits)).rejects.toEqual(large);
    const counted = { page: 1, number: 2 };
    await expect(resultOfRead(of(600, 600), writes, request(), counted, limits)).rejects.toEqual(large);
    const whole = await resultOfRead(of(600, 600), writes, request(), undefined, {
      ...limits,
      responseBytes: LAMBDA_BYTES,
    });
    expect(whole.headers).not.toHaveProperty('Link');
  });
});
