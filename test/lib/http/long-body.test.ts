import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { LongBody } from '../../../lib/http/long-body.ts';
import { toResult } from '../../../lib/http/result.ts';

const MB = 1_000_000;

const bodyOf = async (pieces: readonly string[], mayPack: boolean) => {
  const body = new LongBody(mayPack);
  for (const piece of pieces) await body.add(piece);
  return await body.end();
};

const resultOf = (body: object, encoding: string) =>
  toResult(
    { status: 200, headers: { ETag: '"a.j"', Vary: 'Accept' }, body: '', ...body },
    {
      method: 'GET',
      headers: { 'accept-encoding': [encoding] },
      path: '/',
      query: [],
      body: '',
      origin: 'http://x',
      requestId: 'r-1',
    },
    1000,
  );

describe('A body in pieces', () => {
  test.each([true, false])('goes as it is up to 6 MB, whether it may be packed (%j) or not', async (mayPack) => {
    const pieces = Array.from({ length: 59 }, (_, n) => String(n % 10).repeat(MB / 10));
    expect(await bodyOf(pieces, mayPack)).toEqual({ body: pieces.join('') });
    expect(await bodyOf([], mayPack)).toEqual({ body: '' });
  });

  test.each([
    ['of many letters', Array.from({ length: 80 }, (_, n) => `${n}é`.repeat(MB / 20))],
    ['of quotes, which count more', Array<string>(40).fill('"'.repeat(MB / 10))],
    ['in one piece', ['x'.repeat(7 * MB)]],
  ])('is packed when it is larger, as the whole body would be: %s', async (_name, pieces) => {
    const { body, gzipped } = await bodyOf(pieces, true);
    expect(body).toBe('');
    expect(gunzipSync(gzipped!).toString() === pieces.join('')).toBe(true);
    const { body: packed, ...result } = resultOf({ gzipped }, 'gzip');
    const { body: whole, ...expected } = resultOf({ body: pieces.join('') }, 'gzip');
    expect(result).toEqual(expected);
    const unpacked = [packed, whole].map((one) => gunzipSync(Buffer.from(one, 'base64')).toString());
    expect(unpacked[0] === unpacked[1]).toBe(true);
  });

  test('is refused with its first piece too many where it may not be packed', async () => {
    const body = new LongBody(false);
    for (let n = 0; n < 6; n += 1) await body.add('x'.repeat(MB));
    await expect(body.add('x'.repeat(MB))).rejects.toMatchObject({ failure: 'tooLarge' });
    body.drop();
  });

  test('is refused as soon as it is too large compressed, not when all of it was read', async () => {
    const body = new LongBody(true);
    let added = 0;
    const addAll = async () => {
      for (; added < 40; added += 1) await body.add(randomBytes(MB / 2).toString('hex'));
    };
    await expect(addAll()).rejects.toMatchObject({ failure: 'tooLarge' });
    // Half of the hexadecimal digits: 4.7 MB of them pass as base64.
    expect(added).toBeLessThan(16);
    body.drop();
  });
});
