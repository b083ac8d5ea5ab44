/** Whose account a request works in: the function's own role, or one that it assumes for the caller. */
import { createHash } from 'node:crypto';
import type { Caller } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Ec2Settings } from '../config.ts';
import { accountIn } from '../roles.ts';

/** The account of a caller, and what is theirs in it. */
export interface Account {
  /** Name of the tenant, safe in a key and in a tag: what is no letter, digit, `-`, `_`, `.` or `=` is escaped. */
  readonly tenant: string;
  /** Several tenants are in the account: only what has the tenant's tag is the tenant's. */
  readonly fenced: boolean;
  /** The role to assume; the function's own if it is absent. */
  readonly role?: Ec2Settings['roles'][string] & { readonly session: string };
}

/** Longest value of a tag is 256 characters; a name that is longer when escaped is told apart by its digest. */
const LONGEST = 200;

/** A name with everything escaped that has a meaning in keys and ARNs. Two names never become one. */
function safe(name: string): string {
  const escaped = [...name]
    .map((character) =>
      /[A-Za-z0-9._-]/.test(character)
        ? character
        : [...Buffer.from(character)].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''),
    )
    .join('');
  if (escaped.length <= LONGEST) return escaped;
  return `${escaped.slice(0, 100)}==${createHash('sha256').update(name).digest('hex')}`;
}

/** Name of the session in the trail of the other account: 2 to 64 characters. */
const sessionOf = (name: string): string => `occi-${name.replace(/[^\w+=,.@-]/g, '-')}`.slice(0, 64);

/** The tenant of a caller with a role. A tenant that the settings name is none that a caller's name is escaped to. */
const tenantOf = (name: string, { tenant }: Ec2Settings['roles'][string]): string =>
  tenant === undefined ? safe(name) : `=t=${safe(tenant)}`;

/** Accounts that more than one tenant has a role in: there, untagged things are nobody's. */
function sharedAccounts(roles: Ec2Settings['roles']): ReadonlySet<string> {
  const tenants = new Map<string, Set<string>>();
  for (const [name, role] of Object.entries(roles)) {
    const account = accountIn(role.arn);
    tenants.set(account, (tenants.get(account) ?? new Set()).add(tenantOf(name, role)));
  }
  return new Set([...tenants].filter(([, names]) => names.size > 1).map(([account]) => account));
}

/** The tenant that has a whole account through the function's own role. No caller's name is escaped to it. */
const SINGLE = '=single';

/**
 * The account of each caller, as the settings say. The function that comes back throws `unauthenticated` for a caller
 * whose credentials nobody has checked, since EC2 cannot, and `forbidden` for one that the settings leave out.
 */
export function accountsOf(settings: Ec2Settings): (caller: Caller) => Account {
  const shared = sharedAccounts(settings.roles);
  return ({ name, credentials }) => {
    if (credentials !== undefined) {
      throw new OcciError('unauthenticated', 'This cloud cannot check a user name and a password.');
    }
    const role = Object.hasOwn(settings.roles, name) ? settings.roles[name] : undefined;
    if (role) {
      return {
        tenant: tenantOf(name, role),
        fenced: shared.has(accountIn(role.arn)),
        role: { ...role, session: role.sessionName ?? sessionOf(name) },
      };
    }
    if (settings.others === 'refuse') throw new OcciError('forbidden', 'The provider has no account for you.');
    if (settings.tenancy === 'single') return { tenant: SINGLE, fenced: false };
    return { tenant: safe(name), fenced: true };
  };
}
