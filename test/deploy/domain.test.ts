/** The gateway asks for client certificates exactly where the service looks at them. */
import { expect, test } from '@jest/globals';
import { authorization } from '../../deploy/resources/authorizer.ts';
import { domain } from '../../deploy/resources/domain.ts';
import type { Json } from './packaging.ts';

const X509 = [{ x509: { users: { 'CN=A': {} } } }, 'basic'];
const made = (truststore: string | undefined, auth: unknown) =>
  domain({ parameters: { domain: 'occi.example.org', certificate: 'c', truststore }, settings: { auth } } as Json);

test('Where both are there, the domain has mutual TLS and the default URL is disabled', () => {
  expect(made('s3://bucket/ca.pem', X509)).toMatchObject({
    resources: { Domain: { Properties: { MutualTlsAuthentication: { TruststoreUri: 's3://bucket/ca.pem' } } } },
    extensions: { HttpApi: { Properties: { DisableExecuteApiEndpoint: true } } },
  });
});

test('Where neither is there, clients are asked for no certificate', () => {
  for (const auth of [['basic'], [{ users: {} }], undefined]) {
    expect(made(undefined, auth).resources?.Domain?.Properties).not.toHaveProperty('MutualTlsAuthentication');
  }
});

test('One without the other is refused', () => {
  expect(() => made(undefined, X509)).toThrow(
    "auth of the service's settings has x509: set truststore to the authorities",
  );
  expect(() => made('s3://bucket/ca.pem', ['basic'])).toThrow("auth of the service's settings has no x509: add it");
});

test('Schemes of the functions need no authorizer, with settings or without', () => {
  const auth = [...X509, { users: {} }, 'keystone'];
  const stack = { parameters: { authorizer: 'none' }, settings: { auth }, functions: [], prefix: 'occi' } as Json;
  expect(authorization(stack)).toEqual({ resources: {} });
  expect(() => authorization({ ...stack, parameters: { authorizer: 'iam' } })).toThrow('the two must agree');
});
