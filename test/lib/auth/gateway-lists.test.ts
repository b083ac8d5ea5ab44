/** `require` for callers whom the gateway's JWT authorizer has proved. */
import { describe, expect, test } from '@jest/globals';
import { gateway } from '../../../lib/auth/gateway.ts';
import { gateway as schema } from '../../../lib/config/auth/gateway.ts';
import { requestWith } from '../../contract/auth-scheme.ts';

const rule = (value: string, tenant?: string) => ({ claim: 'groups', value, ...(tenant && { tenant }) });
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenWith = (claims: object): string => `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;

/** The authorizer leaves lists as a text; the token is the one it has verified. */
const callerWith = (
  left: object,
  headers: Readonly<Record<string, string>>,
  rules: readonly object[],
  authorizerParameters?: readonly string[],
) => {
  const settings = schema().parse({ from: 'jwt', require: rules });
  const authorizer = { jwt: { claims: { sub: 'alice', ...left }, scopes: null } };
  return gateway(settings, { authorizerParameters }).authenticate({ ...requestWith(headers), authorizer });
};
const bearing = (claims: object) => ({ authorization: `Bearer ${tokenWith(claims)}` });
const BIOLOGY = [rule('biology', 'bio'), rule('cloud users', 'cloud')];
const NOT_ADMITTED = expect.objectContaining({ failure: 'forbidden' });

describe('A group behind the JWT authorizer', () => {
  test('is read from the list in the token that was verified', () => {
    const groups = ['cloud users', 'biology'];
    expect(callerWith({ groups: '[cloud users biology]' }, bearing({ groups }), BIOLOGY)).toEqual({
      name: 'alice',
      scheme: 'gateway',
      grants: [
        { tenant: 'bio', role: 'member' },
        { tenant: 'cloud', role: 'member' },
      ],
    });
    const bare = { authorization: tokenWith({ groups }) };
    expect(callerWith({ groups: '[cloud users biology]' }, bare, BIOLOGY)).toBeDefined();
  });

  test('is not part of the name of another one', () => {
    const one = ['users biology students'];
    expect(() => callerWith({ groups: '[users biology students]' }, bearing({ groups: one }), BIOLOGY)).toThrow(
      NOT_ADMITTED,
    );
  });

  test.each([
    ['no token', {}],
    ['a token without the list', bearing({})],
    ['a token with another list', bearing({ groups: ['biology', 'more'] })],
    ['a token in which it is a text', bearing({ groups: '[biology physics]' })],
    ['two tokens', { authorization: `Bearer ${tokenWith({ groups: ['biology', 'physics'] })}, x` }],
    [
      'a token of which nobody knows whether it was verified',
      { ...bearing({ groups: ['biology', 'physics'] }), 'x-token': tokenWith({ groups: ['biology physics'] }) },
    ],
    [
      'a token beside one that has the name of a scheme',
      { ...bearing({ groups: ['biology', 'physics'] }), 'x-token': `Bearer ${tokenWith({})}` },
    ],
  ])('is not taken out of the text with %s', (_, headers) => {
    expect(() => callerWith({ groups: '[biology physics]' }, headers, BIOLOGY)).toThrow(NOT_ADMITTED);
  });

  test('is not read from a token in a header where the authorizer reads the query', () => {
    const headers = bearing({ groups: ['biology', 'physics'] });
    expect(callerWith({ groups: '[biology physics]' }, headers, BIOLOGY)).toBeDefined();
    expect(() => callerWith({ groups: '[biology physics]' }, headers, BIOLOGY, ['token'])).toThrow(NOT_ADMITTED);
  });

  test('counts as the text it is where it is no list', () => {
    expect(callerWith({ groups: 'biology' }, {}, BIOLOGY)).toMatchObject({ grants: [{ tenant: 'bio' }] });
    expect(callerWith({ groups: '[biology]' }, {}, [rule('[biology]')])).toMatchObject({ name: 'alice' });
  });

  test('decides nothing where the settings have no rules', () => {
    const settings = schema().parse({ from: 'jwt', everybody: true });
    const authorizer = { jwt: { claims: { sub: 'alice' } } };
    expect(gateway(settings).authenticate({ ...requestWith({}), authorizer })).toEqual({
      name: 'alice',
      scheme: 'gateway',
      grants: [{ tenant: 'alice', role: 'member' }],
    });
  });
});
