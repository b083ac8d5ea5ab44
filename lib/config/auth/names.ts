/** The auth schemes there are, in the order of the documentation. */
export const SCHEME_NAMES = [
  'basic',
  'users',
  'token',
  'oidc',
  'keystone',
  'cloud-token',
  'x509',
  'gateway',
  'anonymous',
] as const;
export type SchemeName = (typeof SCHEME_NAMES)[number];

/** Schemes that need no settings. */
export const PLAIN_SCHEMES = ['basic', 'keystone', 'cloud-token', 'anonymous'] as const satisfies readonly SchemeName[];
export type PlainScheme = (typeof PLAIN_SCHEMES)[number];
