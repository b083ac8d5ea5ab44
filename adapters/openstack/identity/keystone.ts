/** The calls of Keystone that prove callers. https://docs.openstack.org/api-ref/identity/v3/ */
import type * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import type { CallAnswer } from '../api/call.ts';
import type { Calls } from '../api/calls.ts';
import { path } from '../api/path.ts';
import type { OpenStackSettings } from '../config.ts';
import { type KeystoneToken, type Project, projectsAnswer, tokenAnswer } from './answers.ts';
import type { UserReading } from './login.ts';

/** A token with what Keystone says of it. */
export interface Issued {
  readonly text: string;
  readonly token: KeystoneToken;
}

/** Each throws `Refusal` for what Keystone does not take, and `OcciError` where it gives no usable answer. */
export interface Keystone {
  /** By default for the user's default project, if there is one. */
  withPassword(user: UserReading, password: string, scope?: 'unscoped'): Promise<Issued>;
  withApplicationCredential(id: string, secret: string): Promise<Issued>;
  /** A token of the same user for a project, in exchange for one without. */
  forProject(text: string, projectId: string): Promise<Issued>;
  /** A token as its own owner: a member may ask for no other. */
  show(text: string): Promise<Issued>;
  /** An unscoped token for a token of an OpenID provider. */
  federated(bearer: string): Promise<Issued>;
  /** The projects in which the owner of a token has a role. */
  projectsOf(text: string): Promise<readonly Project[]>;
}

type TokenAnswer = CallAnswer<z.infer<typeof tokenAnswer>>;

function issuedIn({ value, headers }: TokenAnswer): Issued {
  const text = headers['x-subject-token'];
  if (text === undefined || !/^[\x21-\x7e]+$/.test(text)) {
    throw new OcciError('unavailable', 'The cloud gave an answer that cannot be used.', {
      cause: new Error('Keystone has told of a token and not sent it'),
      headers: { 'Retry-After': '5' },
    });
  }
  return { text, token: value.token };
}

export function keystoneAt(
  calls: Calls,
  { endpoint, federation }: Pick<OpenStackSettings, 'endpoint' | 'federation'>,
): Keystone {
  const identity = { service: 'identity', base: endpoint } as const;
  const issue = async (auth: object): Promise<Issued> =>
    issuedIn(
      await calls({
        ...identity,
        method: 'POST',
        path: path`auth/tokens`,
        shape: tokenAnswer,
        body: { auth },
        repeatable: true,
      }),
    );
  return {
    withPassword: async ({ name, domain }, password, scope) =>
      await issue({
        identity: { methods: ['password'], password: { user: { name, domain: { name: domain }, password } } },
        ...(scope !== undefined && { scope }),
      }),
    withApplicationCredential: async (id, secret) =>
      await issue({ identity: { methods: ['application_credential'], application_credential: { id, secret } } }),
    forProject: async (text, projectId) =>
      await issue({ identity: { methods: ['token'], token: { id: text } }, scope: { project: { id: projectId } } }),
    async show(text) {
      // Without the last, a token that has access rules is 404 (Identity API, `GET /v3/auth/tokens`).
      const headers = {
        'x-auth-token': text,
        'x-subject-token': text,
        'openstack-identity-access-rules': '1.0',
      };
      const { value } = await calls({
        ...identity,
        method: 'GET',
        path: path`auth/tokens`,
        shape: tokenAnswer,
        headers,
      });
      return { text, token: value.token };
    },
    async federated(bearer) {
      if (!federation) throw new Error('a bearer token before a Keystone without federation');
      const { identityProvider, protocol } = federation;
      const answer = await calls({
        ...identity,
        method: 'POST',
        path: path`OS-FEDERATION/identity_providers/${identityProvider}/protocols/${protocol}/auth`,
        shape: tokenAnswer,
        headers: { authorization: `Bearer ${bearer}` },
        repeatable: true,
      });
      return issuedIn(answer);
    },
    async projectsOf(text) {
      const headers = { 'x-auth-token': text };
      const { value } = await calls({
        ...identity,
        method: 'GET',
        path: path`auth/projects`,
        shape: projectsAnswer,
        headers,
      });
      return value.projects.filter(({ enabled }) => enabled !== false);
    },
  };
}
