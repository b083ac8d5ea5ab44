/** Logins at Keystone: what a caller brings, proved there, and exchanged for a token of a project if it is for none. */
import { OcciError } from '../../../lib/errors.ts';
import { Refusal } from '../api/refusal.ts';
import type { OpenStackSettings } from '../config.ts';
import type { Project } from './answers.ts';
import { servicesOf } from './endpoints.ts';
import type { Issued, Keystone } from './keystone.ts';
import { type Login, notValid } from './login.ts';
import { noting } from './misfits.ts';
import type { Session } from './session.ts';

/**
 * Statuses by which Keystone refuses what a caller brings: 404 for a token that it cannot read and for a deleted
 * application credential, 403 for an assertion of a stranger and for a token that may not be exchanged, 400 for a name
 * that cannot be.
 */
const REFUSING: readonly number[] = [400, 401, 403, 404];

const isRefused = (error: unknown): error is Refusal => error instanceof Refusal && REFUSING.includes(error.status);

/** How many projects an answer names. */
const MAX_NAMED = 20;

const named = (projects: readonly Project[]): string => {
  const some = projects.slice(0, MAX_NAMED).map(({ id, name }) => `${name.replace(/\p{Cc}/gu, ' ')} (${id})`);
  return [...some, ...(projects.length > MAX_NAMED ? [`and ${projects.length - MAX_NAMED} more`] : [])].join(', ');
};

const HOW = 'send a token of one of them, or as the user user/project or user@domain/project';

/** The project that a login is for. Throws `unauthenticated` that names the projects, unless there is one alone. */
function chosen(projects: readonly Project[], wanted: string | undefined): Project {
  const fitting = wanted === undefined ? projects : projects.filter(({ id, name }) => id === wanted || name === wanted);
  const [only] = fitting;
  if (only && fitting.length === 1) return only;
  if (projects.length === 0) throw new OcciError('unauthenticated', 'The user has no role in any project.');
  const why = wanted === undefined ? 'The login is for no project' : 'The login is for no single project of the user';
  throw new OcciError('unauthenticated', `${why}: ${HOW}: ${named(projects)}.`);
}

/**
 * Keystone works out roles that come from groups by several reads: while roles of anybody change, a federated user may seem
 * to have none (seen with 2026.2, one answer in fifteen). So what says this is asked again.
 */
const MOST_LOOKS = 3;

async function projectsOf(keystone: Keystone, text: string): Promise<readonly Project[]> {
  for (let look = 1; ; look++) {
    const projects = await keystone.projectsOf(text);
    if (projects.length > 0 || look === MOST_LOOKS) return projects;
  }
}

/** A token for a project that Keystone has just listed. */
async function forProject(keystone: Keystone, text: string, projectId: string): Promise<Issued> {
  for (let look = 1; ; look++) {
    try {
      return await keystone.forProject(text, projectId);
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 401) || look === MOST_LOOKS) throw error;
    }
  }
}

/** Tries each reading of a user name. A name that is refused as one user may be another's. */
async function withPassword(
  keystone: Keystone,
  { users, password }: Pick<Extract<Login, { by: 'password' }>, 'users' | 'password'>,
  scope?: 'unscoped',
): Promise<Issued> {
  const [first, ...others] = users;
  let attempt = keystone.withPassword(first, password, scope);
  for (const user of others) {
    attempt = attempt.catch((error: unknown) => {
      if (isRefused(error)) return keystone.withPassword(user, password, scope);
      throw error;
    });
  }
  return await attempt;
}

async function issuedFor(keystone: Keystone, login: Login): Promise<Issued> {
  switch (login.by) {
    case 'password':
      return await withPassword(keystone, login, login.project === undefined ? undefined : 'unscoped');
    case 'applicationCredential':
      return await keystone.withApplicationCredential(login.id, login.secret);
    case 'token':
      return await keystone.show(login.text);
    case 'bearer':
      return await keystone.federated(login.text).catch((error: unknown) => {
        // An assertion that is not taken is 401 or 403.
        if (!(error instanceof Refusal) || error.status !== 404) throw error;
        throw new OcciError('internal', 'The cloud does not know the identity provider that the provider has set.', {
          cause: error,
        });
      });
  }
}

/** Runs calls with what a caller brings. Throws `unauthenticated` in the same words for all that Keystone refuses. */
async function proving<T>(calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw isRefused(error) ? notValid(error) : error;
  }
}

/** The session of a login: 1 call to Keystone, or 3 where a project has to be found. */
export async function logIn(keystone: Keystone, login: Login, settings: OpenStackSettings): Promise<Session> {
  const { text, token, project } = await proving(async () => {
    const first = await issuedFor(keystone, login);
    if (first.token.project) return { ...first, project: first.token.project };
    const wanted = login.by === 'password' ? login.project : undefined;
    const project = chosen(await projectsOf(keystone, first.text), wanted);
    return { ...(await forProject(keystone, first.text, project.id)), project };
  });
  return {
    token: text,
    userId: token.user.id,
    userName: token.user.name,
    projectId: project.id,
    roles: token.roles.map(({ name }) => name),
    isLimited: token.application_credential?.access_rules != null,
    expires: Date.parse(token.expires_at),
    ...noting(settings, () => servicesOf(token.catalog, settings, project.id)),
  };
}

/** The id of the user of a login: 1 call. */
export async function userOf(keystone: Keystone, login: Login): Promise<string> {
  const { token } = await proving(async () =>
    login.by === 'password' ? await withPassword(keystone, login, 'unscoped') : await issuedFor(keystone, login),
  );
  return token.user.id;
}
