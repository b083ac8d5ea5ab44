/** The field's clients log in and get as far as a first machine: on the embedded cloud, and on OpenNebula. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { AUDIENCE, type Issuer, startIssuer } from '../issuer.ts';
import { PASSWORDS, usersOf } from '../lib/keystone/served.ts';
import { type OpenNebula, startOpenNebula } from '../oned/index.ts';
import { ALL_WELL, firstMachine, sendTo } from './first-machine.ts';
import type { ClientName, Proof } from './logins.ts';

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer({ erna: {} });
});
afterAll(() => issuer.stop());

/** Users with passwords, and those of a provider; all of them in the tenant `alice`, who is a user of OpenNebula. */
const authOf = async () => {
  const users = Object.fromEntries(
    Object.entries(await usersOf()).map(([name, one]) => [name, { ...one, tenant: 'alice' }]),
  );
  const oidc = {
    issuer: issuer.url,
    audience: AUDIENCE,
    prefix: 'egi:',
    require: [{ claim: 'client_id', value: 'erna', tenant: 'alice' }],
  };
  return [{ oidc }, { users }, { token: {} }, 'keystone'];
};

const password: Proof = { user: 'alice', password: PASSWORDS.alice };
const WALKS: readonly (readonly [string, ClientName, () => Proof | Promise<Proof>])[] = [
  ['a password', 'rOCCI-api', () => password],
  ['a password and a tenant', 'rOCCI-api', () => ({ ...password, tenant: 'alice' })],
  ['a bearer token', 'rOCCI-api', async () => ({ bearer: await issuer.tokenOf('erna') })],
  ['a bearer token', 'IM', async () => ({ bearer: await issuer.tokenOf('erna') })],
  ['a password', 'VMDIRAC', () => password],
  ['a password and a tenant', 'VMDIRAC', () => ({ ...password, tenant: 'alice' })],
];

describe('On the embedded cloud', () => {
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint({ settings: { auth: await authOf() } });
  });
  afterAll(() => endpoint.stop());

  test.each(WALKS)('with %s, %s gets a machine', async (_, client, proof) => {
    expect(await firstMachine(client, sendTo(endpoint), endpoint.url, await proof())).toEqual(ALL_WELL);
  });
});

describe('On OpenNebula', () => {
  let one: OpenNebula;
  beforeAll(async () => {
    one = await startOpenNebula({ step: 1 });
  });
  afterAll(() => one.close());

  const started = (auth: readonly unknown[], more: object = {}): Promise<Endpoint> => {
    const adapter = { name: 'opennebula', site: 'test', settings: { endpoint: one.endpoint, ...more } };
    return startEndpoint({ settings: { adapter, auth } });
  };

  describe('through the service account', () => {
    let endpoint: Endpoint;
    beforeAll(async () => {
      const { password: secret } = one.site.users.ascending().find(({ name }) => name === 'serveradmin')!;
      endpoint = await started(await authOf(), { serverCipher: { user: 'serveradmin', password: secret } });
    });
    afterAll(() => endpoint.stop());

    test.each(WALKS)('with %s, %s gets a machine', async (_, client, proof) => {
      expect(await firstMachine(client, sendTo(endpoint), endpoint.url, await proof())).toEqual(ALL_WELL);
    });
  });

  describe('with users of OpenNebula', () => {
    let endpoint: Endpoint;
    beforeAll(async () => {
      endpoint = await started(['basic', { token: {} }, 'keystone']);
    });
    afterAll(() => endpoint.stop());

    const own: Proof = { user: 'alice', password: 'password' };

    test.each(['rOCCI-api', 'VMDIRAC'] as const)('%s gets a machine', async (client) => {
      expect(await firstMachine(client, sendTo(endpoint), endpoint.url, own)).toEqual(ALL_WELL);
    });

    test.each([
      ['a wrong password', { ...own, password: 'x' }],
      ['an unknown user', { ...own, user: 'nobody' }],
      ['another tenant', { ...own, tenant: 'bob' }],
    ])('%s is refused, the same each time', async (_, proof) => {
      await expect(firstMachine('VMDIRAC', sendTo(endpoint), endpoint.url, proof)).rejects.toThrow(
        'Authorization error: 401 {"error":{"code":401,"message":"The credentials are not valid.',
      );
    });
  });
});
