import { createDecipheriv, createHash } from 'node:crypto';
import { CODE, Refusal } from './refusal.ts';
import type { Site } from './site.ts';
import type { User } from './users.ts';

/** Who calls, with the groups that count for this call: all, or the one that a token or a service account names. */
export interface Caller {
  readonly user: User;
  readonly uid: number;
  readonly gid: number;
  readonly groups: ReadonlySet<number>;
  readonly admin: boolean;
  /** Came by a token for one group. */
  readonly scoped: boolean;
}

const caller = (user: User, egid: number): Caller => {
  const scoped = egid >= 0;
  const gid = scoped ? egid : user.gid;
  return {
    user,
    uid: user.id,
    gid,
    groups: scoped ? new Set([egid]) : user.groups,
    admin: user.id === 0 || user.gid === 0,
    scoped,
  };
};

/** A user with all rights that it has, as oned acts for it by itself. */
export const actingAs = (user: User): Caller => caller(user, -1);

/** The plain text `server:target:expiry` of a `server_cipher` blob; undefined when the key is another. */
const decipher = (password: string, blob: string): string | undefined => {
  const key = createHash('sha256').update(password).digest('hex').slice(0, 32);
  try {
    const cipher = createDecipheriv('aes-256-cbc', key, key.slice(0, 16));
    return Buffer.concat([cipher.update(blob, 'base64'), cipher.final()]).toString();
  } catch {
    return undefined;
  }
};

const asServer = (site: Site, server: User, rest: string): Caller | undefined => {
  const parts = rest.split(':');
  const [target, egid, blob] = parts.length === 3 ? [parts[0], Number(parts[1]), parts[2]] : [parts[0], -1, parts[1]];
  const [name, forWhom, expires] = decipher(server.password, blob ?? '')?.split(':') ?? [];
  if (name !== server.name || forWhom !== target || Number(expires) < Date.now() / 1000) return undefined;
  const user = site.userNamed(target!);
  return user?.enabled ? caller(user, egid) : undefined;
};

const refusal = new Refusal(CODE.authentication, "User couldn't be authenticated, aborting call.");

/** `user:password`, `user:token`, `server:target:blob`; split at the first colon. One sentence for every failure. */
export const authenticate = (site: Site, session: string): Caller => {
  const colon = session.indexOf(':');
  const user = colon < 0 ? undefined : site.userNamed(session.slice(0, colon));
  if (!user?.enabled) throw refusal;
  const secret = session.slice(colon + 1);
  if (user.driver === 'server_cipher') {
    const as = asServer(site, user, secret);
    if (!as) throw refusal;
    return as;
  }
  if (user.driver === 'core' && user.password === secret && secret !== '') return caller(user, -1);
  const now = Date.now() / 1000;
  const login = user.tokens.find(({ token, expires }) => token === secret && (expires < 0 || expires > now));
  if (!login) throw refusal;
  return caller(user, login.egid);
};
