/** The login of OpenStack's clients. It authenticates no request itself: the tokens that it hands out are those of `token`. */
import type { AuthScheme } from './scheme.ts';

/**
 * One client matches the whole header with a regular expression, another splits it at `=`: nothing may follow, and the
 * URI has no version (CLIENT-7).
 */
export const keystone: AuthScheme = {
  name: 'keystone',
  challenge: (origin) => `Keystone uri='${origin}'`,
  challengesAlone: true,
  authenticate: () => undefined,
};
