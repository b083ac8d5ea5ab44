/** The JWT authorizer of the gateway in front of the functions, with tokens of an issuer on loopback. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type Gateway, startGateway } from './gateway.ts';
import { aws, deploy } from './stack.ts';

const AUDIENCE = 'occi';
const KEY_ID = 'one';

let issuer: Server;
let gateway: Gateway;
let sign: (claims: JWTPayload) => Promise<string>;

/** An issuer whose tokens say what a test wants. */
async function startIssuer(): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' }];
  issuer = createServer((request, response) => {
    const discovery = { issuer: url, jwks_uri: `${url}/keys` };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(request.url === '/keys' ? { keys } : discovery));
  });
  await once(issuer.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
  sign = (claims) =>
    new SignJWT({ iss: url, aud: AUDIENCE, exp: Math.floor(Date.now() / 1000) + 600, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: KEY_ID })
      .setIssuedAt()
      .sign(privateKey);
  return url;
}

beforeAll(async () => {
  const issuerUrl = await startIssuer();
  const stack = await deploy({
    stage: 'tokens',
    settings: { adapter: { name: 'dummy', site: 'test', settings: {} }, auth: [{ gateway: { from: 'jwt' } }] },
    parameters: { alarms: 'false', authorizer: 'jwt', jwtIssuer: 'https://idp.example.org', jwtAudience: AUDIENCE },
  });
  const { HttpApiId: ApiId = '' } = stack.outputs;
  // A deployment takes https alone, and the emulator reads keys where they are.
  const {
    Items: [{ AuthorizerId }],
  } = await aws('apigatewayv2', 'get_authorizers', { ApiId });
  const JwtConfiguration = { Issuer: issuerUrl, Audience: [AUDIENCE] };
  await aws('apigatewayv2', 'update_authorizer', { ApiId, AuthorizerId, JwtConfiguration });
  gateway = await startGateway(ApiId);
}, 240_000);

afterAll(() => {
  gateway?.stop();
  issuer?.close();
});

const STORAGE =
  'Category: storage; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"\nX-OCCI-Attribute: occi.storage.size=1\n';

const as = async (claims: JWTPayload) => ({ Authorization: `Bearer ${await sign(claims)}` });

test('each tenant has what it has made, and nothing of another', async () => {
  const [alice, bob] = [await as({ sub: 'alice' }), await as({ sub: 'bob' })];
  const headers = { ...alice, 'Content-Type': 'text/plain' };
  const made = await gateway.send('POST', '/storage/', { headers, body: STORAGE });
  expect(made.status).toBe(201);
  const { pathname } = new URL(made.headers.location!);
  const seen = async (who: Record<string, string>) => (await gateway.send('GET', pathname, { headers: who })).status;
  expect([await seen(alice), await seen(bob)]).toEqual([200, 404]);
  const listed = async (who: Record<string, string>) =>
    (await gateway.send('GET', '/storage/', { headers: { ...who, Accept: 'text/uri-list' } })).body.trim();
  expect([await listed(alice), await listed(bob)]).toEqual([made.headers.location, '']);
});

test('the gateway lets no token pass that has expired, is for another audience, or is none', async () => {
  const status = async (headers: Record<string, string>) =>
    (await gateway.send('GET', '/compute/', { headers })).status;
  const expired = Math.floor(Date.now() / 1000) - 600;
  expect(await status(await as({ sub: 'alice' }))).toBe(200);
  expect(await status(await as({ sub: 'alice', exp: expired }))).toBe(401);
  expect(await status(await as({ sub: 'alice', aud: 'other' }))).toBe(401);
  expect(await status({ Authorization: 'Bearer none' })).toBe(401);
  expect(await status({})).toBe(401);
});

test('health needs no token', async () => {
  expect((await gateway.send('GET', '/.well-known/health')).status).toBe(200);
});
