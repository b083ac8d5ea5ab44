/** Passwords against their hashes. The work is done off the main thread, and a process does little of it at once. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { bytesFor, type HashCosts, type PasswordHash } from '../config/auth/password-hash.ts';
import { OcciError } from '../errors.ts';

/** Longer passwords are refused, in UTF-8. */
export const MAX_PASSWORD_BYTES = 1024;

/** The costs of new hashes: 32 MiB, a tenth of a second of one core. */
const COSTS: HashCosts = { ln: 15, r: 8, p: 1 };

/** Verifications at the same time: each needs up to 64 MiB and one of Node's four threads for such work. */
const MAX_RUNNING = 2;
const MAX_WAITING = 16;

let running = 0;
const waiting: (() => void)[] = [];

/** Runs `work` once fewer than two others run. Throws `unavailable` if too many wait already. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < MAX_RUNNING) running += 1;
  else if (waiting.length >= MAX_WAITING) {
    const headers = { 'Retry-After': '2' };
    throw new OcciError('unavailable', 'Too many callers are logging in at present; try again later.', { headers });
  } else await new Promise<void>((admit) => waiting.push(admit));
  try {
    return await work();
  } finally {
    // The place goes to the next one, so that no later request overtakes it.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** Unicode has several spellings of one text, and clients differ in the one that they send (RFC 8265 §4.2.2). */
const spelled = (password: string): string => password.normalize('NFC');

const derived = (password: string, salt: Buffer, length: number, costs: HashCosts): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const { ln, r, p } = costs;
    // Node's own limit is 32 MiB, which this needs and a little more.
    const options = { N: 2 ** ln, r, p, maxmem: 2 * bytesFor(costs) };
    scrypt(spelled(password), salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });

/** The hash of a new password, with a salt of its own. */
export async function hashOf(password: string, costs: HashCosts = COSTS): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { ...costs, salt, hash: await derived(password, salt, 32, costs) };
}

/**
 * Whether a password has this hash; it takes as long if not. Throws `unavailable` if too many verifications wait already.
 */
export async function matches(password: string, { salt, hash, ...costs }: PasswordHash): Promise<boolean> {
  const isTooLong = Buffer.byteLength(password) > MAX_PASSWORD_BYTES;
  const key = await inTurn(() => derived(isTooLong ? '' : password, salt, hash.length, costs));
  return timingSafeEqual(key, hash) && !isTooLong;
}
