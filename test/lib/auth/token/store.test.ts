import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AuthEnvironment } from '../../../../lib/auth/environment.ts';
import type { Grant } from '../../../../lib/auth/principal.ts';
import type { AuthScheme } from '../../../../lib/auth/scheme.ts';
import { token, tokensOf } from '../../../../lib/auth/token/scheme.ts';
import type { TokenStore } from '../../../../lib/auth/token/store.ts';
import type { NewToken } from '../../../../lib/auth/token/token.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { partitionsOf } from '../../../../lib/table/partition-keys.ts';
import type { Row, Table } from '../../../../lib/table/table.ts';
import { authSchemeContract, requestWith } from '../../../contract/auth-scheme.ts';
import { dynaliteTable } from '../../mapping/dynalite-table.ts';

const SETTINGS = { maxDays: 30 };
const alice = { name: 'alice', scheme: 'oidc' } as const;
const bob = { name: 'bob', scheme: 'oidc' } as const;
const GRANT: Grant = { tenant: 'physics', role: 'member' };
const HOUR: NewToken = { grants: [GRANT], seconds: 3600 };

/** Schemes whose callers are not in the settings. */
const PROVING: readonly AuthScheme[] = [{ name: 'oidc', authenticate: () => undefined }];

const environmentOf = (table: Table, site = 'here'): AuthEnvironment => ({
  adapter: 'dummy',
  site,
  table: table as AuthEnvironment['table'],
  local: true,
});

const schemeOver = (table: Table, proving = PROVING, site?: string) =>
  token(SETTINGS, environmentOf(table, site), () => proving);

const bearing = (text: string) => requestWith({ authorization: `Bearer ${text}` });

const table = memoryTable();
const scheme = schemeOver(table);
const { text: good } = await scheme.tokens.issue(alice, HOUR);
const { text: revoked, token: gone } = await scheme.tokens.issue(alice, HOUR);
await scheme.tokens.revoke('alice', gone.id);
const { text: expired } = await scheme.tokens.issue(alice, { ...HOUR, seconds: -1 });
const { text: elsewhere } = await schemeOver(table, PROVING, 'elsewhere').tokens.issue(alice, HOUR);
const changed = (place: number) => good.slice(0, place) + (good[place] === 'A' ? 'B' : 'A') + good.slice(place + 1);

authSchemeContract({
  scheme,
  good: { alice: { authorization: `Bearer ${good}` } },
  bad: [
    ...['occi_', good.slice(0, -1), `${good}A`, `${good} x`, revoked, expired, elsewhere].map((text) => ({
      authorization: `Bearer ${text}`,
    })),
    // Another owner, another id, another secret.
    ...[8, 26, 50, good.length - 2].map((place) => ({ authorization: `bearer ${changed(place)}` })),
    { 'x-auth-token': 'whatever' },
    { 'x-auth-token': good.toUpperCase() },
    { 'x-auth-token': `Bearer ${good}` },
    { 'x-auth-token': `${good}, ${good}` },
    { 'x-auth-token': 'x'.repeat(100_000) },
  ],
  secrets: [good, good.slice(40)],
});

