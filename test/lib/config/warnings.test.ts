import { describe, expect, test } from '@jest/globals';
import { auth } from '../../../lib/config/auth/index.ts';
import { warningsOf } from '../../../lib/config/warnings.ts';

const warned = (...entries: readonly unknown[]) => warningsOf(auth.parse(entries));
const oidc = (more: object) => ({ oidc: { issuer: 'https://idp.example.org', audience: 'occi', ...more } });
const EVERYBODY = "is missing, so everybody whom the issuer knows may spend the provider's money";

describe('An entry without require is a warning', () => {
  test('for tokens that the functions verify, and for those of the gateway', () => {
    const advice = 'say who may, or confirm it with everybody: true';
    expect(warned('basic', oidc({}))).toEqual([`auth.1.oidc.require: ${EVERYBODY}; ${advice}`]);
    expect(warned({ gateway: { from: 'jwt' } })).toEqual([`auth.0.gateway.require: ${EVERYBODY}; ${advice}`]);
  });

  test('also where the provider has confirmed it', () => {
    expect(warned(oidc({ everybody: true }))).toEqual([`auth.0.oidc.require: ${EVERYBODY}; everybody: true says so`]);
  });

  test('and not where rules admit some, or no issuer decides', () => {
    expect(warned(oidc({ require: [{ claim: 'groups', value: 'cloud' }] }))).toEqual([]);
    expect(warned('basic')).toEqual([]);
    expect(warned({ gateway: { from: 'iam', claim: 'role' } })).toEqual([]);
    expect(warned({ gateway: { from: 'lambda', claim: 'user' } })).toEqual([]);
  });
});
