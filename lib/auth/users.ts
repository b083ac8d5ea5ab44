/** HTTP Basic against the users of the settings. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { BoundedCache, loadOnce } from '../adapter/cache.ts';
import { type PasswordHash, passwordHashFrom } from '../config/auth/password-hash.ts';
import type { UsersSettings } from '../config/auth/users.ts';
import { OcciError } from '../errors.ts';
import { type BasicCredentials, basicChallenge, basicCredentialsOf } from './basic.ts';
import { matches } from './password.ts';
import { includesAll, principal } from './principal.ts';
import { type AuthScheme, BAD_CREDENTIALS } from './scheme.ts';

/** How long verified credentials are remembered, so that a script with many requests is verified once. */
const VERIFIED_TTL_MS = 60_000;
const MAX_VERIFIED = 1000;

/**
 * The hash that an unknown user is verified against: that of some user of the settings, always the same one for a name.
 * So the times of unknown names are those of known ones, also where the costs of the hashes differ.
 */
function standIns(hashes: readonly PasswordHash[], texts: readonly string[]): (user: string) => PasswordHash {
  const key = createHash('sha256').update(texts.join('\n')).digest();
  return (user) => hashes[createHmac('sha256', key).update(user).digest().readUInt32BE() % hashes.length]!;
}

/** The scheme for these users. */
export function users(settings: UsersSettings): AuthScheme {
  const known = new Map(Object.entries(settings).map(([user, { password }]) => [user, passwordHashFrom(password)!]));
  const standInFor = standIns(
    [...known.values()],
    Object.values(settings).map(({ password }) => password),
  );
  // Only this process can compute the names under which credentials are remembered.
  const key = randomBytes(32);
  const verified = new BoundedCache<Promise<void>>({ maxEntries: MAX_VERIFIED, ttlMs: VERIFIED_TTL_MS });

  const verify = async ({ user, password }: BasicCredentials): Promise<void> => {
    const own = known.get(user);
    const isRight = await matches(password, own ?? standInFor(user));
    if (!own || !isRight) throw new OcciError('unauthenticated', BAD_CREDENTIALS);
  };

  const principalOf = (user: string) => {
    const { tenant, role } = settings[user]!;
    return principal('users', user, { tenant, role });
  };

  return {
    name: 'users',
    challenge: basicChallenge,
    async authenticate(request) {
      const given = basicCredentialsOf(request);
      if (!given) return undefined;
      const name = createHmac('sha256', key).update(`${given.user}:${given.password}`).digest('base64url');
      await loadOnce(verified, name, () => verify(given));
      return principalOf(given.user);
    },
    stillGrants: (user, grants) => known.has(user) && includesAll(principalOf(user).grants, grants),
  };
}
