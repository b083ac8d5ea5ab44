/** What the settings say of tenants, for the role that sees all of them. */
import { type AuthSettings, settingsOf } from '../config/auth/index.ts';
import type { Role } from './principal.ts';

/** A role that the settings give, and its tenant where they name it. */
interface Given {
  readonly role: Role;
  readonly tenant?: string | undefined;
}

function givenBy(auth: AuthSettings): readonly Given[] {
  const users = settingsOf(auth, 'users').flatMap((all) =>
    Object.entries(all).map(([name, { role, tenant }]) => ({ role, tenant: tenant ?? ownOf(name, role) })),
  );
  const subjects = settingsOf(auth, 'x509').flatMap((one) =>
    Object.values(one.users).map(({ name, role, tenant }) => ({ role, tenant: tenant ?? ownOf(name, role) })),
  );
  const rules = [...settingsOf(auth, 'oidc'), ...settingsOf(auth, 'gateway')].flatMap((one) =>
    'require' in one && one.require !== undefined ? one.require : [],
  );
  // A star stands for many tenants.
  return [
    ...users,
    ...subjects,
    ...rules.filter(({ tenant }) => !tenant?.includes('*')),
    ...rules.map(({ role }) => ({ role })),
  ];
}

/** A caller is its own tenant by default; an admin has nothing there. */
const ownOf = (name: string | undefined, role: Role): string | undefined => (role === 'admin' ? undefined : name);

/** True if the settings give any caller the role admin. */
export const haveAdmin = (auth: AuthSettings): boolean => givenBy(auth).some(({ role }) => role === 'admin');

/** The tenants that the settings name. */
export const namedTenants = (auth: AuthSettings): readonly string[] => [
  ...new Set(givenBy(auth).flatMap(({ tenant }) => tenant ?? [])),
];
