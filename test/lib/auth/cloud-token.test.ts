/** Tokens of the cloud's own login: passed on as they came, whether or not they are good. */
import { describe, expect, test } from '@jest/globals';
import type { CloudLogin } from '../../../lib/adapter/cloud-login.ts';
import { cloudToken } from '../../../lib/auth/cloud-token.ts';
import { authenticate } from '../../../lib/auth/index.ts';
import { makeSchemes } from '../../../lib/auth/make.ts';
import { disagreementOf } from '../../../lib/config/auth/together.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { authSchemeContract, requestWith } from '../../contract/auth-scheme.ts';

const LOGIN: CloudLogin = { uri: 'https://cloud.example.org:5000', takesBearer: true };
const basic = `Basic ${Buffer.from('alice:secret').toString('base64')}`;

const schemes = (
  cloudLogin: CloudLogin | undefined = LOGIN,
  entries: readonly ('basic' | 'cloud-token')[] = ['basic', 'cloud-token'],
) => makeSchemes([...entries], { adapter: 'any', site: 'test', table: memoryTable(), local: true, cloudLogin });

const callerOf = async (headers: Record<string, string | string[]>, cloudLogin?: CloudLogin) =>
  await authenticate(requestWith(headers as never), await schemes(cloudLogin));

const refusal = (headers: Record<string, string | string[]>, cloudLogin?: CloudLogin) =>
  callerOf(headers, cloudLogin).then(
    ({ scheme }) => `${scheme} lets in`,
    (error: Error & { failure: string }) => `${error.failure}: ${error.message}`,
  );

const INVITATION = "Keystone uri='https://cloud.example.org:5000'";
const NOT_VALID = `unauthenticated: The credentials are not valid. ${INVITATION}`;

authSchemeContract({
  scheme: cloudToken({ cloudLogin: LOGIN }),
  good: { unknown: { 'x-auth-token': 'gAAAAAB-secret' } },
  bad: [{ 'x-auth-token': 'secret secret' }, { authorization: 'Bearer secret secret' }],
  secrets: ['secret'],
});

describe('The scheme cloud-token', () => {
  test('passes on X-Auth-Token under a name that says nothing', async () => {
    const { name, scheme, token, credentials } = await callerOf({ 'x-auth-token': 'gAAAAAB-x_y=' });
    expect({ name, scheme, token, credentials }).toEqual({
      name: 'unknown',
      scheme: 'cloud-token',
      token: { sentAs: 'x-auth-token', text: 'gAAAAAB-x_y=' },
      credentials: undefined,
    });
  });

  test('passes on a bearer token where the cloud takes one', async () => {
    expect((await callerOf({ authorization: 'Bearer a.b.c' })).token).toEqual({ sentAs: 'bearer', text: 'a.b.c' });
    expect(await refusal({ authorization: 'Bearer a.b.c' }, { ...LOGIN, takesBearer: false })).toBe(NOT_VALID);
  });

  test('leaves passwords to basic', async () => {
    expect(await callerOf({ authorization: basic })).toMatchObject({ scheme: 'basic', credentials: 'alice:secret' });
  });

  test('refuses what can be no token, and several', async () => {
    for (const sent of ['x y', 'x, y', 'ä', 'x'.repeat(20_000)])
      expect(await refusal({ 'x-auth-token': sent })).toBe(NOT_VALID);
  });

  test('sends clients to the login of the cloud, by a challenge that stands alone', async () => {
    expect(await refusal({})).toBe(`unauthenticated: The request carries no credentials. ${INVITATION}`);
    const error = await callerOf({}).catch((thrown: { headers: object }) => thrown);
    expect(error).toMatchObject({ headers: { 'WWW-Authenticate': INVITATION } });
  });

  test('has a URI without quotes and =, at which clients cut it', async () => {
    const says = await refusal({}, { ...LOGIN, uri: "https://cloud.example.org/it's?a=b" });
    expect(says).toContain("Keystone uri='https://cloud.example.org/it%27s?a%3Db'");
  });

  test.each([
    ['a password', basic, { credentials: 'alice:secret', token: undefined }],
    ['a bearer token', 'Bearer a.b.c', { credentials: undefined, token: { sentAs: 'bearer', text: 'a.b.c' } }],
  ])('has the cloud compare the token with %s beside it (CLIENT-35)', async (_, authorization, beside) => {
    expect(await callerOf({ 'x-auth-token': 'own', authorization })).toMatchObject({
      token: { sentAs: 'x-auth-token', text: 'own' },
      beside,
    });
  });

  test('refuses a token beside something that the cloud cannot compare', async () => {
    const both = { 'x-auth-token': 'own', authorization: 'Bearer a.b.c' };
    expect(await refusal(both, { ...LOGIN, takesBearer: false })).toBe(NOT_VALID);
    expect(await refusal({ ...both, authorization: 'Negotiate abc' })).toBe(NOT_VALID);
  });

  test('stands beside no scheme that reads the same header', () => {
    expect(disagreementOf(['basic', 'cloud-token'])).toBeUndefined();
    expect(disagreementOf(['cloud-token'])).toBeUndefined();
    expect(disagreementOf(['basic', 'cloud-token', { token: { maxDays: 30 } }])).toMatch(
      /not hold both cloud-token and token/,
    );
  });

  test('does not start before a cloud without a login', async () => {
    const made = makeSchemes(['cloud-token'], { adapter: 'any', site: 'test', table: memoryTable(), local: true });
    await expect(made).rejects.toThrow('cloud-token before a cloud without a login');
  });
});
