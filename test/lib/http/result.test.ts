import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { toResult } from '../../../lib/http/result.ts';

const request = (method = 'GET', headers: Record<string, readonly string[]> = {}) => ({
  method,
  headers,
  path: '/',
  query: [],
  body: '',
  origin: 'http://x',
  requestId: 'r-1',
});
const response = (body: string, headers: Record<string, string> = {}) => ({ status: 200, headers, body });
const LARGE = 'x'.repeat(7_000_000);

describe('Headers of an answer (ADR-11, TXT-25)', () => {
  test('may fill the limit to the last byte; one more is 406 naming what will do, and nothing is cut', () => {
    const headers = { Category: 'x'.repeat(92) };
    expect(toResult(response('OK', headers), request(), 100).headers).toEqual(headers);
    expect(() => toResult(response('OK', headers), request(), 99)).toThrow(
      expect.objectContaining({ failure: 'notAcceptable', message: expect.stringMatching(/text\/plain.*json/) }),
    );
  });
});

describe('Bodies', () => {
  test('go as they are up to 6 MB', () => {
    const body = 'x'.repeat(5_000_000);
    expect(toResult(response(body), request(), 100)).toMatchObject({ statusCode: 200, body, isBase64Encoded: false });
  });

  test.each(['gzip', 'deflate, gzip', 'gzip;q=0.5', '*', 'GZIP', 'br, *;q=0.1'])(
    'over 6 MB are packed for who accepts %s',
    (encoding) => {
      const result = toResult(response(LARGE), request('GET', { 'accept-encoding': [encoding] }), 1000);
      expect(result.isBase64Encoded).toBe(true);
      expect(result.headers['Content-Encoding']).toBe('gzip');
      expect(gunzipSync(Buffer.from(result.body, 'base64')).toString()).toBe(LARGE);
    },
  );

  test.each(['', 'identity', 'br', 'gzip;q=0', 'gzip;q=0.0', 'gzipped'])(
    'over 6 MB are 413 naming page and number for who accepts %j only',
    (encoding) => {
      expect(() => toResult(response(LARGE), request('GET', { 'accept-encoding': [encoding] }), 1000)).toThrow(
        expect.objectContaining({ failure: 'tooLarge', message: expect.stringMatching(/page.*number/) }),
      );
    },
  );

  test('over the limit of the settings are told that limit', () => {
    expect(() => toResult(response('x'.repeat(70_000)), request(), 1000, 65_536)).toThrow('larger than 65536 bytes');
  });

  test('are measured as JSON has them: quotes and characters beyond ASCII count more', () => {
    for (const body of ['"'.repeat(4_000_000), 'é'.repeat(4_000_000)]) {
      expect(() => toResult(response(body), request(), 1000)).toThrow(expect.objectContaining({ failure: 'tooLarge' }));
    }
  });

  test.each([
    ['small', 'x', {}],
    ['packed', LARGE, { 'accept-encoding': ['gzip'] }],
  ])('are left out for HEAD, whose headers are those of GET: %s', (_, body, accepted) => {
    const answer = response(body, { ETag: '"0.p"', Vary: 'Accept' });
    const { statusCode, headers } = toResult(answer, request('GET', accepted), 1000);
    const head = toResult(answer, request('HEAD', accepted), 1000);
    expect(head).toEqual({ statusCode, headers, body: '', isBase64Encoded: false });
  });

  test('are 413 for HEAD where they are for GET', () => {
    expect(() => toResult(response(LARGE), request('HEAD'), 1000)).toThrow(
      expect.objectContaining({ failure: 'tooLarge' }),
    );
  });
});
