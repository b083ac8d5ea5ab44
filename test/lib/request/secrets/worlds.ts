/** Endpoints over every cloud, with marked secrets in their settings and in what their callers know. */
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import type { AdapterName } from '../../../../adapters/index.ts';
import { hashOf } from '../../../../lib/auth/password.ts';
import { phcOf } from '../../../../lib/config/auth/password-hash.ts';
import { Certificates, PERSON } from '../../../certificates.ts';
import { startOpenNebula } from '../../../oned/index.ts';
import { startOpenStack } from '../../../openstack/index.ts';
import { AUDIENCE, OwnIssuer, signingKey } from '../../auth/oidc/own-issuer.ts';
import type { Marks } from './marks.ts';

export interface WorldOfSecrets {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Header fields with right credentials. */
  readonly callers: readonly Readonly<Record<string, string>>[];
  /** What the gateway adds to each request. */
  readonly context?: object;
  /** Alice's password, where the endpoint hands out tokens for it, also by the login of OpenStack clients. */
  readonly issuesTokensFor?: string;
  /** From now on the cloud does not answer, or refuses everything. */
  breakCloud(): Promise<void>;
  stop(): Promise<void>;
}

const basic = (marks: Marks, user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(marks.carriedBy(password, `${user}:${password}`)).toString('base64')}`,
});

/** The cheapest costs that the settings take. */
const COSTS = { ln: 14, r: 8, p: 1 };

/** Entries of `auth` for callers with a password, with what goes with it, and the header of Alice. */
async function usersAndTokens(marks: Marks, more: readonly unknown[] = []) {
  const password = marks.make('the right password');
  const hash = phcOf(await hashOf(password, COSTS));
  marks.add('the hash of the password', hash);
  return {
    auth: [
      ...more,
      { users: { alice: { password: hash } } },
      { token: { key: marks.make('the key of tokens', [], (core) => `${core}${'k'.repeat(32)}`) } },
    ],
    callers: [basic(marks, 'alice', password)],
    password,
  };
}

/** By adapter: the worlds over its cloud. */
export const WORLDS: { readonly [A in AdapterName]: readonly ((marks: Marks) => Promise<WorldOfSecrets>)[] } = {
  openstack: [
    async (marks) => {
      const cloud = await startOpenStack();
      const { people } = cloud.site;
      const alice = people.userNamed('alice')!;
      alice.password = marks.make('the password at Keystone');
      const credential = {
        id: 'a'.repeat(32),
        name: 'occi',
        secret: marks.make('the secret of an application credential'),
        userId: alice.id,
        projectId: people.projectsOf(alice.id)[0]!.id,
        roles: ['member', 'reader'],
        description: null,
        expires: null,
        unrestricted: false,
      };
      people.applicationCredentials.set(credential.id, credential);
      const token = cloud.token('alice');
      marks.add('the token of the cloud', token);
      return {
        name: 'OpenStack, with the password, an application credential or a token of the caller',
        settings: {
          adapter: {
            name: 'openstack',
            site: 'test',
            settings: { endpoint: cloud.endpoint, defaultOsTemplate: '7ee45757-09e6-46e6-9bc8-847da7c611f0' },
          },
          auth: ['basic', 'cloud-token'],
        },
        callers: [
          basic(marks, 'alice', alice.password),
          basic(marks, credential.id, credential.secret),
          { 'x-auth-token': token },
        ],
        async breakCloud() {
          // Tokens that logins got are known now.
          for (const { text } of people.tokens.values()) marks.add('a token of a login', text);
          cloud.badDays.add({ kind: 'html', status: 503 });
        },
        stop: () => cloud.close(),
      };
    },
  ],
  dummy: [
    async (marks) => {
      const { auth, callers, password } = await usersAndTokens(marks, ['keystone']);
      return {
        name: 'the embedded cloud, users, tokens and the login of OpenStack clients',
        settings: { auth },
        issuesTokensFor: password,
        callers,
        breakCloud: async () => {},
        stop: async () => {},
      };
    },
    async (marks) => {
      const key = await signingKey('ES256', 'one');
      const issuer = await OwnIssuer.start([key]);
      const token = await issuer.token(key, { exp: 4_000_000_000, nonce: marks.make('a claim of the right JWT') });
      marks.add('the right JWT', token);
      for (const part of ['payload', 'signature'] as const)
        marks.add(`the ${part} of the right JWT`, token.split('.')[part === 'payload' ? 1 : 2]!);
      return {
        name: 'the embedded cloud, JWTs of an issuer',
        settings: { auth: [{ oidc: { issuer: issuer.url, audience: AUDIENCE, everybody: true } }] },
        callers: [{ authorization: `Bearer ${token}` }],
        breakCloud: () => issuer.stop(),
        stop: () => issuer.stop(),
      };
    },
    async (marks) => {
      const certificates = new Certificates();
      const { pem } = certificates.issue({ subject: '/O=Grid/CN=alice', extensions: PERSON });
      // No secret, but the log needs the name in it only. Each line, since a text may write the ends of lines otherwise.
      for (const line of pem.split('\n').slice(1, 4)) marks.add('the client certificate', line);
      return {
        name: 'the embedded cloud, client certificates',
        settings: { auth: [{ x509: { users: { '/O=Grid/CN=alice': { name: 'alice' } } } }] },
        callers: [{}],
        context: { authentication: { clientCert: { clientCertPem: pem } } },
        breakCloud: async () => {},
        stop: async () => certificates.remove(),
      };
    },
    async (marks) => ({
      name: 'the embedded cloud, claims that the gateway has verified',
      settings: { auth: [{ gateway: { from: 'jwt', everybody: true } }] },
      callers: [{ authorization: `Bearer ${marks.make('the JWT that the gateway verified', [], (core) => core)}` }],
      context: {
        authorizer: { jwt: { claims: { sub: 'alice', nonce: marks.make('a claim at the gateway') }, scopes: null } },
      },
      breakCloud: async () => {},
      stop: async () => {},
    }),
  ],
  opennebula: [
    async (marks) => {
      const one = await startOpenNebula({ step: 1 });
      const password = marks.make('the password in the cloud');
      one.site.userNamed('alice')!.password = password;
      return {
        name: 'OpenNebula, with the session of the caller',
        settings: {
          adapter: { name: 'opennebula', site: 'test', settings: { endpoint: one.endpoint, defaultOsTemplate: 0 } },
          auth: ['basic'],
        },
        callers: [basic(marks, 'alice', password)],
        breakCloud: () => one.close(),
        stop: () => one.close().catch(() => {}),
      };
    },
    async (marks) => {
      const one = await startOpenNebula({ step: 1 });
      const password = marks.make('the password of the service account');
      one.site.userNamed('serveradmin')!.password = password;
      const { auth, callers } = await usersAndTokens(marks);
      const settings = {
        endpoint: one.endpoint,
        defaultOsTemplate: 0,
        serverCipher: { user: 'serveradmin', password },
      };
      return {
        name: 'OpenNebula, with a service account',
        settings: { adapter: { name: 'opennebula', site: 'test', settings }, auth },
        callers,
        breakCloud: async () => {
          one.site.userNamed('serveradmin')!.password = 'rotated';
        },
        stop: () => one.close(),
      };
    },
  ],
  ec2: [
    async (marks) => {
      const names = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_ACCESS_KEY_ID'] as const;
      const before = names.map((name) => [name, process.env[name]] as const);
      for (const name of names) process.env[name] = marks.make(name);
      const cloud = mockClient(EC2Client);
      cloud.onAnyCommand().resolves({});
      const { auth, callers } = await usersAndTokens(marks);
      return {
        name: 'EC2',
        settings: {
          adapter: { name: 'ec2', site: 'test', settings: { region: 'us-east-1', tenancy: 'single' } },
          auth,
        },
        callers,
        async breakCloud() {
          const refused = Object.assign(new Error('You are not authorized to perform this operation.'), {
            name: 'UnauthorizedOperation',
            $fault: 'client',
            $metadata: { httpStatusCode: 403 },
          });
          cloud.onAnyCommand().rejects(refused);
          cloud.on(DescribeInstancesCommand).rejects(refused);
        },
        async stop() {
          cloud.restore();
          for (const [name, value] of before) {
            if (value === undefined) delete process.env[name];
            else process.env[name] = value;
          }
        },
      };
    },
  ],
};
