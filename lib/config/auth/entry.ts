/** One entry of the setting `auth`: the name of a scheme, or a scheme with its settings. */
import * as z from 'zod';
import { gateway } from './gateway.ts';
import { PLAIN_SCHEMES, type PlainScheme, type SchemeName } from './names.ts';
import { oidc } from './oidc.ts';
import { token } from './token.ts';
import { users } from './users.ts';
import { x509 } from './x509.ts';

/** Made when the first entry is a map: making schemas is a good part of a start, and many settings name a scheme only. */
const CONFIGURED = {
  get users() {
    return users().describe('Users with a password, whose hashes stand here. They log in with HTTP Basic.').optional();
  },
  get token() {
    return token().describe('Revocable tokens that users make for themselves at `/.well-known/tokens`.').optional();
  },
  get oidc() {
    return oidc().describe('Bearer tokens of an OpenID provider, which the functions verify.').optional();
  },
  get x509() {
    return x509().describe('Client certificates that were verified when the connection was made.').optional();
  },
  get gateway() {
    return gateway()
      .describe('Trusts the caller that an authorizer of the HTTP API has proved. It stands alone.')
      .optional();
  },
} as const satisfies { readonly [S in Exclude<SchemeName, PlainScheme>]: z.ZodType };

const NAMES = Object.keys(CONFIGURED).join(', ');

const hasOne = (given: object): boolean => Object.values(given).filter((one) => one !== undefined).length === 1;

/** Says nothing of an entry with an unknown key, which has its own message. */
const holdsOne: z.core.CheckFn<object> = ({ value, issues }) => {
  if (issues.length > 0 || hasOne(value)) return;
  issues.push({ code: 'custom', input: value, message: `must hold one scheme: ${NAMES}` });
};

export const entry = z.union([z.enum(PLAIN_SCHEMES), z.strictObject(CONFIGURED).check(holdsOne)], {
  error: `must be ${PLAIN_SCHEMES.join(', ')} or a map such as { oidc: … }; maps: ${NAMES}`,
});

export type AuthEntry = z.infer<typeof entry>;

/** The name of the scheme of an entry. */
export const schemeNameOf = (entry: AuthEntry): SchemeName =>
  typeof entry === 'string'
    ? entry
    : (Object.keys(entry).find((key) => entry[key as keyof typeof entry] !== undefined) as SchemeName);

/** The settings of each entry of a scheme, in order. */
export const settingsOf = <S extends keyof typeof CONFIGURED>(entries: readonly AuthEntry[], scheme: S) =>
  entries.flatMap((entry) => {
    const given = typeof entry === 'string' ? undefined : entry[scheme];
    return given === undefined ? [] : [given as NonNullable<typeof given>];
  });
