import type { TokenSettings } from '../../config/auth/token.ts';
import type { AuthEnvironment } from '../environment.ts';
import type { AuthScheme } from '../scheme.ts';

/** Not made yet. */
export const token = (_settings: TokenSettings, _environment: AuthEnvironment): AuthScheme => {
  throw new Error('auth: token is not made yet');
};
