/** The auth schemes there are, in the order of the documentation. */
export const SCHEME_NAMES = ['basic', 'users', 'token', 'oidc', 'keystone', 'x509', 'gateway', 'anonymous'] as const;
export type SchemeName = (typeof SCHEME_NAMES)[number];
