import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { textsOf } from '../../../lib/auth/claims.ts';
import { canStillGrant, grantsOf } from '../../../lib/auth/require.ts';
import { type Rules, rules as schema } from '../../../lib/config/auth/grants.ts';
import { matched } from '../../../lib/config/auth/star.ts';
import { isFailure } from '../../../lib/errors.ts';

const rulesFrom = (...rules: readonly object[]): Rules => schema().parse(rules)!;
const grants = (claims: Readonly<Record<string, unknown>>, ...rules: readonly object[]) =>
  grantsOf('egi:alice', rulesFrom(...rules), (claim) => textsOf(claims, claim));
const refusal = (claims: Readonly<Record<string, unknown>>, ...rules: readonly object[]) => {
  try {
    return grants(claims, ...rules);
  } catch (error) {
    if (isFailure(error, 'forbidden')) return error.message;
    throw error;
  }
};

describe('The rules of require', () => {
  test('admit by a claim that equals the value, or has it in its list', () => {
    const rule = { claim: 'groups', value: 'biology' };
    const own = [{ tenant: 'egi:alice', role: 'member' }];
    expect(grants({ groups: 'biology' }, rule)).toEqual(own);
    expect(grants({ groups: ['physics', 'biology'] }, rule)).toEqual(own);
    expect(grants({ level: 3 }, { claim: 'level', value: '3' })).toEqual(own);
    expect(grants({ email_verified: true }, { claim: 'email_verified', value: 'true' })).toEqual(own);
  });

  test.each([
    [{}],
    [{ groups: 'Biology' }],
    [{ groups: 'biology physics' }],
    [{ groups: 'biology\n' }],
    [{ groups: ['biology2'] }],
    [{ groups: [['biology']] }],
    [{ groups: { biology: true } }],
    [{ groups: null }],
    [{ other: 'biology' }],
  ])('refuse everybody else with a sentence that names no claim: %j', (claims) => {
    const sentence = refusal(claims, { claim: 'groups', value: 'biology' });
    expect(sentence).toBe('You are known here, but not admitted: ask the provider.');
  });

  test('give a tenant for each that applies, in their order and each tenant once', () => {
    const claims = { groups: ['/vo/b', '/vo/a', '/vo/a/admin'] };
    const all = [
      { claim: 'groups', value: '/vo/*/admin', tenant: 'vo-*', role: 'admin' },
      { claim: 'groups', value: '/vo/*', tenant: 'vo-*', role: 'reader' },
      { claim: 'groups', value: '/vo/a' },
    ];
    expect(grants(claims, ...all)).toEqual([
      { tenant: 'vo-a', role: 'admin' },
      { tenant: 'vo-b', role: 'reader' },
      { tenant: 'egi:alice', role: 'member' },
    ]);
  });

  test('read the entitlements of EGI Check-in and the groups of WLCG', () => {
    const claims = {
      eduperson_entitlement: ['urn:mace:egi.eu:group:vo.access.egi.eu:role=vm_operator#aai.egi.eu'],
      'wlcg.groups': ['/cms', '/cms/uscms'],
      scope: 'openid compute.create',
      realm_access: { roles: ['cloud'] },
    };
    const tenantsBy = (claim: string, value: string) =>
      grants(claims, { claim, value, tenant: value.includes('*') ? '*' : 'x' }).map(({ tenant }) => tenant);
    expect(tenantsBy('eduperson_entitlement', 'urn:mace:egi.eu:group:*:role=vm_operator#aai.egi.eu')).toEqual([
      'vo.access.egi.eu',
    ]);
    expect(tenantsBy('wlcg.groups', '/*')).toEqual(['cms']);
    expect(tenantsBy('scope', 'compute.create')).toEqual(['x']);
    expect(tenantsBy('realm_access.roles', 'cloud')).toEqual(['x']);
  });

  test('do not read a tenant that would be too long', () => {
    const rule = { claim: 'groups', value: '*', tenant: 'vo-*' };
    expect(grants({ groups: ['x'.repeat(300), 'a'] }, rule)).toEqual([{ tenant: 'vo-a', role: 'member' }]);
  });

  test('are not needed: without any, everybody is a member of a tenant of their own', () => {
    expect(grantsOf('alice', undefined, () => [])).toEqual([{ tenant: 'alice', role: 'member' }]);
  });

  test('take a name with a star as it is', () => {
    const rule = rulesFrom({ claim: 'groups', value: 'vo-*' });
    expect(grantsOf('a*b', rule, () => ['vo-x'])).toEqual([{ tenant: 'a*b', role: 'member' }]);
  });

  test('may still give what they once gave', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9._-]{1,10}$/);
    const rule = fc.record({
      claim: fc.constantFrom('groups', 'roles'),
      value: fc.constantFrom('a', '*', '/vo/*', '*:x'),
      role: fc.constantFrom('reader', 'member', 'admin'),
      tenant: fc.constantFrom(undefined, 'fixed', 'vo-*', '*'),
    });
    const applicable = rule.filter(({ value, tenant }) => value.includes('*') || !tenant?.includes('*'));
    const values = word.chain((text) => fc.constantFrom('a', text, `/vo/${text}`, `${text}:x`));
    fc.assert(
      fc.property(fc.array(applicable, { minLength: 1 }), fc.array(values), word, (given, texts, name) => {
        const rules = rulesFrom(...given);
        let made: ReturnType<typeof grantsOf>;
        try {
          made = grantsOf(name, rules, () => texts);
        } catch (error) {
          expect(isFailure(error, 'forbidden')).toBe(true);
          return;
        }
        expect(new Set(made.map(({ tenant }) => tenant)).size).toBe(made.length);
        for (const grant of made) expect(canStillGrant(name, rules, grant)).toBe(true);
      }),
    );
  });
});

