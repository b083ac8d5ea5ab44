import type { OidcSettings } from '../../config/auth/oidc.ts';
import type { AuthScheme } from '../scheme.ts';

/** Not made yet. */
export const oidc = (_settings: OidcSettings): AuthScheme => {
  throw new Error('auth: oidc is not made yet');
};
