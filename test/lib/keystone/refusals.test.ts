/** Logins that fail: the same answer for whatever is wrong, and nothing of what was sent in it. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Endpoint, Reply } from '../../endpoint.ts';
import { jsonOf, PASSWORDS, passwordLogin, post, projectScope, startLogin, tokenLogin, tokenOf } from './served.ts';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startLogin();
});
afterAll(() => endpoint.stop());

const V3 = '/v3/auth/tokens';
const V2 = '/v2.0/tokens';
const BOB = PASSWORDS.bob;

/** All of an answer that does not change by itself. */
const shape = ({ status, headers, body }: Reply) => {
  const { date: _, 'x-request-id': __, ...rest } = headers;
  return [status, rest, body];
};

const credentials = (username: string, password: string, more = {}) => ({
  auth: { passwordCredentials: { username, password }, ...more },
});

describe('Every bad login', () => {
  const bad: Readonly<Record<string, readonly [string, object]>> = {
    'wrong password': [V3, passwordLogin('bob', 'wrong')],
    'empty user that exists elsewhere': [V3, passwordLogin('constructor', BOB)],
    'unknown user': [V3, passwordLogin('nobody', BOB)],
    'user with a colon': [V3, passwordLogin('bob:', BOB)],
    'project of another': [V3, passwordLogin('bob', BOB, projectScope('physics'))],
    'project that is none': [V3, passwordLogin('bob', BOB, projectScope('none'))],
    'another domain': [
      V3,
      {
        auth: {
          identity: { methods: ['password'], password: { user: { name: 'bob', password: BOB, domain: { id: 'x' } } } },
        },
      },
    ],
    'scope of the domain': [V3, passwordLogin('bob', BOB, { domain: { id: 'default' } })],
    'scope of the system': [V3, passwordLogin('bob', BOB, { system: { all: true } })],
    'no token': [V3, tokenLogin('none')],
    'token in the form of ours': [V3, tokenLogin(`occi_${'A'.repeat(75)}`)],
    'password with a line end': [V3, passwordLogin('bob', `${BOB}\n`)],
    'version 2.0: wrong password': [V2, credentials('bob', 'wrong')],
    'version 2.0: project of another': [V2, credentials('bob', BOB, { tenantName: 'physics' })],
    'version 2.0: no token': [V2, { auth: { token: { id: 'none' } } }],
    'version 2.0: no certificate': [V2, { auth: { voms: true } }],
  };

  test.each(Object.entries(bad))('gets the same answer: %s', async (_, [path, body]) => {
    const reference = await post(endpoint, V3, passwordLogin('bob', 'wrong'));
    expect(shape(await post(endpoint, path, body))).toEqual(shape(reference));
    expect(jsonOf(reference)).toEqual({
      error: {
        code: 401,
        message: `The credentials are not valid. Keystone uri='${endpoint.url}'`,
        title: 'Unauthorized',
      },
    });
  });
});

