/** How callers are authenticated: the setting `auth`. */
import * as z from 'zod';
import { gateway } from './gateway.ts';
import type { SchemeName } from './names.ts';
import { oidc } from './oidc.ts';
import { token } from './token.ts';
import { users } from './users.ts';
import { x509 } from './x509.ts';

/** Schemes that need no settings. */
const PLAIN = ['basic', 'keystone', 'anonymous'] as const satisfies readonly SchemeName[];
export type PlainScheme = (typeof PLAIN)[number];

const CONFIGURED = {
  users: users.describe('Users with a password, whose hashes stand here. They log in with HTTP Basic.'),
  token: token.describe('Revocable tokens that users make for themselves at `/.well-known/tokens`.'),
  oidc: oidc.describe('Bearer tokens of an OpenID provider, which the functions verify.'),
  x509: x509.describe('Client certificates that were verified when the connection was made.'),
  gateway: gateway.describe('Trusts the caller that an authorizer of the HTTP API has proved. It stands alone.'),
} as const satisfies { readonly [S in Exclude<SchemeName, PlainScheme>]: z.ZodType };

const optional = {
  users: CONFIGURED.users.optional(),
  token: CONFIGURED.token.optional(),
  oidc: CONFIGURED.oidc.optional(),
  x509: CONFIGURED.x509.optional(),
  gateway: CONFIGURED.gateway.optional(),
} as const satisfies { readonly [S in keyof typeof CONFIGURED]: z.ZodType };

const hasOne = (given: object): boolean => Object.values(given).filter((one) => one !== undefined).length === 1;

const entry = z.union(
  [z.enum(PLAIN), z.strictObject(optional).refine(hasOne, `must hold one scheme: ${Object.keys(optional).join(', ')}`)],
  { error: `must be ${PLAIN.join(', ')} or a map such as { oidc: … }; maps: ${Object.keys(optional).join(', ')}` },
);

export type AuthEntry = z.infer<typeof entry>;

export const auth = z
  .array(entry)
  .min(1)
  .refine((schemes) => new Set(schemes.map((one) => JSON.stringify(one))).size === schemes.length, {
    error: 'must name each scheme once',
  })
  .describe(
    'How callers are authenticated; schemes are tried in this order. `basic` passes user and password to the cloud, ' +
      'which checks them; `keystone` is the login of OpenStack clients, and hands out tokens; `anonymous` is for ' +
      '`npm start` only. The others have settings.',
  );

export type AuthSettings = z.infer<typeof auth>;

/** The schemes in settings that may be wrong elsewhere; undefined when they are wrong themselves. */
export const authIn = (input: { readonly auth?: unknown }): AuthSettings | undefined => auth.safeParse(input.auth).data;

/** The name of the scheme of an entry. */
export const schemeNameOf = (entry: AuthEntry): SchemeName =>
  typeof entry === 'string'
    ? entry
    : (Object.keys(entry).find((key) => entry[key as keyof typeof entry] !== undefined) as SchemeName);

/** The settings of each entry of a scheme, in order. */
export const settingsOf = <S extends keyof typeof CONFIGURED>(entries: AuthSettings, scheme: S) =>
  entries.flatMap((entry) => {
    const given = typeof entry === 'string' ? undefined : entry[scheme];
    return given === undefined ? [] : [given as NonNullable<typeof given>];
  });
