/**
 * Hashes of passwords by scrypt (RFC 7914), in the form of PHC strings
 * (https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md): `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`, with salt
 * and hash in base64 without padding. Nothing is computed here.
 */

/** The costs of a hash: scrypt's `N` is 2 to the power of `ln`. */
export interface HashCosts {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

export interface PasswordHash extends HashCosts {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43,86})$/;

/** The least work, N·r·p: what RFC 7914 §2 had for logins in 2009. Less can be guessed too fast. */
const MIN_WORK = 2 ** 14 * 8;
/** The most work: about a second of a whole core. */
const MAX_WORK = 2 ** 18 * 8;
/** The most memory, 128·N·r bytes: two such hashes fit a function's memory beside everything else. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The memory that a hash with these costs needs, in bytes. */
export const bytesFor = ({ ln, r }: HashCosts): number => 128 * 2 ** ln * r;

/** The bytes of base64 without padding; undefined where another text stands for the same bytes. */
function bytesIn(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === text ? bytes : undefined;
}

/** The parts of a hash; undefined for a text of another form. */
export function passwordHashFrom(text: string): PasswordHash | undefined {
  const [, ln, r, p, salt = '', hash = ''] = FORM.exec(text) ?? [];
  const [saltBytes, hashBytes] = [bytesIn(salt), bytesIn(hash)];
  if (ln === undefined || !saltBytes || !hashBytes) return undefined;
  return { ln: Number(ln), r: Number(r), p: Number(p), salt: saltBytes, hash: hashBytes };
}

/** The text of a hash. */
export function phcOf({ ln, r, p, salt, hash }: PasswordHash): string {
  const [saltText, hashText] = [salt, hash].map((bytes) => bytes.toString('base64').replace(/=+$/, ''));
  return `$scrypt$ln=${ln},r=${r},p=${p}$${saltText}$${hashText}`;
}

/** True for costs that an attacker feels and the endpoint can afford at each login. */
export function areSound(costs: HashCosts): boolean {
  const { ln, r, p } = costs;
  const work = 2 ** ln * r * p;
  return r > 0 && p > 0 && work >= MIN_WORK && work <= MAX_WORK && bytesFor(costs) <= MAX_BYTES;
}