describe('A malformed login', () => {
  const user = { name: 'bob', password: BOB, domain: { id: 'default' } };
  const bodies: Readonly<Record<string, unknown>> = {
    'no object': [],
    'no auth': {},
    'no identity': { auth: {} },
    'no method': { auth: { identity: { methods: ['password'] } } },
    'two methods': { auth: { identity: { methods: ['password', 'token'], password: { user }, token: { id: 'x' } } } },
    'no name': { auth: { identity: { methods: ['password'], password: { user: { password: BOB } } } } },
    'no domain': { auth: { identity: { methods: ['password'], password: { user: { name: 'bob', password: BOB } } } } },
    'a number': { auth: { identity: { methods: ['password'], password: { user: { ...user, password: 5 } } } } },
    'an empty password': {
      auth: { identity: { methods: ['password'], password: { user: { ...user, password: '' } } } },
    },
    'no scope': { auth: { identity: { methods: ['password'], password: { user } }, scope: {} } },
    'two scopes': {
      auth: { identity: { methods: ['password'], password: { user } }, scope: { domain: {}, ...projectScope('x') } },
    },
  };

  test.each(Object.entries(bodies))('is 400: %s', async (_, body) => {
    const reply = await post(endpoint, V3, body);
    expect([reply.status, jsonOf(reply).error.title]).toEqual([400, 'Bad Request']);
    expect(reply.body).not.toContain(BOB);
  });

  test.each([
    ['two proofs', { ...credentials('bob', BOB).auth, voms: true }],
    ['none', {}],
    ['a proof that is false', { voms: false }],
    ['two tenants', { ...credentials('bob', BOB).auth, tenantName: 'a', tenantId: 'a' }],
  ])('is 400 in version 2.0: %s', async (_, auth) => {
    expect((await post(endpoint, V2, { auth })).status).toBe(400);
  });

  test('is 400 if it is no JSON, or says that it is none, and quotes nothing', async () => {
    const body = JSON.stringify(passwordLogin('bob', BOB));
    for (const [type, text] of [
      ['application/json', body.slice(1)],
      ['text/plain', body],
      ['application/jsonx', body],
    ] as const) {
      const reply = await endpoint.send('POST', V3, { headers: { 'Content-Type': type }, body: text });
      expect([reply.status, reply.body.includes('bob')]).toEqual([400, false]);
    }
    expect((await endpoint.send('POST', V3, { body })).status).toBe(400);
  });

  test('is 413 if it is large, be it within the limit of all requests or not', async () => {
    for (const size of [115_000, 1_100_000]) {
      const reply = await post(endpoint, V3, passwordLogin('bob', 'x'.repeat(size)));
      expect([reply.status, jsonOf(reply).error.code]).toEqual([413, 413]);
    }
  });

  test('never breaks anything, whatever it is', async () => {
    const login = fc.record(
      {
        auth: fc.record(
          {
            identity: fc.record(
              {
                methods: fc.oneof(fc.array(fc.constantFrom('password', 'token', 'mapped', '__proto__')), fc.anything()),
                password: fc.oneof(fc.record({ user: fc.anything() }), fc.anything()),
                token: fc.oneof(fc.record({ id: fc.string() }), fc.anything()),
                mapped: fc.anything(),
              },
              { requiredKeys: [] },
            ),
            scope: fc.anything(),
            voms: fc.anything(),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(login, fc.constantFrom(V2, V3), async (body, path) => {
        expect([400, 401]).toContain((await post(endpoint, path, body)).status);
      }),
      { numRuns: 60 },
    );
  });
});

describe('Elsewhere', () => {
  test('a path that leads nowhere is 404, and a method that is not there 405 with those that are', async () => {
    const replies = await Promise.all([
      endpoint.send('GET', '/v3/none'),
      endpoint.send('GET', '/v3/auth/tokens/x'),
      endpoint.send('PUT', V3),
      endpoint.send('POST', '/v2.0/tenants'),
    ]);
    expect(replies.map((reply) => [reply.status, jsonOf(reply).error.code, reply.headers.allow])).toEqual([
      [404, 404, undefined],
      [404, 404, undefined],
      [405, 405, 'POST, GET, HEAD, DELETE, OPTIONS'],
      [405, 405, 'GET, HEAD, OPTIONS'],
    ]);
  });

  test('a token that has ended is none', async () => {
    const token = tokenOf(await post(endpoint, V3, passwordLogin('bob', BOB)));
    const headers = { 'X-Auth-Token': token };
    const later = Date.now() + 3_601_000;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => later);
    try {
      const replies = [
        await endpoint.send('GET', '/v3/auth/projects', { headers }),
        await post(endpoint, V3, tokenLogin(token)),
        await endpoint.send('GET', '/-/', { headers }),
      ];
      expect(replies.map(({ status }) => status)).toEqual([401, 401, 401]);
    } finally {
      clock.mockRestore();
    }
  });
});

describe('Authorization beside X-Auth-Token', () => {
  const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const both = async (Authorization: string, more: Record<string, string> = {}) => {
    const token = tokenOf(await post(endpoint, V3, passwordLogin('alice', PASSWORDS.alice)));
    return endpoint.send('GET', '/compute/', { headers: { 'X-Auth-Token': token, Authorization, ...more } });
  };

  test('is accepted if both are of one caller', async () => {
    expect((await both(basic('alice', PASSWORDS.alice))).status).toBe(200);
  });

  test('is refused if they disagree, or one of them is bad', async () => {
    const replies = [
      await both(basic('bob', BOB)),
      await both(basic('rita', PASSWORDS.rita)),
      await both(basic('alice', 'wrong')),
      await both('Bearer of-nobody'),
      await both(basic('alice', PASSWORDS.alice), { 'X-Auth-Token': 'none' }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([400, 400, 401, 401, 401]);
  });
});
