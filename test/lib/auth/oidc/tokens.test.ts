/** Tokens that prove nobody, each wrong in one way. */
import { createHmac, createPublicKey } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { JWK } from 'jose';
import { authenticate } from '../../../../lib/auth/index.ts';
import { oidc } from '../../../../lib/auth/oidc/scheme.ts';
import { oidc as schema } from '../../../../lib/config/auth/oidc.ts';
import { isFailure } from '../../../../lib/errors.ts';
import { authSchemeContract, requestWith } from '../../../contract/auth-scheme.ts';
import { AUDIENCE, OwnIssuer, signingKey } from './own-issuer.ts';

const [rsa, ec, ed, pss, stranger] = await Promise.all([
  signingKey('RS256', 'rsa'),
  signingKey('ES256', 'ec'),
  signingKey('EdDSA', 'ed'),
  signingKey('PS256', 'pss'),
  signingKey('RS256', 'rsa'),
]);
const issuer = await OwnIssuer.start([rsa, ec, ed, pss]);
afterAll(() => issuer.stop());

const settings = schema().parse({ issuer: issuer.url, audience: [AUDIENCE, 'occi'], prefix: 'own:' });
const scheme = oidc(settings);
const now = Math.floor(Date.now() / 1000);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as its issuer would have made it, signed with something else. */
const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'alice', exp: now + 300 };
const unsigned = `${part({ alg: 'none' })}.${part(claims)}`;

