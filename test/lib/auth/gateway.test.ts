import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { gateway } from '../../../lib/auth/gateway.ts';
import { authenticate } from '../../../lib/auth/index.ts';
import { principal } from '../../../lib/auth/principal.ts';
import type { GatewaySettings } from '../../../lib/config/auth/gateway.ts';
import { toRequest } from '../../../lib/http/event.ts';
import { authSchemeContract, requestWith } from '../../contract/auth-scheme.ts';
import { startEndpoint } from '../../endpoint.ts';

/**
 * Events as the HTTP API makes them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
const eventOf = (authorizer: 'jwt' | 'lambda' | 'iam' | 'open') =>
  JSON.parse(readFileSync(new URL(`../../fixtures/events/${authorizer}.json`, import.meta.url), 'utf8'));
const EVENTS = { trustProxy: false, local: false, limits: { bodyBytes: 1024 }, authorizer: true };

const bearing = (authorizer: unknown) => ({ ...requestWith({}), authorizer });
const claims = (more: object) => ({ jwt: { claims: { aud: 's3cret', ...more }, scopes: null } });
const subject = gateway({ from: 'jwt', claim: 'sub', everybody: true });

authSchemeContract<unknown>({
  scheme: subject,
  bearing,
  good: {
    alice: claims({ sub: 'alice' }),
    '3b1f6c52-8d4e-4a57-9a3c-0f6d2b9e7a11': claims({ sub: '3b1f6c52-8d4e-4a57-9a3c-0f6d2b9e7a11' }),
    'a b': claims({ sub: 'a b' }),
    čeština: claims({ sub: 'čeština' }),
    '42': claims({ sub: 42 }),
  },
  bad: [
    { jwt: {} },
    { jwt: { claims: null } },
    claims({}),
    claims({ sub: '' }),
    claims({ sub: ' alice' }),
    claims({ sub: 'alice\n' }),
    claims({ sub: 'ali\u0000ce' }),
    claims({ sub: 'ali\u200bce' }),
    claims({ sub: 'ali\u202ece' }),
    claims({ sub: 'alice\ud800' }),
    claims({ sub: 'x'.repeat(257) }),
    claims({ sub: 4.5 }),
    claims({ sub: true }),
    claims({ sub: ['alice'] }),
    claims({ sub: { toString: 'alice' } }),
  ],
  secrets: ['s3cret'],
});

describe('The caller behind an authorizer of the gateway', () => {
  test.each([
    ['jwt', 'sub', '3b1f6c52-8d4e-4a57-9a3c-0f6d2b9e7a11'],
    ['jwt', 'cognito:username', 'alice'],
    ['lambda', 'user', 'alice'],
    ['lambda', 'level', '3'],
    ['iam', 'userArn', 'arn:aws:sts::123456789012:assumed-role/researchers/alice'],
    ['iam', 'role', 'arn:aws:sts::123456789012:assumed-role/researchers'],
    ['iam', 'accountId', '123456789012'],
  ] as const)('of %s is named by %s', (from, claim, name) => {
    const identity = { from, claim, everybody: true } as GatewaySettings;
    expect(gateway(identity).authenticate(toRequest(eventOf(from), EVENTS))).toEqual(principal('gateway', name));
  });

  test.each(['jwt', 'lambda', 'iam'] as const)(
    'is unknown to %s if another authorizer or no authorizer verified it',
    async (from) => {
      const scheme = gateway({ from, claim: 'sub', everybody: true } as GatewaySettings);
      const others = (['jwt', 'lambda', 'iam', 'open'] as const).filter((other) => other !== from);
      for (const other of others) {
        const request = toRequest(eventOf(other), EVENTS);
        expect(await scheme.authenticate(request)).toBeUndefined();
        await expect(authenticate(request, [scheme])).rejects.toMatchObject({
          failure: 'unauthenticated',
          headers: {},
        });
      }
    },
  );

  test('is the same for one role, whatever the session name', () => {
    const role = gateway({ from: 'iam', claim: 'role' });
    const as = (userArn: unknown) => role.authenticate(bearing({ iam: { userArn, role: 'forged' } }));
    const researchers = 'arn:aws-cn:sts::123456789012:assumed-role/researchers';
    for (const session of ['alice', 'bob', 'a=b,c@d'])
      expect(as(`${researchers}/${session}`)).toEqual(principal('gateway', researchers));
  });

  test.each([
    'arn:aws:iam::123456789012:user/alice',
    'arn:aws:iam::123456789012:root',
    'arn:aws:sts::123456789012:federated-user/alice',
    'arn:aws:sts::123456789012:assumed-role/researchers',
    'arn:aws:sts::123456789012:assumed-role/researchers/alice/bob',
    'arn:aws:sts::123456789012:assumed-role/researchers/',
    undefined,
    5,
  ])('is not named by its role without a role session: %j', (userArn) => {
    const role = gateway({ from: 'iam', claim: 'role' });
    expect(() => role.authenticate(bearing({ iam: { userArn, role: 'forged' } }))).toThrow(
      expect.objectContaining({ failure: 'unauthenticated' }),
    );
  });

  test.each([null, 'jwt', [], { jwt: null }, { jwt: 'claims' }, { jwt: [] }, { lambda: { sub: 'alice' } }])(
    'is not in %j',
    (authorizer) => {
      expect(subject.authenticate(bearing(authorizer))).toBeUndefined();
    },
  );

  test('is never named by a property of Object.prototype', () => {
    for (const claim of ['constructor', '__proto__', 'toString']) {
      expect(() => gateway({ from: 'lambda', claim }).authenticate(bearing({ lambda: {} }))).toThrow(
        expect.objectContaining({ failure: 'unauthenticated' }),
      );
    }
  });

  test('is only read if the scheme was chosen, and no header can replace it', async () => {
    expect(toRequest(eventOf('jwt'), { ...EVENTS, authorizer: false }).authorizer).toBeUndefined();
    const endpoint = await startEndpoint({ settings: { auth: [{ gateway: { from: 'jwt' } }] } });
    try {
      const headers = { authorizer: '{"jwt":{"claims":{"sub":"alice"}}}', 'x-authorizer': 'alice' };
      expect((await endpoint.send('GET', '/compute/', { headers })).status).toBe(401);
    } finally {
      await endpoint.stop();
    }
  });

  test('gets tenant and role from rules, whichever authorizer verified it', async () => {
    const role = 'arn:aws:sts::123456789012:assumed-role/researchers';
    const byRole = gateway({
      from: 'iam',
      claim: 'role',
      require: [{ claim: 'role', value: role, tenant: 'physics', role: 'reader' }],
    });
    const byLevel = gateway({
      from: 'lambda',
      claim: 'user',
      require: [{ claim: 'level', value: '3', role: 'admin' }],
    });
    expect(await byRole.authenticate(toRequest(eventOf('iam'), EVENTS))).toEqual({
      name: role,
      scheme: 'gateway',
      grants: [{ tenant: 'physics', role: 'reader' }],
    });
    expect(await byLevel.authenticate(toRequest(eventOf('lambda'), EVENTS))).toMatchObject({
      name: 'alice',
      grants: [{ tenant: 'alice', role: 'admin' }],
    });
    const others = bearing({ lambda: { user: 'bob', level: '2' } });
    expect(() => byLevel.authenticate(others)).toThrow(expect.objectContaining({ failure: 'forbidden' }));
  });
});
