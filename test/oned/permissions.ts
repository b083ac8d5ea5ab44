import { NAMED, type PoolObject } from './pool-object.ts';
import { notAuthorized } from './refusal.ts';
import type { Caller } from './session.ts';
import type { Site } from './site.ts';

export type Right = 'USE' | 'MANAGE' | 'ADMIN';
const BIT = { USE: 0, MANAGE: 1, ADMIN: 2 } as const;

/** Every group is in the default VDC: its members use the networks and datastores of this cluster. */
const VDC_CLUSTER = 0;

const byRule = (who: Caller, right: Right, object: PoolObject): boolean =>
  right === 'USE' &&
  (object.kind === 'network' || object.kind === 'datastore') &&
  !object.reserved &&
  who.groups.size > 0 &&
  object.clusters.includes(VDC_CLUSTER);

/**
 * Groups made by `one.group.allocate` cannot create anything until an ACL rule is added for them (`site.creators`).
 * @throws {Refusal} 512: `Not authorized to perform CREATE TEMPLATE.`
 */
export const authorizeCreate = (site: Site, who: Caller, what: string): void => {
  if (who.admin || [...who.groups].some((group) => site.creators.has(group))) return;
  throw notAuthorized(who.uid, `Not authorized to perform CREATE ${what}.`);
};

/** Permission bits and the rules that a fresh installation has; a lock is not looked at. */
export const may = (who: Caller, right: Right, object: PoolObject): boolean => {
  if (who.admin) return true;
  const bit = BIT[right];
  if (object.kind === 'user') return object.id === who.uid && right !== 'ADMIN';
  if (object.kind === 'group') return right === 'USE' && who.groups.has(object.id);
  if (object.kind === 'cluster' || object.kind === 'host') return false;
  if (object.uid === who.uid && object.permissions[bit] === 1) return true;
  if (who.groups.has(object.gid) && object.permissions[3 + bit] === 1) return true;
  return object.permissions[6 + bit] === 1 || byRule(who, right, object);
};

/** @throws {Refusal} 512, for a lock as well: a locked object gives no code of its own (measured on 6.10) */
export const authorize = (who: Caller, right: Right, object: PoolObject, lock: 'heeds' | 'ignores' = 'heeds'): void => {
  const locked = lock === 'heeds' && object.lock && BIT[right] + 1 >= object.lock.level && !who.admin;
  if (may(who, right, object) && !locked) return;
  throw notAuthorized(who.uid, `Not authorized to perform ${right} ${NAMED[object.kind].right} [${object.id}].`);
};

/** What a pool shows: −4 primary group (whatever the permissions say), −3 mine, −2 all I may use, −1 mine and my groups'. */
export const shown = (who: Caller, filter: number, object: PoolObject): boolean => {
  if (filter === -4) return object.gid === who.gid || who.admin;
  if (filter === -3) return object.uid === who.uid;
  if (filter >= 0) return object.uid === filter && may(who, 'USE', object);
  if (filter === -1) return (object.uid === who.uid || who.groups.has(object.gid)) && may(who, 'USE', object);
  return may(who, 'USE', object);
};
