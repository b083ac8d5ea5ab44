import { describe, expect, test } from '@jest/globals';
import { authenticate, callerIn } from '../../../lib/auth/index.ts';
import { makeSchemes, readByThem } from '../../../lib/auth/make.ts';
import { principal } from '../../../lib/auth/principal.ts';
import type { AuthScheme } from '../../../lib/auth/scheme.ts';
import { OcciError } from '../../../lib/errors.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { authSchemeContract, requestWith } from '../../contract/auth-scheme.ts';

/** A scheme as small as one can be: `Authorization: Badge <name>`. */
const badge: AuthScheme = {
  name: 'oidc',
  challenge: () => 'Badge realm="occi"',
  authenticate({ headers }) {
    const [, name] = /^Badge (.*)$/.exec(headers.authorization?.[0] ?? '') ?? [];
    if (name === 'stolen') throw new OcciError('unauthenticated', 'This badge is not valid.');
    return name === undefined ? undefined : principal('oidc', name);
  },
};
const never: AuthScheme = { name: 'users', authenticate: () => undefined };
const connection: AuthScheme = { name: 'x509', isAmbient: true, authenticate: () => principal('x509', 'cert') };
const keystone: AuthScheme = {
  name: 'keystone',
  challenge: (origin) => `Keystone uri='${origin}'`,
  challengesAlone: true,
  authenticate: () => undefined,
};

authSchemeContract({
  scheme: badge,
  good: { alice: { authorization: 'Badge alice' } },
  bad: [{ authorization: 'Badge stolen' }],
  secrets: ['stolen'],
});

describe('Of several schemes', () => {
  const as = (headers: Record<string, string>, schemes = [never, badge]) => authenticate(requestWith(headers), schemes);

  test('the first that knows the credentials decides', async () => {
    expect(await as({ authorization: 'Badge alice' })).toMatchObject({ name: 'alice' });
  });

  test('bad credentials are not tried with the next', async () => {
    const everybody: AuthScheme = { name: 'users', authenticate: () => principal('users', 'anybody') };
    await expect(as({ authorization: 'Badge stolen' }, [badge, everybody])).rejects.toMatchObject({
      failure: 'unauthenticated',
    });
  });

  test('none of which knows them is 401 with the challenges of all that have one (HTTP-39)', async () => {
    const other = { ...never, challenge: () => 'Other' };
    await expect(as({}, [badge, never, other])).rejects.toMatchObject({
      failure: 'unauthenticated',
      headers: { 'WWW-Authenticate': 'Badge realm="occi", Other' },
    });
    await expect(as({}, [never])).rejects.toMatchObject({ failure: 'unauthenticated', headers: {} });
  });

  test('a challenge that clients read as a whole stands alone, and in the message too', async () => {
    for (const headers of [{}, { authorization: 'Badge stolen' }] as Record<string, string>[]) {
      await expect(as(headers, [badge, keystone])).rejects.toMatchObject({
        message: expect.stringMatching(/ Keystone uri='http:\/\/127\.0\.0\.1'$/),
        headers: { 'WWW-Authenticate': "Keystone uri='http://127.0.0.1'" },
      });
    }
  });

  test('a certificate of the connection counts without other credentials only', async () => {
    expect(await as({}, [connection, badge])).toMatchObject({ name: 'cert' });
    expect(await as({ authorization: '' }, [connection, badge])).toMatchObject({ name: 'cert' });
    expect(await as({ authorization: 'Badge alice' }, [connection, badge])).toMatchObject({ name: 'alice' });
    const others: Record<string, string>[] = [
      { authorization: 'Badge stolen' },
      { authorization: 'Other x' },
      { 'x-auth-token': 'x' },
    ];
    for (const headers of others) {
      await expect(as(headers, [connection, badge])).rejects.toMatchObject({ failure: 'unauthenticated' });
    }
  });

  test('a certificate that admits nobody leaves the other schemes, and is 403 where there is none', async () => {
    const unknown: AuthScheme = {
      ...connection,
      authenticate: () => {
        throw new OcciError('forbidden', 'No user has this certificate.');
      },
    };
    await expect(as({}, [unknown, badge])).rejects.toMatchObject({
      failure: 'unauthenticated',
      message: 'No user has this certificate.',
      headers: { 'WWW-Authenticate': 'Badge realm="occi"' },
    });
    expect(await callerIn(requestWith({}), [unknown, badge])).toBeUndefined();
    expect(await as({ authorization: 'Badge alice' }, [unknown, badge])).toMatchObject({ name: 'alice' });
    await expect(as({}, [unknown, never])).rejects.toMatchObject({ failure: 'forbidden' });
  });

  test('two kinds of credentials in one request are refused, whatever they say', async () => {
    await expect(as({ authorization: 'Badge alice', 'x-auth-token': 'x' })).rejects.toMatchObject({
      failure: 'invalid',
      message: 'The request has both Authorization and X-Auth-Token: send one of them.',
    });
  });
});

describe('The schemes that a deployment names', () => {
  const environment = { adapter: 'dummy', site: 'test', table: memoryTable() as never };
  const named = async (entries: Parameters<typeof makeSchemes>[0], local = true) =>
    (await makeSchemes(entries, { ...environment, local })).map(({ name }) => name);

  test('are those, in that order', async () => {
    expect(await named(['basic', 'anonymous'])).toEqual(['basic', 'anonymous']);
    expect(await named([{ gateway: { from: 'jwt', claim: 'sub', everybody: true } }], false)).toEqual(['gateway']);
  });

  test('accept anonymous callers on loopback only (issue 2, 9)', async () => {
    await expect(named(['anonymous'], false)).rejects.toThrow(/local/);
  });

  test('are asked what they read of what the gateway says', () => {
    expect(readByThem(['basic', 'anonymous'])).toEqual({ authorizer: false, clientCertificate: false });
    expect(readByThem([{ gateway: { from: 'jwt', claim: 'sub', everybody: true } }]).authorizer).toBe(true);
    expect(readByThem([{ x509: { users: {} } }])).toEqual({ authorizer: false, clientCertificate: true });
  });
});
