/**
 * Session string of a service account (driver `server_cipher`) that acts as a user:
 * `serviceUser:user:base64(AES-256-CBC("serviceUser:user:expiry"))` (OpenNebula, "Server authentication").
 */
import { createCipheriv, createHash } from 'node:crypto';

/**
 * How key and IV are made of the service account's password.
 * - `sha256`: key = first 32 characters of its SHA-256 in hex, IV = first 16 of the key. Recorded on 6.10.
 * - `sha256-zero-iv`: the same key, IV of zeros. 5.10 to about 6.0; from the sources, untested.
 * - `sha1-zero-iv`: key = first 32 of the 40 characters of its SHA-1 in hex, IV of zeros. Up to 5.8; from the sources,
 *   untested.
 */
export const ERAS = ['sha256', 'sha256-zero-iv', 'sha1-zero-iv'] as const;
type Era = (typeof ERAS)[number];

/** The name of a user as oned takes it: without blanks, and without the colon that parts a session string. */
export const USER_NAME = /^[^\s:]{1,256}$/;

interface ServiceAccount {
  readonly user: string;
  readonly password: string;
  readonly era: Era;
}

const ZERO_IV = Buffer.alloc(16);

const keyAndIv = ({ password, era }: ServiceAccount): { readonly key: string; readonly iv: string | Buffer } => {
  const digest = era === 'sha1-zero-iv' ? 'sha1' : 'sha256';
  const key = createHash(digest).update(password, 'utf8').digest('hex').slice(0, 32);
  return { key, iv: era === 'sha256' ? key.slice(0, 16) : ZERO_IV };
};

/** The session string of `account` acting as `user`, good until `expiry` (seconds since the epoch). */
export function serviceSession(account: ServiceAccount, user: string, expiry: number): string {
  const { key, iv } = keyAndIv(account);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const token = cipher.update(`${account.user}:${user}:${expiry}`, 'utf8', 'base64') + cipher.final('base64');
  return `${account.user}:${user}:${token}`;
}
