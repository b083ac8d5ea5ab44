/** The account of a request: reached with the function's own role, or one that it assumes for the caller. */
import { createHash } from 'node:crypto';
import type { Caller } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Ec2Settings } from '../config.ts';
import { accountIn } from '../roles.ts';

/** The account of a caller, and how its resources are separated from those of other tenants. */
export interface Account {
  /**
   * Name of the tenant, safe in a key and in a tag: everything except letters, digits, `-`, `_`, `.` and `=` is
   * escaped.
   */
  readonly tenant: string;
  /** True if several tenants share the account: only resources with the tenant's tag are the tenant's. */
  readonly fenced: boolean;
  /** The role to assume; absent for the function's own. */
  readonly role?: Ec2Settings['roles'][string] & { readonly session: string };
}

/** A tag value has at most 256 characters. A longer escaped name is shortened and made unique with a digest. */
const MAX_NAME_CHARS = 200;

/** Escapes characters that have a meaning in keys and ARNs. Different names stay different. */
function safe(name: string): string {
  const escaped = [...name]
    .map((character) =>
      /[A-Za-z0-9._-]/.test(character)
        ? character
        : [...Buffer.from(character)].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''),
    )
    .join('');
  if (escaped.length <= MAX_NAME_CHARS) return escaped;
  return `${escaped.slice(0, 100)}==${createHash('sha256').update(name).digest('hex')}`;
}

/** The session name in the CloudTrail log of the other account: 2 to 64 characters. */
const sessionOf = (name: string): string => `occi-${name.replace(/[^\w+=,.@-]/g, '-')}`.slice(0, 64);

/** The tenant of a caller with a role. Escaping never turns a caller's name into a tenant name of the settings. */
const tenantOf = (name: string, { tenant }: Ec2Settings['roles'][string]): string =>
  tenant === undefined ? safe(name) : `=t=${safe(tenant)}`;

/** Accounts in which several tenants have a role. Untagged resources there belong to no tenant. */
function sharedAccounts(roles: Ec2Settings['roles']): ReadonlySet<string> {
  const tenants = new Map<string, Set<string>>();
  for (const [name, role] of Object.entries(roles)) {
    const account = accountIn(role.arn);
    tenants.set(account, (tenants.get(account) ?? new Set()).add(tenantOf(name, role)));
  }
  return new Set([...tenants].filter(([, names]) => names.size > 1).map(([account]) => account));
}

/** The single tenant of the function's own account. Escaping never turns a caller's name into it. */
const SINGLE = '=single';

/**
 * Maps each caller to its account, as the settings say. The returned function throws `unauthenticated` for a caller
 * whose credentials have not been verified, since EC2 cannot verify them, and `forbidden` for one without an account.
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
