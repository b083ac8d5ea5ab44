/** The field's clients log in at an endpoint in front of EC2, and get as far as a first machine there. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ALL_WELL, firstMachine, sendTo } from '../../clients/first-machine.ts';
import type { ClientName, Proof } from '../../clients/logins.ts';
import type { Ec2Proxy } from '../../ec2-proxy/index.ts';
import type { Endpoint } from '../../endpoint.ts';
import { AUDIENCE, type Issuer, startIssuer } from '../../issuer.ts';
import { PASSWORDS, startLogin } from '../../lib/keystone/served.ts';
import { startEc2 } from '../ec2.ts';
import { prepare } from '../ec2-site.ts';

let proxy: Ec2Proxy;
let issuer: Issuer;
let endpoint: Endpoint;
beforeAll(async () => {
  proxy = await startEc2();
  const { settings } = await prepare(proxy);
  issuer = await startIssuer({ erna: {} });
  const require = [{ claim: 'client_id', value: 'erna', tenant: 'physics' }];
  const oidc = { issuer: issuer.url, audience: AUDIENCE, prefix: 'egi:', require };
  endpoint = await startLogin({ settings: { adapter: { name: 'ec2', site: 'test', settings } } }, [{ oidc }]);
}, 60_000);
afterAll(async () => {
  await endpoint?.stop();
  await issuer?.stop();
  await proxy?.stop();
});

const password: Proof = { user: 'alice', password: PASSWORDS.alice };

test.each<readonly [ClientName, string, () => Proof | Promise<Proof>]>([
  ['rOCCI-api', 'a password', () => password],
  ['rOCCI-api', 'a bearer token', async () => ({ bearer: await issuer.tokenOf('erna') })],
  ['IM', 'a bearer token', async () => ({ bearer: await issuer.tokenOf('erna') })],
  ['VMDIRAC', 'a password and a tenant', () => ({ ...password, tenant: 'physics' })],
])('%s with %s', async (client, _, proof) => {
  expect(await firstMachine(client, sendTo(endpoint), endpoint.url, await proof())).toEqual(ALL_WELL);
});