/** HS256 with the public key as the secret, for a verifier that takes the algorithm from the token. */
const confused = (secret: string | Buffer): string => {
  const signed = `${part({ alg: 'HS256', kid: 'rsa' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
};
const pem = createPublicKey({ key: rsa.published as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });

const good = await issuer.token(rsa);
const [header = '', payload = '', signature = ''] = good.split('.');
const changed = `${payload.slice(0, -2)}${payload.at(-2) === 'A' ? 'B' : 'A'}${payload.at(-1)}`;
const selfMade = { jwk: stranger.published, jku: 'https://attacker.example/keys', x5u: 'https://attacker.example/x' };

const BAD = {
  'cut short': `${header}.${payload}.${signature.slice(0, -8)}`,
  'without signature': `${header}.${payload}.`,
  'with the signature of another token': `${header}.${payload}.${(await issuer.token(rsa, { sub: 'bob' })).split('.')[2]}`,
  'with changed claims': `${header}.${Buffer.from(payload, 'base64url').toString().includes('alice') ? part({ ...claims, sub: 'bob' }) : changed}.${signature}`,
  'with a header that is no JSON': `AAAA.${payload}.${signature}`,
  'signed by a stranger with a known key id': await issuer.token(stranger),
  'that brings its own key': await issuer.token(stranger, {}, { ...selfMade, kid: 'own' } as never),
  'with an unknown key id': await issuer.token(stranger, {}, { kid: 'unknown' }),
  'with alg none and no signature': `${unsigned}.`,
  'with alg none': `${unsigned}.AAAA`,
  'signed with the public key as a secret': confused(pem as string),
  'signed with the public key as a secret in binary': confused(Buffer.from((rsa.published as JWK).n!, 'base64url')),
  'with the algorithm of another key': await issuer.token(ec, {}, { kid: 'rsa' }),
  expired: await issuer.token(rsa, { exp: now - 60 }),
  'that never expires': await issuer.token(rsa, { exp: undefined }),
  'with an expiry that is no number': await issuer.token(rsa, { exp: String(now + 300) }),
  'not yet valid': await issuer.token(rsa, { nbf: now + 120 }),
  'for another audience': await issuer.token(rsa, { aud: 'https://other.example.org' }),
  'for no audience': await issuer.token(rsa, { aud: undefined }),
  'for an audience that only begins alike': await issuer.token(rsa, { aud: [`${AUDIENCE}.evil`, 'occ'] }),
  'for a logout': await issuer.token(rsa, {}, { typ: 'logout+jwt' }),
  'of a type that is no text': await issuer.token(rsa, {}, { typ: 5 } as never),
  'with a critical extension': await issuer
    .token(rsa, {}, { crit: ['exp'], exp: now + 300 } as never)
    .catch(() => `${part({ alg: 'RS256', kid: 'rsa', crit: ['exp'], exp: 1 })}.${payload}.${signature}`),
  'bound to a key of its holder': await issuer.token(rsa, {
    cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' },
  }),
  'without a subject': await issuer.token(rsa, { sub: undefined }),
  'with an empty subject': await issuer.token(rsa, { sub: '' }),
  'with a subject of two lines': await issuer.token(rsa, { sub: 'alice\nadmin' }),
  'with a subject that is a list': await issuer.token(rsa, { sub: ['alice'] }),
  'with a subject that is too long with its prefix': await issuer.token(rsa, { sub: 'x'.repeat(253) }),
} as const;

authSchemeContract({
  scheme,
  good: {
    'own:alice': bearer(good),
    'own:ec': bearer(await issuer.token(ec, { sub: 'ec' })),
    'own:ed': bearer(await issuer.token(ed, { sub: 'ed' })),
    'own:pss': bearer(await issuer.token(pss, { sub: 'pss' })),
    'own:42': bearer(await issuer.token(rsa, { sub: 42 })),
    'own:a:b': bearer(await issuer.token(rsa, { sub: 'a:b' })),
    'own:jwt': bearer(await issuer.token(rsa, { sub: 'jwt' }, { typ: 'JWT' })),
    'own:access': bearer(await issuer.token(rsa, { sub: 'access' }, { typ: 'application/AT+JWT' })),
    'own:second': bearer(await issuer.token(rsa, { sub: 'second', aud: ['other', 'occi'] })),
    'own:skewed': bearer(await issuer.token(rsa, { sub: 'skewed', exp: now - 5, nbf: now + 20 })),
    'own:spelt': { authorization: `bEARER  ${await issuer.token(rsa, { sub: 'spelt' })} ` },
  },
  bad: Object.values(BAD).map(bearer),
  secrets: [...Object.values(BAD), signature],
});

describe('A forged token', () => {
  const FORGED = {
    'with the right claims': {},
    expired: { exp: now - 60 },
    'for another audience': { aud: 'other' },
    'not yet valid': { nbf: now + 120 },
    'without a subject': { sub: undefined },
  };

  test.each(Object.entries(FORGED))('%s fails by its signature, before any claim is looked at', async (_, wrong) => {
    const forged = await issuer.token(stranger, wrong);
    await expect(async () => scheme.authenticate(requestWith(bearer(forged)))).rejects.toMatchObject({
      cause: { message: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' },
    });
  });
});

describe('A token', () => {
  const refusal = async (headers: Readonly<Record<string, string>>) => {
    const answer = await authenticate(requestWith(headers), [scheme]).catch((error: unknown) => error);
    if (!isFailure(answer, 'unauthenticated')) throw new Error(`not refused: ${JSON.stringify(answer)}`);
    return { message: answer.message, headers: answer.headers };
  };
  const REFUSED = {
    message: 'The credentials are not valid.',
    headers: { 'WWW-Authenticate': 'Bearer realm="occi"' },
  };

  test.each(Object.entries(BAD))('%s gets the same answer as any other bad token', async (_, token) => {
    expect(await refusal(bearer(token))).toEqual(REFUSED);
  });

  test.each([
    ['that is no JWT', 'occi_0123456789'],
    ['that is encrypted', 'a.b.c.d.e'],
    ['whose claims are no JSON', `${header}.AAAA.${signature}`],
    ['whose claims are a list', `${header}.${part([])}.${signature}`],
    ['of another issuer', `${header}.${part({ ...claims, iss: 'https://other.example.org' })}.${signature}`],
    ['of an issuer with one slash more', `${header}.${part({ ...claims, iss: `${issuer.url}/` })}.${signature}`],
    ['without issuer', `${header}.${part({ ...claims, iss: undefined })}.${signature}`],
  ])('%s is declined, and refused where no other scheme takes it', async (_, token) => {
    expect(await scheme.authenticate(requestWith(bearer(token)))).toBeUndefined();
    expect(await refusal(bearer(token))).toEqual(REFUSED);
  });

  test.each([
    ['that is longer than 16 kB', `${header}.${'A'.repeat(17_000)}.${signature}`],
    ['that is empty', ''],
    ['beside another', `${good}, Bearer ${good}`],
    ['with a space in it', `${header} ${payload}`],
  ])('%s is refused before it is read', async (_, token) => {
    issuer.requests.length = 0;
    expect(await refusal(bearer(token))).toEqual(REFUSED);
    expect(issuer.requests).toEqual([]);
  });

  test('in X-Auth-Token is not taken: the clients that send the field have tokens of ours', async () => {
    expect(await scheme.authenticate(requestWith({ 'x-auth-token': good }))).toBeUndefined();
  });

  test('may be sent again until it expires: a bearer token proves as much each time', async () => {
    expect(await scheme.authenticate(requestWith(bearer(good)))).toMatchObject({ name: 'own:alice' });
    expect(await scheme.authenticate(requestWith(bearer(good)))).toMatchObject({ name: 'own:alice' });
  });

  test('expires, also for a container that has seen it', async () => {
    let clock = (now + 325) * 1000;
    const timed = oidc(settings, () => clock);
    expect(await timed.authenticate(requestWith(bearer(good)))).toBeDefined();
    // The skew of 30 seconds that is tolerated has passed as well.
    clock += 10_000;
    await expect(async () => timed.authenticate(requestWith(bearer(good)))).rejects.toMatchObject({
      failure: 'unauthenticated',
    });
  });

  test('without key id is taken if one key fits, and refused if several do (OpenID Connect Core §10.1)', async () => {
    const two = await OwnIssuer.start([ec, await signingKey('ES256', 'ec2'), rsa]);
    try {
      const own = oidc(schema().parse({ issuer: two.url, audience: AUDIENCE }));
      const withoutKid = async (key: typeof rsa) =>
        own.authenticate(requestWith(bearer(await two.token(key, {}, { kid: undefined as never }))));
      expect(await withoutKid(rsa)).toMatchObject({ name: 'alice' });
      await expect(withoutKid(ec)).rejects.toMatchObject({ failure: 'unauthenticated' });
    } finally {
      await two.stop();
    }
  });

  test('goes to the entry of its issuer, among several', async () => {
    const other = await OwnIssuer.start([ec]);
    try {
      const schemes = [scheme, oidc(schema().parse({ issuer: other.url, audience: AUDIENCE, prefix: 'other:' }))];
      const callerOf = async (token: string) => (await authenticate(requestWith(bearer(token)), schemes)).name;
      expect(await callerOf(good)).toBe('own:alice');
      expect(await callerOf(await other.token(ec))).toBe('other:alice');
      await expect(callerOf(await other.token(ec, { iss: issuer.url }, { kid: 'rsa' }))).rejects.toMatchObject(REFUSED);
    } finally {
      await other.stop();
    }
  });

  test('of ours ends when the settings do not give its tenant any more', () => {
    const rule = { claim: 'groups', value: '/vo/*', tenant: 'vo-*' };
    const ruled = oidc(schema().parse({ issuer: issuer.url, audience: AUDIENCE, prefix: 'own:', require: [rule] }));
    const grant = { tenant: 'vo-biomed', role: 'member' } as const;
    expect(ruled.stillGrants?.('own:alice', [grant])).toBe(true);
    expect(ruled.stillGrants?.('own:alice', [{ ...grant, role: 'admin' }])).toBe(false);
    expect(ruled.stillGrants?.('own:alice', [{ ...grant, tenant: 'own:alice' }])).toBe(false);
    expect(ruled.stillGrants?.('other:alice', [grant])).toBe(false);
    expect(scheme.stillGrants?.('own:alice', [{ ...grant, tenant: 'own:alice' }])).toBe(true);
  });
});