describe('A star', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '.', '/', ':', '$', '&', ' ') });
  const word = fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/);

  test('stands for any word, whatever is around it', () => {
    fc.assert(
      fc.property(text, text, word, (before, after, inside) => {
        expect(matched(`${before}*${after}`, `${before}${inside}${after}`)).toBe(inside);
      }),
    );
  });

  test('stands for nothing else, as a regular expression would have it', () => {
    const escaped = (part: string) => part.replace(/[^\w]/g, '\\$&');
    fc.assert(
      fc.property(text, text, text, (before, after, whole) => {
        const expected = new RegExp(`^${escaped(before)}[A-Za-z0-9._-]+${escaped(after)}$`).test(whole);
        expect(matched(`${before}*${after}`, whole) !== undefined).toBe(expected);
      }),
    );
  });

  test.each(['/vo/', '/vo/a/b', '/vo/a b', '/vo/a\n', '/vo/ä', '/vo/a*', '/VO/a', 'x/vo/a'])(
    'does not let %j pass for a group of /vo/*',
    (group) => {
      expect(matched('/vo/*', group)).toBeUndefined();
    },
  );
});

describe('A claim', () => {
  test('is the member with its whole name before it is a path', () => {
    const claims = { 'a.b': 'whole', a: { b: 'path', c: { d: 'deep' } }, 'a.c': { e: 'mixed' } };
    expect(textsOf(claims, 'a.b')).toEqual(['whole']);
    expect(textsOf(claims, 'a.c.d')).toEqual(['deep']);
    expect(textsOf(claims, 'a.c.e')).toEqual(['mixed']);
    expect(textsOf({ 'a.b': null, a: { b: 'path' } }, 'a.b')).toEqual([]);
    expect(textsOf({ 'https://example.org/groups': ['x'] }, 'https://example.org/groups')).toEqual(['x']);
  });

  test('is never a property of Object.prototype, nor inside a text or a list', () => {
    for (const claim of ['constructor', 'constructor.name', '__proto__', 'toString.name', 'groups.length', 'groups.0'])
      expect(textsOf({ groups: ['x'], name: 'y' }, claim)).toEqual([]);
    expect(textsOf({ text: 'abc' }, 'text.length')).toEqual([]);
  });

  test('is found in whatever JSON an issuer signs, without a failure', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (claims, name) => {
        for (const found of textsOf(claims as Record<string, unknown>, name)) expect(typeof found).toBe('string');
      }),
    );
  });
});