describe('A token', () => {
  test('is accepted in X-Auth-Token and in Authorization, and carries tenant, role and scope', async () => {
    const { tokens, authenticate } = schemeOver(memoryTable());
    const scope = { readOnly: true, kinds: ['compute'] } as const;
    const { text } = await tokens.issue(alice, { ...HOUR, scope, label: 'laptop' });
    const caller = { name: 'alice', scheme: 'token', grants: [GRANT], scope };
    expect(await authenticate(requestWith({ 'x-auth-token': text }))).toEqual(caller);
    expect(await authenticate(bearing(text))).toEqual(caller);
  });

  test('of Authorization that does not begin like ours is for other schemes', async () => {
    expect(await scheme.authenticate(bearing('eyJhbGciOiJSUzI1NiJ9.e30.x'))).toBeUndefined();
  });

  test('is kept as a keyed hash only', async () => {
    const own = memoryTable();
    const rows: unknown[] = [];
    const watched: Table = {
      ...own,
      put(row, condition) {
        rows.push(row);
        return own.put(row, condition);
      },
    };
    const { text } = await schemeOver(watched).tokens.issue(alice, HOUR);
    // The random part at the end.
    expect(JSON.stringify(rows)).not.toContain(text.slice(40));
    expect(JSON.stringify(rows.map((row) => (row as { pk: string }).pk))).not.toContain('alice');
  });

  test('is verified with one read of the table', async () => {
    const own = memoryTable();
    const calls: string[] = [];
    const counted = new Proxy(own, {
      get:
        (target, name: keyof Table) =>
        (...given: never[]) => {
          calls.push(name);
          return (target[name] as (...all: never[]) => unknown)(...given);
        },
    });
    const one = schemeOver(counted);
    const { text } = await one.tokens.issue(alice, HOUR);
    calls.length = 0;
    await one.authenticate(bearing(text));
    await expect(async () => one.authenticate(bearing(`${text.slice(0, -2)}xA`))).rejects.toThrow();
    expect(calls).toEqual(['get', 'get']);
  });

  test('permits no more than the token with which its owner came', async () => {
    const { tokens } = schemeOver(memoryTable());
    const scopeOf = async (own: NewToken['scope'], asked: NewToken['scope']) =>
      (await tokens.issue({ ...alice, scope: own }, { ...HOUR, scope: asked })).token.scope;
    expect(await scopeOf({ readOnly: true }, { kinds: ['storage'] })).toEqual({ readOnly: true, kinds: ['storage'] });
    expect(await scopeOf({ kinds: ['compute', 'storage'] }, { kinds: ['storage', 'network'] })).toEqual({
      readOnly: false,
      kinds: ['storage'],
    });
    expect(await scopeOf({ kinds: ['compute'] }, undefined)).toEqual({ kinds: ['compute'] });
    await expect(scopeOf({ kinds: ['compute'] }, { kinds: ['network'] })).rejects.toMatchObject({
      failure: 'forbidden',
    });
  });

  test('ends with the user in the settings, and with the scheme that proved the user', async () => {
    const own = memoryTable();
    let grants: readonly Grant[] = [GRANT];
    const users: AuthScheme = {
      name: 'users',
      authenticate: () => undefined,
      stillGrants: (name, given) => name === 'alice' && given.every(({ role }) => role === grants[0]?.role),
    };
    const of = (schemes: readonly AuthScheme[], text: string) =>
      Promise.resolve(schemeOver(own, schemes).authenticate(bearing(text))).then(
        () => 'accepted',
        ({ failure }) => failure,
      );
    const { text } = await schemeOver(own, [users]).tokens.issue({ name: 'alice', scheme: 'users' }, HOUR);
    expect(await of([users], text)).toBe('accepted');
    grants = [{ ...GRANT, role: 'reader' }];
    expect(await of([users], text)).toBe('unauthenticated');
    expect(await of(PROVING, text)).toBe('unauthenticated');
  });

  test('expires, whether the table has dropped its row or not', async () => {
    const own = memoryTable();
    const kept = new Map<string, Row>();
    const one = schemeOver({
      ...own,
      get: async ({ sk }) => kept.get(sk),
      async put(row, condition) {
        kept.set(row.sk, row);
        return own.put(row, condition);
      },
    });
    const { text } = await one.tokens.issue(alice, { ...HOUR, seconds: 60 });
    expect(await one.authenticate(bearing(text))).toMatchObject({ name: 'alice' });
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    try {
      await expect(async () => one.authenticate(bearing(text))).rejects.toMatchObject({ failure: 'unauthenticated' });
    } finally {
      clock.mockRestore();
    }
  });

  test('is valid after a restart, under the key that npm start keeps in the table', async () => {
    const own = memoryTable();
    const { text } = await schemeOver(own).tokens.issue(alice, HOUR);
    expect(await schemeOver(own).authenticate(bearing(text))).toMatchObject({ name: 'alice' });
  });

  test('is valid under the key of the settings only', async () => {
    const own = memoryTable();
    const under = (key: string) => token({ ...SETTINGS, key }, environmentOf(own), () => PROVING);
    const { text } = await under('a'.repeat(32)).tokens.issue(alice, HOUR);
    expect(await under('a'.repeat(32)).authenticate(bearing(text))).toMatchObject({ name: 'alice' });
    await expect(async () => under('b'.repeat(32)).authenticate(bearing(text))).rejects.toMatchObject({
      failure: 'unauthenticated',
    });
  });
});

