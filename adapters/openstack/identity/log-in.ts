/** Logins at Keystone: what a caller brings, exchanged for a token of a project. */
import type { Caller } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Calls } from '../api/calls.ts';
import { path } from '../api/path.ts';
import type { OpenStackSettings } from '../config.ts';
import { type KeystoneToken, projectsAnswer, tokenAnswer } from './answers.ts';
import { endpointsOf } from './endpoints.ts';
import type { Session } from './session.ts';

interface Scoped {
  readonly token: KeystoneToken;
  readonly text: string;
}

/** The session of a caller with user and password. Throws `unauthenticated`. */
export async function logIn(calls: Calls, settings: OpenStackSettings, { credentials = '' }: Caller): Promise<Session> {
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(credentials) ?? [];
  const [, name = user, domain = settings.userDomain] = /^(.+)@([^@]+)$/.exec(user) ?? [];
  const post = async (auth: object): Promise<Scoped> => {
    const { value, headers } = await calls({
      service: 'identity',
      method: 'POST',
      base: settings.endpoint,
      path: path`auth/tokens`,
      shape: tokenAnswer,
      body: { auth },
      repeatable: true,
    });
    return { token: value.token, text: headers['x-subject-token'] ?? '' };
  };
  const identity = { methods: ['password'], password: { user: { name, domain: { name: domain }, password } } };
  const first = await post({ identity });
  const scoped = first.token.project ? first : await rescoped(first);
  const { token } = scoped;
  return {
    token: scoped.text,
    userId: token.user.id,
    userName: token.user.name,
    projectId: token.project!.id,
    roles: token.roles.map((role) => role.name),
    expires: Date.parse(token.expires_at),
    endpoints: endpointsOf(token, settings),
  };

  async function rescoped({ text }: Scoped): Promise<Scoped> {
    const { value } = await calls({
      service: 'identity',
      method: 'GET',
      base: settings.endpoint,
      path: path`auth/projects`,
      shape: projectsAnswer,
      headers: { 'x-auth-token': text },
    });
    const [only, ...others] = value.projects;
    if (!only || others.length > 0) throw new OcciError('unauthenticated', 'The login is for no single project.');
    return post({ identity: { methods: ['token'], token: { id: text } }, scope: { project: { id: only.id } } });
  }
}
