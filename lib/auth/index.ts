/** Authenticates callers: the schemes of the settings, made once per container. */

import type { AuthEntry, AuthSettings } from '../config/auth/index.ts';
import type { SchemeName } from '../config/auth/names.ts';
import { isFailure, OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import type { SiteTable } from '../table/partition-keys.ts';
import type { Principal } from './principal.ts';
import type { AuthScheme } from './scheme.ts';

/** What schemes are made with, besides their settings. */
export interface AuthEnvironment {
  /** Name of the adapter, and of the site: together they begin every key in the table. */
  readonly adapter: string;
  readonly site: string;
  readonly table: SiteTable;
  /** True under `npm start` and in tests. */
  readonly local: boolean;
  readonly publicUrl?: string | undefined;
}

/** The settings of an entry for one scheme. */
type Configured<S extends SchemeName> = S extends keyof Exclude<AuthEntry, string>
  ? NonNullable<Exclude<AuthEntry, string>[S]>
  : undefined;

type Maker<S extends SchemeName> = (settings: Configured<S>, environment: AuthEnvironment) => Promise<AuthScheme>;

/** Loads and makes a scheme. Each is a chunk of its own, so that a container loads only those of its settings. */
const MAKERS: { readonly [S in SchemeName]: Maker<S> } = {
  basic: async () => (await import('./basic.ts')).basic,
  users: async (settings) => (await import('./users.ts')).users(settings),
  token: async (settings, environment) => (await import('./token/scheme.ts')).token(settings, environment),
  oidc: async (settings) => (await import('./oidc/scheme.ts')).oidc(settings),
  keystone: async () => (await import('./keystone.ts')).keystone,
  x509: async (settings) => (await import('./x509.ts')).x509(settings),
  gateway: async (settings) => (await import('./gateway.ts')).gateway(settings),
  anonymous: async (_, { local, publicUrl }) => {
    if (!local) throw new Error('auth: anonymous is for local runs only');
    return (await import('./anonymous.ts')).anonymousUnder(publicUrl);
  },
};

/** The schemes in the settings, in their order. Throws an `Error` for `anonymous` outside a local run. */
export const makeSchemes = (entries: AuthSettings, environment: AuthEnvironment): Promise<readonly AuthScheme[]> =>
  Promise.all(
    entries.map((entry) => {
      const [name, settings] = typeof entry === 'string' ? [entry, undefined] : theOneOf(entry);
      return (MAKERS[name] as Maker<SchemeName>)(settings as never, environment);
    }),
  );

const theOneOf = (entry: Exclude<AuthEntry, string>) =>
  Object.entries(entry).find(([, settings]) => settings !== undefined) as [SchemeName, unknown];

/** The headers of a 401: one challenge for each scheme (RFC 9110 §15.5.2), or the one that stands alone. */
function invitation(schemes: readonly AuthScheme[], origin: string): Readonly<Record<string, string>> {
  const alone = schemes.filter((scheme) => scheme.challengesAlone);
  const challenges = (alone.length > 0 ? alone : schemes).flatMap((scheme) => scheme.challenge?.(origin) ?? []);
  return challenges.length === 0 ? {} : { 'WWW-Authenticate': challenges.join(', ') };
}

/**
 * The same error with the challenge headers added, if it says that credentials are missing or were refused. A gateway may
 * rename the header, so a challenge that stands alone is in the message too.
 */
export function invited(error: unknown, schemes: readonly AuthScheme[], origin: string): unknown {
  if (!isFailure(error, 'unauthenticated') || 'WWW-Authenticate' in error.headers) return error;
  const headers = { ...error.headers, ...invitation(schemes, origin) };
  const alone = schemes.some((scheme) => scheme.challengesAlone);
  const message = alone ? `${error.message} ${headers['WWW-Authenticate']}` : error.message;
  return new OcciError('unauthenticated', message, { cause: error.cause, headers });
}

/** Header fields that hold credentials. Only one of them may be in a request. */
const FIELDS = ['authorization', 'x-auth-token'] as const;

/** True if the request brings credentials in its header fields. */
const bringsCredentials = ({ headers }: HttpRequest): boolean =>
  FIELDS.some((field) => headers[field]?.some((value) => value !== ''));

/** Throws `invalid` for a request with two kinds of credentials, since they may disagree. */
function refuseTwo({ headers }: HttpRequest): void {
  const [authorization = [], token = []] = FIELDS.map((field) => headers[field]?.filter((value) => value !== ''));
  if (authorization.length === 0 || token.length === 0) return;
  throw new OcciError('invalid', 'The request has both Authorization and X-Auth-Token: send one of them.');
}

async function recognized(request: HttpRequest, schemes: readonly AuthScheme[]): Promise<Principal> {
  refuseTwo(request);
  const isExplicit = bringsCredentials(request);
  for (const scheme of schemes) {
    if (isExplicit && scheme.isAmbient) continue;
    const caller = await scheme.authenticate(request);
    if (caller) return caller;
  }
  throw new OcciError('unauthenticated', 'The request carries no credentials.');
}

/**
 * The caller, by the first scheme that recognizes the request's credentials. Throws `unauthenticated` with a challenge,
 * `invalid` for two kinds of credentials, and what the schemes throw.
 */
export async function authenticate(request: HttpRequest, schemes: readonly AuthScheme[]): Promise<Principal> {
  try {
    return await recognized(request, schemes);
  } catch (error) {
    throw invited(error, schemes, request.origin);
  }
}

/** True if one of the schemes reads the claims of the gateway's authorizer. */
export const readsAuthorizer = (entries: AuthSettings): boolean =>
  entries.some((one) => typeof one !== 'string' && one.gateway !== undefined);
