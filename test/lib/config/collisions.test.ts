/** Settings under which two callers could be taken for one. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { auth } from '../../../lib/config/auth/index.ts';
import { canBegin, canMeet, matched } from '../../../lib/config/auth/star.ts';

const HASH = `$scrypt$ln=15,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
const issuer = (name: string, more: object = {}) => ({
  oidc: { issuer: `https://${name}.example.org`, audience: 'occi', ...more },
});
const users = (all: Readonly<Record<string, object>>) => ({
  users: Object.fromEntries(Object.entries(all).map(([name, more]) => [name, { password: HASH, ...more }])),
});
const x509 = (all: object) => ({ x509: { users: all } });
const rule = (tenant?: string, value = '/vo/*') => ({ claim: 'groups', value, ...(tenant && { tenant }) });

/** The paths and messages of what is refused. */
const refused = (...entries: readonly object[]): readonly string[] =>
  (auth.safeParse(entries).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('Names are kept apart', () => {
  test('of two issuers: neither prefix begins with the other', () => {
    for (const [one, other] of [
      [undefined, undefined],
      [undefined, 'b:'],
      ['a:', 'a:'],
      ['a:', 'a:b:'],
    ]) {
      expect(refused(issuer('a', { prefix: one }), issuer('b', { prefix: other }))).toEqual([
        expect.stringMatching(/^1\.oidc\.prefix: must differ .* auth\.0\.oidc, .*: write prefix: 'egi:', for example$/),
      ]);
    }
    expect(refused(issuer('a', { prefix: 'a:' }), issuer('b', { prefix: 'b:' }))).toEqual([]);
    expect(refused(issuer('a'))).toEqual([]);
  });

  test('from those that the provider has written down', () => {
    const apart =
      /^1\.oidc\.prefix: must keep callers of the issuer apart from alice in auth\.0\.users: write prefix: /;
    expect(refused(users({ alice: {} }), issuer('a'))).toEqual([expect.stringMatching(apart)]);
    expect(refused(users({ alice: { tenant: 'research' } }), issuer('a'))).toHaveLength(1);
    expect(refused(users({ 'a-alice': {} }), issuer('a', { prefix: 'a-' }))).toHaveLength(1);
    expect(refused(x509({ 'CN=Alice': {} }), issuer('a'))).toHaveLength(1);
    expect(refused(x509({ 'CN=Alice': { name: 'egi:alice' } }), issuer('a', { prefix: 'egi:' }))).toHaveLength(1);
    expect(refused(users({ alice: {} }), x509({ 'CN=Alice': {} }), issuer('a', { prefix: 'egi:' }))).toEqual([]);
  });

  test('of one issuer by one entry', () => {
    expect(refused(issuer('a', { prefix: 'x:' }), issuer('a', { prefix: 'y:', audience: 'other' }))).toEqual([
      '1.oidc.issuer: must not be that of auth.0: write one entry for both',
    ]);
  });
});

describe('Tenants that rules make of claims are kept apart', () => {
  test('from those of another issuer', () => {
    const both = (one: string, other: string) =>
      refused(
        issuer('a', { prefix: 'a:', require: [rule(one)] }),
        issuer('b', { prefix: 'b:', require: [rule('fixed'), rule(other)] }),
      );
    expect(both('vo-*', 'vo-*')).toEqual([
      '1.oidc.require.1.tenant: must not be able to make a tenant of auth.0.oidc.require.0: begin it with other letters',
    ]);
    expect(both('*', 'vo-*')).toHaveLength(1);
    expect(both('a-*', 'b-*')).toEqual([]);
    expect(both('*@a', '*@b')).toEqual([]);
  });

  test('from the tenants of single callers', () => {
    expect(refused(issuer('a', { require: [rule('vo-*'), rule(undefined)] }))).toEqual([
      expect.stringMatching(/^0\.oidc\.require\.0\.tenant: .* a single caller of auth\.0\.oidc: give .* a prefix$/),
    ]);
    expect(refused(issuer('a', { prefix: 'egi:', require: [rule('vo-*'), rule(undefined)] }))).toEqual([]);
    expect(refused(issuer('a', { prefix: 'egi:', require: [rule('*'), rule(undefined)] }))).toEqual([]);
    expect(refused(issuer('a', { prefix: 'egi-', require: [rule('*'), rule(undefined)] }))).toHaveLength(1);
    expect(refused(issuer('a', { require: [rule('vo-*')] }))).toEqual([]);
    expect(refused({ gateway: { from: 'jwt', require: [rule('vo-*'), rule(undefined)] } })).toHaveLength(1);
  });

  test('from the tenants of users who have none written', () => {
    const source = issuer('a', { prefix: 'egi:', require: [rule('vo-*')] });
    expect(refused(users({ 'vo-alice': {} }), source)).toEqual([
      '1.oidc.require.0.tenant: must not be able to make vo-alice, the tenant of that user in auth.0.users',
    ]);
    expect(refused(users({ alice: {} }), source)).toEqual([]);
  });

  test('but may be those of one issuer, and those that are written out', () => {
    const admins = { claim: 'groups', value: '/vo/*/admin', tenant: 'vo-*', role: 'admin' };
    expect(refused(issuer('a', { require: [rule('vo-*'), admins] }))).toEqual([]);
    const shared = issuer('a', { prefix: 'egi:', require: [rule('research', 'x'), rule('vo-*')] });
    const other = issuer('b', { prefix: 'b:', require: [rule('research', 'y')] });
    expect(refused(users({ alice: { tenant: 'research' }, bob: { tenant: 'vo-biomed' } }), shared, other)).toEqual([]);
  });

  test('and a caller cannot take the name of one that is written out', () => {
    const require = [rule('research', 'x'), rule(undefined)];
    expect(refused(issuer('a', { claim: 'preferred_username', require }))).toEqual([
      expect.stringMatching(/^0\.oidc\.prefix: must keep a caller named research out of the tenant research: write /),
    ]);
    expect(refused(issuer('a', { claim: 'preferred_username', prefix: 'a:', require }))).toEqual([]);
    expect(refused(issuer('a', { require }))).toEqual([]);
  });

  test('and have a star only where the value has one', () => {
    expect(refused(issuer('a', { require: [rule('vo-*', 'biomed')] }))).toEqual([
      '0.oidc.require.0.tenant: must have no * where value has none',
    ]);
  });
});

describe('A pattern', () => {
  const text = fc.stringMatching(/^[a:.]{0,4}$/);
  const pattern = fc.record({ before: text, after: text });
  const word = fc.stringMatching(/^[a.]{1,4}$/);

  test('is known to begin with whatever a text begins with that it matches', () => {
    fc.assert(
      fc.property(pattern, word, fc.nat(12), ({ before, after }, inside, length) => {
        const whole = `${before}${inside}${after}`;
        expect(canBegin({ before, after }, whole.slice(0, length))).toBe(true);
      }),
    );
  });

  test('is known to meet another that matches the same text', () => {
    fc.assert(
      fc.property(pattern, pattern, word, (one, other, inside) => {
        const whole = `${one.before}${inside}${one.after}`;
        fc.pre(matched(`${other.before}*${other.after}`, whole) !== undefined);
        expect(canMeet(one, other)).toBe(true);
        expect(canMeet(other, one)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
