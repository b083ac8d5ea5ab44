/** The login of OpenStack's clients. It authenticates no request itself: the tokens that it hands out are those of `token`. */
import type { AuthScheme } from './scheme.ts';

/**
 * The challenge that sends clients to a Keystone. One client matches the whole header with a regular expression, another splits it at `=`: nothing may follow, and the
 * URI has no version (CLIENT-7).
 */
export const keystoneChallenge = (uri: string): string =>
  `Keystone uri='${uri.replaceAll("'", '%27').replaceAll('=', '%3D')}'`;

export const keystone: AuthScheme = {
  name: 'keystone',
  challenge: keystoneChallenge,
  challengesAlone: true,
  authenticate: () => undefined,
};
