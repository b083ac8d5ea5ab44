/** A listing in JSON that is written while the cloud is read, and the cloud fails in the middle. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { OcciError } from '../../../lib/errors.ts';
import { own, startPool } from './first-look/pool-cloud.ts';

const MACHINES = 3000;
const PAGES = 30;

describe('A listing of 3,000 entities in JSON', () => {
  let pool: ReturnType<typeof startPool>;
  beforeEach(() => {
    pool = startPool({ numbered: true });
    own(pool.cloud, 'alice', 0, MACHINES);
  });
  const list = (method = 'GET') => pool.send(method, '/compute/', { accept: 'application/occi+json' });

  /** Lets the last page fail, when all pages before it have been written. */
  const failLast = (error: Error) => {
    let pages = 0;
    pool.cloud.pace = async () => {
      pages += 1;
      if (pages === PAGES) throw error;
    };
  };

  test.each([
    ['503', new OcciError('unavailable', 'The cloud does not answer.', { headers: { 'Retry-After': '5' } })],
    ['500', new TypeError('a fault of ours')],
  ])('is %s and nothing but the error when its last page fails', async (status, error) => {
    failLast(error);
    for (const method of ['GET', 'HEAD']) {
      const { statusCode, headers, body } = await list(method);
      expect([`${statusCode}`, headers.ETag, headers['Cache-Control']]).toEqual([status, undefined, 'no-store']);
      expect(method === 'GET' ? Object.keys(JSON.parse(body)) : body).toEqual(
        method === 'GET' ? ['code', 'message', 'requestId'] : '',
      );
      failLast(error);
    }
  });

  test('is whole when it is asked for again, and HEAD has the same headers', async () => {
    failLast(new OcciError('unavailable', 'The cloud does not answer.'));
    await list();
    pool.cloud.pace = async () => {};
    const [whole, head] = [await list(), await list('HEAD')];
    expect(JSON.parse(whole.body).resources).toHaveLength(MACHINES);
    const { 'X-Request-Id': _one, ...headers } = whole.headers;
    const { 'X-Request-Id': _other, ...ofHead } = head.headers;
    expect([head.body, ofHead]).toEqual(['', headers]);
  });
});
