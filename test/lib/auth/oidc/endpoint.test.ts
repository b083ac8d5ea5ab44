/** Whole endpoints that take bearer tokens: what a client sees. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../../endpoint.ts';
import { AUDIENCE, type Issuer, startIssuer } from '../../../issuer.ts';

const CREATE = {
  'Content-Type': 'text/occi',
  Category: 'storage; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"',
  'X-OCCI-Attribute': 'occi.core.title="data", occi.storage.size=10',
};

describe('An endpoint with an issuer', () => {
  let issuer: Issuer;
  let endpoint: Endpoint;

  beforeAll(async () => {
    issuer = await startIssuer({
      alice: { claims: { groups: ['/vo/biomed'] } },
      bob: { algorithm: 'ES256', claims: { groups: ['/vo/biomed', '/vo/cms'] } },
      carol: { claims: { groups: ['/vo/cms/admin'] } },
      guest: { claims: { groups: ['/visitors'] } },
      stranger: {},
    });
    const require = [
      { claim: 'groups', value: '/vo/*', tenant: 'vo-*' },
      { claim: 'groups', value: '/visitors', tenant: 'vo-biomed', role: 'reader' },
      { claim: 'groups', value: '/vo/cms/admin', tenant: 'vo-cms' },
    ];
    const oidc = { issuer: issuer.url, audience: AUDIENCE, prefix: 'op:', require };
    endpoint = await startEndpoint({ settings: { auth: [{ token: {} }, { oidc }] } });
  });
  afterAll(async () => {
    await endpoint.stop();
    await issuer.stop();
  });

  const as = async (client: string, method: string, path: string, headers: Readonly<Record<string, string>> = {}) =>
    endpoint.send(method, path, {
      headers: { Authorization: `Bearer ${await issuer.tokenOf(client)}`, ...headers },
    });

  test('lets a group share its entities, and shows them to nobody else', async () => {
    const made = await as('alice', 'POST', '/storage/', CREATE);
    expect(made.status).toBe(201);
    const path = new URL(made.headers.location!).pathname;
    expect((await as('bob', 'GET', path)).status).toBe(200);
    expect((await as('carol', 'GET', path)).status).toBe(404);
  });

  test('lets a reader read only', async () => {
    expect((await as('guest', 'GET', '/storage/')).status).toBe(200);
    expect((await as('guest', 'POST', '/storage/', CREATE)).status).toBe(403);
  });

  test('refuses a caller whom no rule admits, in one sentence', async () => {
    const { status, body } = await as('stranger', 'GET', '/-/');
    expect([status, body]).toEqual([403, expect.stringContaining('not admitted')]);
    expect(body).not.toMatch(/groups|vo/);
  });

  test('invites with one challenge, and says no more of a bad token', async () => {
    const nothing = await endpoint.send('GET', '/storage/');
    expect([nothing.status, nothing.headers['www-authenticate']]).toEqual([401, 'Bearer realm="occi"']);
    const cut = (await issuer.tokenOf('alice')).slice(0, -10);
    const answers = await Promise.all(
      [cut, 'occi_unknown', 'a.b.c'].map((token) =>
        endpoint.send('GET', '/storage/', { headers: { Authorization: `Bearer ${token}` } }),
      ),
    );
    for (const { status, body, headers } of answers) {
      expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer realm="occi"']);
      expect(body).toContain('The credentials are not valid.');
    }
  });

  test('reads nothing more of its table than one that knows no callers, and nothing of the issuer', async () => {
    const anonymous = await startEndpoint();
    const callsOf = async (of: Endpoint, headers: Readonly<Record<string, string>>) => {
      await of.send('GET', '/storage/', { headers });
      of.reset();
      const asked = issuer.requests.length;
      expect((await of.send('GET', '/storage/', { headers })).status).toBe(200);
      return { ...of.calls, issuer: issuer.requests.length - asked };
    };
    try {
      const headers = { Authorization: `Bearer ${await issuer.tokenOf('alice')}` };
      expect(await callsOf(endpoint, headers)).toEqual(await callsOf(anonymous, {}));
    } finally {
      await anonymous.stop();
    }
  });
});

test('An endpoint whose issuer is down answers 503 with Retry-After', async () => {
  const issuer = await startIssuer({ alice: {} });
  const token = await issuer.tokenOf('alice');
  const oidc = { issuer: issuer.url, audience: AUDIENCE, everybody: true };
  const endpoint = await startEndpoint({ settings: { auth: [{ oidc }] } });
  await issuer.stop();
  try {
    const { status, headers } = await endpoint.send('GET', '/-/', { headers: { Authorization: `Bearer ${token}` } });
    expect([status, headers['retry-after']]).toEqual([503, '10']);
    expect(headers).not.toHaveProperty('www-authenticate');
  } finally {
    await endpoint.stop();
  }
});
