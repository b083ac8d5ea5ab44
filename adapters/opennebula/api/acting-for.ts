/**
 * Callers that the service account acts for. They were authenticated elsewhere, by name. oned looks up the user by that
 * name, and its database may compare more loosely than we do: MySQL ignores case, accents and trailing blanks. So the
 * name in oned's answer is compared with the requested name.
 */
import type { Caller } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { OpenNebulaSettings } from '../config.ts';
import { USER_NAME } from './server-cipher.ts';
import type { Verdict } from './verdict.ts';
import { cannotSend } from './xml-text.ts';

/** The user that every OpenNebula has, and the group whose members have the same rights. */
const ADMINISTRATOR = 0;
const ADMINISTRATORS = 0;

/** The one answer to invalid credentials, so that it does not reveal which names oned knows. */
export const notValid = (cause?: unknown): OcciError =>
  new OcciError('unauthenticated', 'The credentials are not valid for this cloud.', { cause });

const isAdministrator = ({ uid, gid, groups }: Verdict): boolean =>
  uid === ADMINISTRATOR || gid === ADMINISTRATORS || groups.includes(ADMINISTRATORS);

/**
 * Whether oned can have a user of this name. It takes neither blanks nor colons, and a colon would forge another user,
 * a group or an expiry in the session string.
 */
export const isUserName = (name: string): boolean => USER_NAME.test(name) && !cannotSend(name);

/**
 * Throws `unauthenticated`, as for a user who does not exist, unless the service account may act for this caller as the
 * user that oned has returned. A caller with credentials of its own is that user.
 */
export function requireActedFor({ serverCipher }: OpenNebulaSettings, caller: Caller, verdict: Verdict): void {
  if (caller.credentials !== undefined || serverCipher === undefined) return;
  const { name } = caller;
  if (verdict.name !== name) throw notValid(new Error('The cloud answered with a user of another name.'));
  if (name === serverCipher.user) throw notValid(new Error('The service account does not act for itself.'));
  if (isAdministrator(verdict) && !serverCipher.administrators.includes(name))
    throw notValid(new Error('The user is an administrator that serverCipher.administrators does not list.'));
}
