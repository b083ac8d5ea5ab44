import type { UsersSettings } from '../config/auth/users.ts';
import type { AuthScheme } from './scheme.ts';

/** Not made yet. */
export const users = (_settings: UsersSettings): AuthScheme => {
  throw new Error('auth: users is not made yet');
};
