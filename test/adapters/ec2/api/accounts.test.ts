import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accountsOf } from '../../../../adapters/ec2/api/accounts.ts';
import { settings } from '../../../../adapters/ec2/config.ts';
import { fails } from '../../../contract/adapter.ts';

const roleIn = (account: string, more: Readonly<Record<string, string>> = {}) => ({
  arn: `arn:aws:iam::${account}:role/occi`,
  ...more,
});
const accounts = (change: Readonly<Record<string, unknown>> = {}) =>
  accountsOf(settings.parse({ region: 'us-east-1', ...change }));
const refused = async (work: () => unknown) => work();

describe('The account of a caller', () => {
  test('is the function’s own, which all share behind a fence', () => {
    expect(accounts()({ name: 'anne' })).toEqual({ tenant: 'anne', fenced: true });
  });

  test('is the function’s own and one tenant’s, where the settings say so', () => {
    const of = accounts({ tenancy: 'single' });
    expect(of({ name: 'anne' })).toEqual({ tenant: '=single', fenced: false });
    expect(of({ name: 'bob' })).toEqual(of({ name: 'anne' }));
  });

  test('is that of a role of their own, without other tenants', () => {
    const of = accounts({ roles: { anne: roleIn('111111111111', { externalId: 'abc' }) } });
    expect(of({ name: 'anne' })).toEqual({
      tenant: 'anne',
      fenced: false,
      role: { arn: 'arn:aws:iam::111111111111:role/occi', externalId: 'abc', session: 'occi-anne' },
    });
    expect(of({ name: 'bob' }).role).toBeUndefined();
  });

  test('is fenced where several tenants have roles in it, and not where several callers are one tenant', () => {
    const of = accounts({
      roles: {
        anne: roleIn('111111111111'),
        bob: roleIn('111111111111'),
        carl: roleIn('222222222222', { tenant: 'physics' }),
        dora: roleIn('222222222222', { tenant: 'physics' }),
      },
    });
    const [anne, bob, carl, dora] = ['anne', 'bob', 'carl', 'dora'].map((name) => of({ name }));
    expect([anne, bob, carl, dora].map((one) => one!.fenced)).toEqual([true, true, false, false]);
    expect(anne!.tenant).not.toBe(bob!.tenant);
    expect(carl!.tenant).toBe(dora!.tenant);
  });

  test('of a caller whose name is that of a tenant in the settings is another', () => {
    const of = accounts({ roles: { carl: roleIn('222222222222', { tenant: 'physics' }) } });
    expect(of({ name: 'physics' }).tenant).not.toBe(of({ name: 'carl' }).tenant);
  });

  test('is refused to callers that the settings leave out', async () => {
    const of = accounts({ others: 'refuse', roles: { anne: roleIn('111111111111') } });
    expect(of({ name: 'anne' }).tenant).toBe('anne');
    expect(
      await fails(
        refused(() => of({ name: 'bob' })),
        'forbidden',
      ),
    ).not.toContain('bob');
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      await fails(
        refused(() => of({ name })),
        'forbidden',
      );
    }
  });

  test('is refused for credentials that have not been verified', async () => {
    await fails(
      refused(() => accounts()({ name: 'anne', credentials: 'anne:password' })),
      'unauthenticated',
    );
  });

  test('has a session that names the caller, in letters that STS takes', () => {
    const roles = { 'anne@example.org': roleIn('111111111111'), 'Ω b/c': roleIn('222222222222') };
    const of = accounts({ roles: { ...roles, dora: roleIn('333333333333', { sessionName: 'lab-7' }) } });
    expect(of({ name: 'anne@example.org' }).role?.session).toBe('occi-anne@example.org');
    expect(of({ name: 'Ω b/c' }).role?.session).toBe('occi---b-c');
    expect(of({ name: 'dora' }).role?.session).toBe('lab-7');
    const long = 'x'.repeat(200);
    expect(accounts({ roles: { [long]: roleIn('111111111111') } })({ name: long }).role?.session).toHaveLength(64);
  });
});

describe('The name of a tenant', () => {
  const name = fc.oneof(
    fc.string({ minLength: 1, maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 150 }),
    fc.constantFrom('=single', '=t=physics', '=2F', '/', 'a/b', 'a=2Fb', 'a=2fb', '='),
    fc.string({ unit: fc.constantFrom('a', '=', '/'), minLength: 190, maxLength: 210 }),
  );
  const of = accounts({ roles: { 'x y': roleIn('111111111111', { tenant: 'physics' }) } });

  test('is safe in a key and in a tag, and no pattern in a filter', () => {
    fc.assert(
      fc.property(name, (one) => {
        const { tenant } = of({ name: one });
        expect(tenant).toMatch(/^[A-Za-z0-9._=-]+$/);
        expect(tenant.length).toBeLessThanOrEqual(256);
      }),
    );
  });

  test('is never that of another name', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        fc.pre(one !== other && Buffer.from(one).toString() !== Buffer.from(other).toString());
        expect(of({ name: one }).tenant).not.toBe(of({ name: other }).tenant);
      }),
      { numRuns: 1000 },
    );
  });

  test('is never one that the settings name', () => {
    fc.assert(fc.property(name, (one) => void expect(of({ name: one }).tenant).not.toMatch(/^=(t=|single)/)));
  });
});
