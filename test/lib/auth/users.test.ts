import { beforeAll, describe, expect, test } from '@jest/globals';
import { hashOf } from '../../../lib/auth/password.ts';
import { users } from '../../../lib/auth/users.ts';
import { auth } from '../../../lib/config/auth/index.ts';
import { type HashCosts, phcOf } from '../../../lib/config/auth/password-hash.ts';
import type { UsersSettings } from '../../../lib/config/auth/users.ts';
import { authSchemeContract, requestWith } from '../../contract/auth-scheme.ts';
import { processorTime } from '../../processor-time.ts';

const of = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

/** The cheapest that the settings accept. */
const CHEAP = { ln: 14, r: 8, p: 1 };
const hashed = async (password: string, costs: HashCosts = CHEAP) => phcOf(await hashOf(password, costs));

/** Salt and hash of `s3cret` with these costs. */
const REST = '$wBUfQCHNZxSVIttsBRHTwQ$PqrEGumS5yW4lPC6QHSYWlb3LI2z2u2w+5OX5wFRp8U';

const settings: Record<string, UsersSettings[string]> = {
  alice: {
    password: `$scrypt$ln=14,r=8,p=1${REST}`,
    role: 'member',
  },
};
const scheme = users(settings);
const authenticate = async (headers: Record<string, string>, one = scheme) => one.authenticate(requestWith(headers));

authSchemeContract({
  scheme,
  good: { alice: of('alice:s3cret') },
  bad: [
    of('alice:s3cret '),
    of('alice:'),
    of('Alice:s3cret'),
    of('mallory:s3cret'),
    of('constructor:s3cret'),
    of('__proto__:s3cret'),
    of(`alice:${'x'.repeat(5000)}`),
    of('s3cret'),
    { authorization: 'Basic !' },
  ],
  secrets: ['s3cret', settings.alice!.password],
});

describe('Users of the settings', () => {
  let team: UsersSettings;
  beforeAll(async () => {
    team = {
      bob: { password: await hashed('Zoë:ö'), tenant: 'physics', role: 'reader' },
      'carol@example.org': { password: await hashed('x'.repeat(1024)), role: 'member' },
    };
  });

  test('have tenant and role of the settings', async () => {
    expect(await authenticate(of('bob:Zoë:ö'), users(team))).toEqual({
      name: 'bob',
      scheme: 'users',
      grants: [{ tenant: 'physics', role: 'reader' }],
    });
  });

  test('may spell a password in any form of Unicode', async () => {
    expect(await authenticate(of('bob:Zoë:ö'.normalize('NFD')), users(team))).toMatchObject({ name: 'bob' });
  });

  test('have passwords of up to 1,024 bytes', async () => {
    const long = 'x'.repeat(1024);
    expect(await authenticate(of(`carol@example.org:${long}`), users(team))).toMatchObject({
      grants: [{ tenant: 'carol@example.org', role: 'member' }],
    });
    const refused = authenticate(of(`carol@example.org:${long}x`), users(team));
    await expect(refused).rejects.toMatchObject({ failure: 'unauthenticated' });
  });

  test('are verified once a minute, however many requests come', async () => {
    const one = users({ bob: team.bob! });
    await authenticate(of('bob:Zoë:ö'), one);
    const time = processorTime();
    for (let round = 0; round < 200; round++) await authenticate(of('bob:Zoë:ö'), one);
    // One verification takes over 10 ms.
    expect(time() / 200).toBeLessThan(2);
  });

  test('wait for their turn; beyond 18 at once callers are sent away for a moment', async () => {
    const one = users(team);
    const tries = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) => authenticate(of(`bob:wrong${n}`), one)),
    );
    const failures = tries.map((attempt) => (attempt.status === 'rejected' ? attempt.reason.failure : 'let in'));
    expect(failures.filter((failure) => failure === 'unauthenticated')).toHaveLength(18);
    const sentAway = tries.find((attempt) => attempt.status === 'rejected' && attempt.reason.failure === 'unavailable');
    expect(failures.filter((failure) => failure === 'unavailable')).toHaveLength(12);
    expect(sentAway).toMatchObject({ reason: { headers: { 'Retry-After': '2' } } });
    expect(await authenticate(of('bob:Zoë:ö'), one)).toMatchObject({ name: 'bob' });
  });

  test('cannot be told from unknown names by the work of a refusal, also where costs differ', async () => {
    const one = users({
      cheap: { password: `$scrypt$ln=14,r=8,p=1${REST}`, role: 'member' },
      costly: { password: `$scrypt$ln=16,r=8,p=1${REST}`, role: 'member' },
    });
    const work = async (text: string) => {
      const time = processorTime();
      await authenticate(of(text), one).catch(() => undefined);
      return time();
    };
    await work('cheap:first'); // loads what is needed
    const [cheap, costly] = [await work('cheap:wrong'), await work('costly:wrong')];
    const unknown: number[] = [];
    for (let n = 0; n < 8; n++) unknown.push(await work(`nobody${n}:wrong`));
    const cheapOnes = unknown.filter((taken) => taken < Math.sqrt(cheap * costly));
    expect(costly).toBeGreaterThan(2 * cheap);
    expect(Math.min(...unknown)).toBeGreaterThan(cheap / 2);
    expect([1, 2, 3, 4, 5, 6, 7]).toContain(cheapOnes.length);
  });
});

describe('The settings of users', () => {
  const linesFor = (password: string) =>
    auth.safeParse([{ users: { alice: { password } } }]).error?.issues.map(({ message }) => message);

  test('accept hashes as npm run user:hash makes them', async () => {
    expect(linesFor(phcOf(await hashOf('s3cret')))).toBeUndefined();
  });

  test.each(['ln=13,r=8,p=1', 'ln=17,r=8,p=1', 'ln=16,r=16,p=1', 'ln=16,r=8,p=5', 'ln=99,r=99,p=99', 'ln=14,r=0,p=8'])(
    'refuse the costs %s',
    (costs) => {
      expect(linesFor(`$scrypt$${costs}${REST}`)?.join()).toMatch(/must be a hash with costs from/);
    },
  );

  test.each([
    's3cret',
    '$2b$12$abcdefghijklmnopqrstuuWd7cQ0R6Yp9aK3jL8v1b2n3m4k5j6h7',
    `$scrypt$ln=14,r=8,p=1${REST}=`,
    '$scrypt$ln=14,r=8,p=1$wBUfQCHNZxSVIttsBRHTwR$PqrEGumS5yW4lPC6QHSYWlb3LI2z2u2w+5OX5wFRp8U',
  ])('refuse what is no hash: %s', (text) => {
    expect(linesFor(text)?.join()).toMatch(/must be the hash of a password/);
  });

  test('refuse a user with a colon, no user, and basic beside users', () => {
    const one = { password: `$scrypt$ln=14,r=8,p=1${REST}` };
    expect(auth.safeParse([{ users: { 'a:b': one } }]).success).toBe(false);
    expect(auth.safeParse([{ users: {} }]).success).toBe(false);
    const both = auth.safeParse(['basic', { users: { alice: one } }]);
    expect(both.error?.issues[0]?.message).toMatch(/^must not hold both basic and users/);
    const twice = auth.safeParse([{ users: { alice: one } }, { users: { bob: one } }]);
    expect(twice.error?.issues[0]?.message).toMatch(/^must hold users once/);
  });
});
