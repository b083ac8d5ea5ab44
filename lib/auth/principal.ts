/** Who asks, as an auth scheme has proved it, and what this caller may do. */
import type { OwnCredentials } from '../adapter/cloud-login.ts';
import type { SchemeName } from '../config/auth/names.ts';
import type { KindTerm } from '../occi/kinds/index.ts';

/**
 * What a caller may do in a tenant: `reader` only reads, `member` also creates, changes and deletes, `admin` reads what
 * all tenants of the site have and changes nothing.
 */
export const ROLES = ['reader', 'member', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A tenant in whose name a caller may act. */
export interface Grant {
  readonly tenant: string;
  readonly role: Role;
}

/** What a token permits, where that is less than what its user may do. */
export interface Scope {
  readonly readOnly?: boolean;
  /** The kinds of entities that it may name; absent for all. */
  readonly kinds?: readonly KindTerm[];
}

/** Who asks. Credentials of its own are for a cloud that checks them, and go nowhere else. */
export interface Principal extends OwnCredentials {
  /** Who asks: the name in the audit. Never a credential. */
  readonly name: string;
  readonly scheme: SchemeName;
  /** The tenants of the caller. A request acts in the first one, unless its token was made for another one. */
  readonly grants: readonly [Grant, ...Grant[]];
  readonly scope?: Scope;
}

/** True for a caller whom only the cloud can prove: until then its name is nothing but a claim. */
export const isProvedByCloud = ({ credentials, token }: OwnCredentials): boolean =>
  credentials !== undefined || token !== undefined;

/** A principal with one tenant: by default its own, as a member. */
export const principal = (
  scheme: SchemeName,
  name: string,
  { tenant = name, role = 'member' }: { readonly tenant?: string | undefined; readonly role?: Role | undefined } = {},
): Principal => ({ name, scheme, grants: [{ tenant, role }] });

/** True if each of `some` is one of `all`. */
export const includesAll = (all: readonly Grant[], some: readonly Grant[]): boolean =>
  some.every(({ tenant, role }) => all.some((one) => one.tenant === tenant && one.role === role));
