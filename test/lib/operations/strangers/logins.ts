/** How the people of the walk log in, by auth scheme: a new scheme does not compile without its row. */
import type { AdapterName } from '../../../../adapters/index.ts';
import type { SchemeName } from '../../../../lib/config/auth/names.ts';
import type { Answered, Asked } from './worlds.ts';

/** What a request has of its caller: header fields, and what the gateway adds to the event. */
export interface Credentials {
  readonly headers?: Readonly<Record<string, string>>;
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface Login {
  /** The setting `auth`. */
  readonly auth: readonly unknown[];
  /** Logs somebody in; `send` sends requests with other credentials. */
  credentialsOf(name: string, send: (asked: Asked) => Promise<Answered>): Promise<Credentials>;
  stop?(): void | Promise<void>;
}

const NAMES = ['alice', 'mallory'] as const;

const basic = (name: string) => ({ authorization: `Basic ${Buffer.from(`${name}:password`).toString('base64')}` });

async function users(): Promise<readonly unknown[]> {
  const { hashOf } = await import('../../../../lib/auth/password.ts');
  const { phcOf } = await import('../../../../lib/config/auth/password-hash.ts');
  const password = phcOf(await hashOf('password', { ln: 14, r: 8, p: 1 }));
  return [{ users: Object.fromEntries(NAMES.map((name) => [name, { password }])) }];
}

/** What proves those who ask for a token. In front of OpenNebula they have its passwords, and tokens are its own. */
const withTokens = async (cloud: AdapterName) => [
  ...(cloud === 'opennebula' ? ['basic'] : await users()),
  { token: { key: 'k'.repeat(32) } },
];

const succeeded = (answered: Answered): Answered => {
  if (answered.statusCode !== 201) throw new Error(`a login was refused: ${answered.body}`);
  return answered;
};

export const LOGINS: { readonly [S in SchemeName]: ((cloud: AdapterName) => Promise<Login>) | string } = {
  anonymous: 'everybody is the same caller',
  'cloud-token': async () => ({
    auth: ['cloud-token'],
    /** As clients do that follow the challenge. */
    async credentialsOf(name, send) {
      const { headers: answered } = await send({ method: 'GET', path: '/-/' });
      const [, uri] = /^Keystone uri='([^']+)'$/.exec(answered['WWW-Authenticate'] ?? '') ?? [];
      const user = { name, domain: { id: 'default' }, password: 'password' };
      const response = await fetch(`${uri}/v3/auth/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          auth: { identity: { methods: ['password'], password: { user } }, scope: 'unscoped' },
        }),
      });
      return { headers: { 'x-auth-token': response.headers.get('x-subject-token')! } };
    },
  }),
  basic: async () => ({ auth: ['basic'], credentialsOf: async (name) => ({ headers: basic(name) }) }),
  users: async () => ({ auth: await users(), credentialsOf: async (name) => ({ headers: basic(name) }) }),
  token: async (cloud) => ({
    auth: await withTokens(cloud),
    async credentialsOf(name, send) {
      const headers = { ...basic(name), accept: 'text/plain' };
      const { body } = succeeded(await send({ method: 'POST', path: '/.well-known/tokens', headers }));
      return { headers: { authorization: `Bearer ${body.trim()}` } };
    },
  }),
  keystone: async (cloud) => ({
    auth: ['keystone', ...(await withTokens(cloud))],
    async credentialsOf(name, send) {
      const user = { name, domain: { id: 'default' }, password: 'password' };
      const body = JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } } } });
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const { headers: answered } = succeeded(await send({ method: 'POST', path: '/v3/auth/tokens', headers, body }));
      return { headers: { 'x-auth-token': answered['X-Subject-Token']! } };
    },
  }),
  async oidc() {
    const { AUDIENCE, OwnIssuer, signingKey } = await import('../../auth/oidc/own-issuer.ts');
    const key = await signingKey('ES256', 'one');
    const issuer = await OwnIssuer.start([key]);
    const tokens = new Map<string, string>();
    for (const name of NAMES) tokens.set(name, await issuer.token(key, { sub: name, exp: 4_000_000_000 }));
    return {
      auth: [{ oidc: { issuer: issuer.url, audience: AUDIENCE, everybody: true } }],
      credentialsOf: async (name) => ({ headers: { authorization: `Bearer ${tokens.get(name)}` } }),
      stop: () => issuer.stop(),
    };
  },
  async x509() {
    const { Certificates, PERSON } = await import('../../../certificates.ts');
    const certificates = new Certificates();
    const pems = new Map(
      NAMES.map((name) => [
        name as string,
        certificates.issue({ subject: `/O=Grid/CN=${name}`, extensions: PERSON }).pem,
      ]),
    );
    return {
      auth: [{ x509: { users: Object.fromEntries(NAMES.map((name) => [`/O=Grid/CN=${name}`, { name }])) } }],
      credentialsOf: async (name) => ({
        context: { authentication: { clientCert: { clientCertPem: pems.get(name) } } },
      }),
      stop: () => certificates.remove(),
    };
  },
  gateway: async () => ({
    auth: [{ gateway: { from: 'jwt', everybody: true } }],
    credentialsOf: async (name) => ({ context: { authorizer: { jwt: { claims: { sub: name }, scopes: null } } } }),
  }),
};
