import { describe, expect, test } from '@jest/globals';
import { authenticate, chosenSchemes, readsAuthorizer, SCHEMES } from '../../../lib/auth/index.ts';
import type { AuthScheme } from '../../../lib/auth/scheme.ts';
import { OcciError } from '../../../lib/errors.ts';
import { authSchemeContract, requestWith } from '../../contract/auth-scheme.ts';

/** A scheme as small as one can be: `Authorization: Badge <name>`. */
const badge: AuthScheme = {
  name: 'badge',
  challenge: 'Badge realm="occi"',
  authenticate({ headers }) {
    const [, name] = /^Badge (.*)$/.exec(headers.authorization?.[0] ?? '') ?? [];
    if (name === 'stolen') throw new OcciError('unauthenticated', 'This badge is not valid.');
    return name === undefined ? undefined : { name };
  },
};
const never: AuthScheme = { name: 'never', authenticate: () => undefined };

authSchemeContract({
  scheme: badge,
  good: { alice: { authorization: 'Badge alice' } },
  bad: [{ authorization: 'Badge stolen' }],
  secrets: ['stolen'],
});

describe('Of several schemes', () => {
  const as = (authorization: string) => authenticate(requestWith({ authorization }), [never, badge]);

  test('the first that knows the credentials decides', async () => {
    expect(await as('Badge alice')).toEqual({ name: 'alice' });
  });

  test('bad credentials are not tried with the next', async () => {
    const everybody: AuthScheme = { name: 'all', authenticate: () => ({ name: 'anybody' }) };
    const stolen = requestWith({ authorization: 'Badge stolen' });
    await expect(authenticate(stolen, [badge, everybody])).rejects.toMatchObject({ failure: 'unauthenticated' });
  });

  test('none of which knows them is 401 with the challenges of all that have one (HTTP-39)', async () => {
    const other = { ...never, name: 'other', challenge: 'Other' };
    const attempt = authenticate(requestWith({}), [badge, never, other]);
    await expect(attempt).rejects.toMatchObject({
      failure: 'unauthenticated',
      headers: { 'WWW-Authenticate': 'Badge realm="occi", Other' },
    });
    await expect(authenticate(requestWith({}), [never])).rejects.toMatchObject({
      failure: 'unauthenticated',
      headers: {},
    });
  });
});

describe('The schemes that a deployment names', () => {
  test('are those, in that order', () => {
    expect(chosenSchemes(['basic', 'anonymous'], true)).toEqual([SCHEMES.basic, SCHEMES.anonymous]);
    const [first] = chosenSchemes([{ gateway: { from: 'jwt', claim: 'sub' } }], false);
    expect(first?.name).toBe('gateway');
  });

  test('accept anonymous callers on loopback only (issue 2, 9)', () => {
    expect(() => chosenSchemes(['anonymous'], false)).toThrow(/local/);
  });

  test('are asked whether one of them reads what the gateway says', () => {
    expect(readsAuthorizer(['basic', 'anonymous'])).toBe(false);
    expect(readsAuthorizer(['basic', { gateway: { from: 'jwt', claim: 'sub' } }])).toBe(true);
  });
});
