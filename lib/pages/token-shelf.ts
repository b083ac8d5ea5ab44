/** The tokens of one caller: in our store, or in a cloud that checks its users itself. */
import type { Login, Logins } from '../adapter/logins.ts';
import type { Grant, Principal } from '../auth/principal.ts';
import { cloudTokenOf } from '../auth/token/cloud-token.ts';
import type { TokenStore } from '../auth/token/store.ts';
import type { Token } from '../auth/token/token.ts';
import { OcciError } from '../errors.ts';
import type { AskedToken } from './token-request.ts';

/** A token as its owner sees it. */
export interface ShownToken {
  readonly id: string;
  readonly label?: string;
  /** Times as ISO 8601 in UTC. */
  readonly created?: string;
  /** Absent for a token that never ends, which only a cloud has. */
  readonly expires?: string;
  readonly readOnly?: boolean;
  readonly kinds?: readonly string[];
  readonly tenants?: readonly Grant[];
  readonly group?: string;
  /** Made by a login of a client. */
  readonly login?: true;
}

export interface TokenShelf {
  list(): Promise<readonly ShownToken[]>;
  /** Makes a token; `text` is shown this once. */
  create(asked: AskedToken, longestSeconds: number): Promise<{ readonly text: string; readonly shown: ShownToken }>;
  /** Throws `notFound`. */
  revoke(id: string): Promise<void>;
  revokeAll(): Promise<void>;
}

const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

const shownToken = ({ id, label, created, expires, scope, grants, isLogin }: Token): ShownToken => ({
  id,
  ...(label !== undefined && { label }),
  created: timeOf(created),
  expires: timeOf(expires),
  readOnly: scope?.readOnly ?? false,
  ...(scope?.kinds && { kinds: scope.kinds }),
  tenants: grants,
  ...(isLogin && { login: true as const }),
});

/** The grant for a tenant that a caller named. Whether the tenant exists is not said. */
function grantFor({ grants }: Principal, tenant: string | undefined): Grant {
  const grant = tenant === undefined ? grants[0] : grants.find((one) => one.tenant === tenant);
  if (grant) return grant;
  throw new OcciError('forbidden', `You are not in this tenant; yours: ${grants.map((one) => one.tenant).join(', ')}.`);
}

/** The tokens of a caller in our store. */
export const ownShelf = (tokens: TokenStore, caller: Principal): TokenShelf => ({
  list: async () => (await tokens.list(caller.name)).map(shownToken),
  async create({ label, scope, tenant, group, seconds }, longestSeconds) {
    if (group !== undefined)
      throw new OcciError('invalid', 'The tokens of this endpoint have no group: name a tenant.');
    const grants = [grantFor(caller, tenant)] as const;
    const { text, token } = await tokens.issue(caller, { grants, seconds: seconds ?? longestSeconds, scope, label });
    return { text, shown: shownToken(token) };
  },
  revoke: (id) => tokens.revoke(caller.name, id),
  revokeAll: () => tokens.revokeAll(caller.name),
});

const shownLogin = ({ id, expires, group }: Login): ShownToken => ({
  id,
  ...(expires !== undefined && { expires: timeOf(expires) }),
  ...(group !== undefined && { group }),
});

/** Throws `invalid` for what the cloud's own tokens do not have. */
function refuseOurs({ label, scope, tenant }: AskedToken): void {
  const refused = { label, 'readOnly and kinds': scope, tenant };
  const name = Object.entries(refused).find(([, value]) => value !== undefined)?.[0];
  if (name === undefined) return;
  throw new OcciError(
    'invalid',
    `Your tokens are those of the cloud, which have no ${name}: send days or expires, and group.`,
  );
}

/** The login tokens of a caller that the cloud keeps. */
export const cloudShelf = (logins: Logins): TokenShelf => ({
  list: async () => (await logins.list()).map(shownLogin),
  async create(asked, longestSeconds) {
    refuseOurs(asked);
    const { credentials, ...login } = await logins.create({
      seconds: asked.seconds ?? longestSeconds,
      group: asked.group,
    });
    return { text: cloudTokenOf(credentials), shown: shownLogin(login) };
  },
  revoke: (id) => logins.revoke(id),
  async revokeAll() {
    for (const { id } of await logins.list()) await logins.revoke(id);
  },
});
