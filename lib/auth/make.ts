/** Makes the schemes of the settings, once per container. */
import type { AuthEntry, AuthSettings } from '../config/auth/index.ts';
import type { SchemeName } from '../config/auth/names.ts';
import type { AuthEnvironment } from './environment.ts';
import type { AuthScheme } from './scheme.ts';

/** The settings of an entry for one scheme. */
type Configured<S extends SchemeName> = S extends keyof Exclude<AuthEntry, string>
  ? NonNullable<Exclude<AuthEntry, string>[S]>
  : undefined;

/** All schemes of the settings; not before each of them is made. */
type SchemesOf = () => readonly AuthScheme[];

type Maker<S extends SchemeName> = (
  settings: Configured<S>,
  environment: AuthEnvironment,
  all: SchemesOf,
) => Promise<AuthScheme>;

/** Loads and makes a scheme. Each is a chunk of its own, so that a container loads only those of its settings. */
const MAKERS: { readonly [S in SchemeName]: Maker<S> } = {
  basic: async () => (await import('./basic.ts')).basic,
  users: async (settings) => (await import('./users.ts')).users(settings),
  token: async (settings, environment, all) => (await import('./token/scheme.ts')).token(settings, environment, all),
  oidc: async (settings) => (await import('./oidc/scheme.ts')).oidc(settings),
  keystone: async () => (await import('./keystone.ts')).keystone,
  'cloud-token': async (_, environment) => (await import('./cloud-token.ts')).cloudToken(environment),
  x509: async (settings) => (await import('./x509.ts')).x509(settings),
  gateway: async (settings, environment) => (await import('./gateway.ts')).gateway(settings, environment),
  anonymous: async (_, { local, publicUrl }) => {
    if (!local) throw new Error('auth: anonymous is for local runs only');
    return (await import('./anonymous.ts')).anonymousUnder(publicUrl);
  },
};

/** The schemes in the settings, in their order. Throws an `Error` for `anonymous` outside a local run. */
export async function makeSchemes(entries: AuthSettings, environment: AuthEnvironment): Promise<readonly AuthScheme[]> {
  let made: readonly AuthScheme[] = [];
  made = await Promise.all(
    entries.map((entry) => {
      const [name, settings] = typeof entry === 'string' ? [entry, undefined] : theOneOf(entry);
      return (MAKERS[name] as Maker<SchemeName>)(settings as never, environment, () => made);
    }),
  );
  return made;
}

const theOneOf = (entry: Exclude<AuthEntry, string>) =>
  Object.entries(entry).find(([, settings]) => settings !== undefined) as [SchemeName, unknown];

const hasEntry = (entries: AuthSettings, scheme: keyof Exclude<AuthEntry, string>): boolean =>
  entries.some((one) => typeof one !== 'string' && one[scheme] !== undefined);

/** What the schemes read of an event besides the request. */
export const readByThem = (entries: AuthSettings) => ({
  authorizer: hasEntry(entries, 'gateway'),
  clientCertificate: hasEntry(entries, 'x509'),
});
