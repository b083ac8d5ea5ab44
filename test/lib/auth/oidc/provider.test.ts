/** The scheme before an issuer that we did not write. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { oidc } from '../../../../lib/auth/oidc/scheme.ts';
import { oidc as schema } from '../../../../lib/config/auth/oidc.ts';
import type { HttpRequest } from '../../../../lib/http/message.ts';
import { AUDIENCE, type Issuer, type SigningAlgorithm, startIssuer } from '../../../issuer.ts';

const ALGORITHMS = ['RS256', 'ES256', 'PS256', 'EdDSA'] as const satisfies readonly SigningAlgorithm[];

/** Long enough after the last look at the issuer's keys. */
const A_MINUTE_MS = 60_000;

const bearing = (token: string): HttpRequest => ({
  method: 'GET',
  path: '/',
  query: [],
  headers: { authorization: [`Bearer ${token}`] },
  body: '',
  origin: 'http://127.0.0.1',
  requestId: 'r-1',
});

describe('A caller with a token of oidc-provider', () => {
  let issuer: Issuer;

  beforeAll(async () => {
    issuer = await startIssuer({
      ...Object.fromEntries(ALGORITHMS.map((algorithm) => [`with-${algorithm}`, { algorithm }])),
      alice: {
        claims: { eduperson_entitlement: ['urn:geant:egi.eu:group:vo.biomed:role=member#aai.egi.eu', 'other'] },
      },
      bob: { claims: { eduperson_entitlement: ['other'] } },
    });
  });
  afterAll(() => issuer.stop());

  const settingsWith = (more: object) => schema().parse({ issuer: issuer.url, audience: AUDIENCE, ...more });
  const callerOf = async (client: string, scheme: ReturnType<typeof oidc>) =>
    scheme.authenticate(bearing(await issuer.tokenOf(client)));

  test.each(ALGORITHMS)('is known by a signature with %s', async (algorithm) => {
    const scheme = oidc(settingsWith({ prefix: 'op:' }));
    expect(await callerOf(`with-${algorithm}`, scheme)).toEqual({
      name: `op:with-${algorithm}`,
      scheme: 'oidc',
      grants: [{ tenant: `op:with-${algorithm}`, role: 'member' }],
    });
  });

  test('is refused with an algorithm that is not in the list', async () => {
    const scheme = oidc(settingsWith({ algorithms: ['ES256'] }));
    expect(await callerOf('with-ES256', scheme)).toBeDefined();
    await expect(callerOf('with-RS256', scheme)).rejects.toMatchObject({ failure: 'unauthenticated' });
  });

  test('is admitted by its entitlement, and not without one', async () => {
    const require = [
      { claim: 'eduperson_entitlement', value: 'urn:geant:egi.eu:group:*:role=member#aai.egi.eu', tenant: 'vo-*' },
    ];
    const scheme = oidc(settingsWith({ require }));
    expect(await callerOf('alice', scheme)).toMatchObject({ grants: [{ tenant: 'vo-vo.biomed', role: 'member' }] });
    await expect(callerOf('bob', scheme)).rejects.toMatchObject({ failure: 'forbidden' });
  });

  test('is known after the issuer has changed its keys, and its old token is not', async () => {
    let now = Date.now();
    const scheme = oidc(settingsWith({}), () => now);
    const old = await issuer.tokenOf('alice');
    expect(await scheme.authenticate(bearing(old))).toMatchObject({ name: 'alice' });
    await issuer.rotate();
    now += A_MINUTE_MS;
    expect(await callerOf('alice', scheme)).toMatchObject({ name: 'alice' });
    await expect(async () => scheme.authenticate(bearing(old))).rejects.toMatchObject({ failure: 'unauthenticated' });
  });

  test('costs the issuer two requests, however many tokens come at once', async () => {
    const tokens = await Promise.all(ALGORITHMS.map((algorithm) => issuer.tokenOf(`with-${algorithm}`)));
    issuer.requests.length = 0;
    const scheme = oidc(settingsWith({}));
    await Promise.all(tokens.map(async (token) => scheme.authenticate(bearing(token))));
    expect(issuer.requests).toEqual(['/.well-known/openid-configuration', '/jwks']);
  });
});
