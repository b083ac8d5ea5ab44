/** Pages that are not OCCI's count among the requests of their callers. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { hashOf } from '../../../lib/auth/password.ts';
import { phcOf } from '../../../lib/config/auth/password-hash.ts';
import type { Endpoint } from '../../endpoint.ts';
import { withLimits } from './containers.ts';

const basic = (pair: string) => ({ Authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
const ALICE = basic('alice:password');
const ROOT = basic('root:password');

const login = (password: string) =>
  JSON.stringify({
    auth: {
      identity: { methods: ['password'], password: { user: { name: 'alice', domain: { id: 'default' }, password } } },
    },
  });

describe('With three requests per minute', () => {
  let endpoint: Endpoint;
  beforeEach(async () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 10, 30, 12, 30, 30));
    const password = phcOf(await hashOf('password', { ln: 14, r: 8, p: 1 }));
    const users = { alice: { password }, root: { password, role: 'admin' } };
    endpoint = await withLimits(
      { requestsPerMinute: 3 },
      { settings: { auth: [{ users }, { token: {} }, 'keystone'] } },
    );
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await endpoint.stop();
  });
  const logIn = (password: string) =>
    endpoint.send('POST', '/v3/auth/tokens', {
      headers: { 'Content-Type': 'application/json' },
      body: login(password),
    });
  const statusesOf = async (ask: () => Promise<{ readonly status: number }>, times = 4) => {
    const statuses: number[] = [];
    for (let time = 0; time < times; time++) statuses.push((await ask()).status);
    return statuses;
  };

  test.each([
    ['/.well-known/tokens', ALICE],
    ['/.well-known/tenants', ROOT],
  ])('the fourth of %s is 429', async (path, headers) => {
    const get = () => endpoint.send('GET', path, { headers });
    expect(await statusesOf(get)).toEqual([200, 200, 200, 429]);
    expect((await get()).headers['retry-after']).toBe('30');
  });

  test('the fourth login of a user is 429 in the form of Keystone, and a wrong password counts for nobody', async () => {
    expect(await statusesOf(() => logIn('guessed'))).toEqual([401, 401, 401, 401]);
    expect(await statusesOf(() => logIn('password'))).toEqual([201, 201, 201, 429]);
    const refused = await logIn('password');
    expect(refused.headers['retry-after']).toBe('30');
    expect(JSON.parse(refused.body)).toMatchObject({ error: { code: 429 } });
  });

  test('they are the same requests as those of OCCI', async () => {
    await logIn('password');
    await endpoint.send('GET', '/.well-known/tokens', { headers: ALICE });
    const get = () => endpoint.send('GET', '/compute/', { headers: ALICE });
    expect(await statusesOf(get, 2)).toEqual([200, 429]);
  });
});
