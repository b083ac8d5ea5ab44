/** What a caller brings for Keystone, read without asking anybody. */
import type { OwnCredentials } from '../../../lib/adapter/cloud-login.ts';
import { BAD_CREDENTIALS } from '../../../lib/auth/scheme.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { OpenStackSettings } from '../config.ts';

/** A user as a name in Basic credentials may mean it. */
export interface UserReading {
  readonly name: string;
  readonly domain: string;
}

export type Login =
  | {
      readonly by: 'password';
      /** Tried in this order: `alice@example.org` is Alice of that domain, or a user whose name is an address. */
      readonly users: readonly [UserReading, ...UserReading[]];
      readonly password: string;
      /** Name or id of the project, where the user names one. */
      readonly project?: string;
    }
  | { readonly by: 'applicationCredential'; readonly id: string; readonly secret: string }
  | { readonly by: 'token'; readonly text: string }
  | { readonly by: 'bearer'; readonly text: string };

/** The one answer to credentials that Keystone does not take, whatever is wrong with them. */
export const notValid = (cause?: unknown): OcciError => new OcciError('unauthenticated', BAD_CREDENTIALS, { cause });

/** The answer where a login ends after the request has changed something. */
export const endedMidway = (cause: unknown): OcciError =>
  new OcciError(
    'unauthenticated',
    'The login ended in the middle of the request, which may have been carried out in part: log in again, and look before you repeat it.',
    { cause, unknownOutcome: true },
  );

/** The answer to an application credential that a service does not take for the sake of its access rules. */
export const limited = (): OcciError =>
  new OcciError(
    'forbidden',
    'The application credential has access rules, which do not allow this, or it has ended: use one without access rules.',
  );

/** Keystone makes ids of application credentials as a UUID without hyphens. */
const CREDENTIAL_ID = /^[0-9a-f]{32}$/;

/** Longer ones are refused without a call. Fernet tokens have about 250 characters, signed ones a thousand. */
const MAX_TOKEN_CHARS = 8192;
/** Keystone's limits: 255 for names, 4096 for passwords by default. */
const MAX_USER_CHARS = 800;
const MAX_PASSWORD_CHARS = 4096;

/** `user`, `user@domain`, either with `/project` behind it. The last `@` counts: names of users may have one. */
function usersIn(text: string, userDomain: string): readonly [UserReading, ...UserReading[]] {
  const whole = { name: text, domain: userDomain };
  const [, name, domain] = /^(.+)@([^@]+)$/s.exec(text) ?? [];
  return name === undefined || domain === undefined ? [whole] : [{ name, domain }, whole];
}

function basicLogin(credentials: string, userDomain: string): Login {
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(credentials) ?? [];
  if (user === '' || password === '') throw notValid();
  if (user.length > MAX_USER_CHARS || password.length > MAX_PASSWORD_CHARS) throw notValid();
  if (CREDENTIAL_ID.test(user)) return { by: 'applicationCredential', id: user, secret: password };
  const slash = user.indexOf('/');
  if (slash < 0) return { by: 'password', users: usersIn(user, userDomain), password };
  const [own, project] = [user.slice(0, slash), user.slice(slash + 1)];
  if (own === '' || project === '') throw notValid();
  return { by: 'password', users: usersIn(own, userDomain), password, project };
}

/** The login in what a caller brings. Throws `unauthenticated` for what can be none. */
export function loginIn(
  { credentials, token }: OwnCredentials,
  { userDomain, federation }: Pick<OpenStackSettings, 'userDomain' | 'federation'>,
): Login {
  if (token) {
    if (token.text.length > MAX_TOKEN_CHARS) throw notValid();
    if (token.sentAs === 'x-auth-token') return { by: 'token', text: token.text };
    if (!federation) throw notValid();
    return { by: 'bearer', text: token.text };
  }
  if (credentials === undefined) throw new OcciError('unauthenticated', 'The request carries no credentials.');
  return basicLogin(credentials, userDomain);
}

/** True for a login that gives a new token when the old one has ended. */
export const isRepeatable = ({ by }: Login): boolean => by !== 'token';
