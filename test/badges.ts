/** An auth scheme for tests, whose credentials say what a caller may do: `Authorization: Badge alice` or `Badge alice/project/reader`. */
import { principal, ROLES, type Role } from '../lib/auth/principal.ts';
import { type AuthScheme, BAD_CREDENTIALS } from '../lib/auth/scheme.ts';
import { OcciError } from '../lib/errors.ts';

const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

/** It takes the name of a real scheme, since the names are a closed list. */
export const badges: AuthScheme = {
  name: 'users',
  challenge: () => 'Badge realm="occi"',
  authenticate({ headers }) {
    const [, badge] = /^Badge (.+)$/.exec(headers.authorization?.[0] ?? '') ?? [];
    if (badge === undefined) return undefined;
    const [name = '', tenant = name, role = 'member'] = badge.split('/');
    if (name === 'stolen' || !isRole(role)) throw new OcciError('unauthenticated', BAD_CREDENTIALS);
    return principal('users', name, { tenant, role });
  },
};

/** The header of a caller. */
export const badge = (name: string, tenant = name, role: Role = 'member') => ({
  authorization: `Badge ${name}/${tenant}/${role}`,
});