describe.each([
  ['memory', async () => ({ table: memoryTable(), stop: async () => undefined })],
  ['DynamoDB (dynalite)', dynaliteTable],
])('Tokens in %s', (_, start) => {
  let over: { readonly table: Table; stop(): Promise<unknown> };
  let tokens: TokenStore;
  beforeAll(async () => {
    over = await start();
    tokens = tokensOf([schemeOver(over.table)])!;
  });
  afterAll(() => over.stop());

  test('are listed for their owner, and for nobody else', async () => {
    const { token: first } = await tokens.issue(alice, { ...HOUR, label: 'laptop' });
    const { token: second } = await tokens.issue(alice, HOUR);
    await tokens.issue(bob, HOUR);
    const listed = await tokens.list('alice');
    expect(listed.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect(listed.find(({ id }) => id === first.id)).toEqual(first);
    expect(await tokens.list('carol')).toEqual([]);
  });

  test('are invalid as soon as they are revoked, by their owner only', async () => {
    const { text, token: one } = await tokens.issue(alice, HOUR);
    await expect(tokens.revoke('bob', one.id)).rejects.toMatchObject({ failure: 'notFound' });
    expect(await tokens.verify(text)).toEqual(one);
    await tokens.revoke('alice', one.id);
    await expect(tokens.verify(text)).rejects.toMatchObject({ failure: 'unauthenticated' });
    await expect(tokens.revoke('alice', one.id)).rejects.toMatchObject({ failure: 'notFound' });
    for (const id of ['', 'x', 'A'.repeat(16), one.id.slice(1), '../alice']) {
      await expect(tokens.revoke('alice', id)).rejects.toMatchObject({ failure: 'notFound' });
    }
  });

  test('are never more than a hundred for a user, however many are asked for at once', async () => {
    const dave = { name: 'dave', scheme: 'oidc' } as const;
    for (let n = 0; n < 97; n++) await tokens.issue(dave, HOUR);
    const tries = await Promise.allSettled(Array.from({ length: 12 }, () => tokens.issue(dave, HOUR)));
    const failures = tries.map((one) => (one.status === 'rejected' ? one.reason.failure : 'made'));
    expect(failures.filter((failure) => failure === 'made')).toHaveLength(3);
    expect(failures.filter((failure) => failure === 'conflict')).toHaveLength(9);
    expect(await tokens.list('dave')).toHaveLength(100);
    // Logins have room of their own.
    const { text } = await tokens.issue(dave, { ...HOUR, isLogin: true });
    expect(await tokens.verify(text)).toMatchObject({ isLogin: true });
    await tokens.revokeAll('dave');
    expect(await tokens.list('dave')).toEqual([]);
    await expect(tokens.verify(text)).rejects.toMatchObject({ failure: 'unauthenticated' });
    await tokens.issue(dave, HOUR);
  });
});

test('A login finds room in a full store, in place of an old one', async () => {
  const own = memoryTable();
  const { tokens } = schemeOver(own);
  for (let n = 0; n < 1300; n++) await tokens.issue(alice, { ...HOUR, isLogin: true });
  expect((await tokens.list('alice')).length).toBeLessThanOrEqual(1000);
  const { text } = await tokens.issue(alice, { ...HOUR, isLogin: true });
  expect(await tokens.verify(text)).toMatchObject({ name: 'alice' });
});

test('Two names never share a partition of tokens, and it says nothing of the site beside', () => {
  const { tokens } = partitionsOf('dummy', 'here');
  expect(tokens('abc')).toBe('dummy/here/tokens/abc');
});
