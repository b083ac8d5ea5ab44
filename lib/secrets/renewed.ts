/** A value built from settings with secrets, rebuilt when a secret has changed. */

import { nameOf, type Reference, type Secret, secretsIn, withSecrets } from '../config/secret.ts';
import type { OcciError } from '../errors.ts';
import { logger } from '../log.ts';
import { fetchSecret } from './fetch.ts';

/** How long a secret is cached: a rotated secret reaches a warm container after this time. */
export const SECRET_TTL_MS = 300_000;
/** How long the old secret stays in use after a failed read. */
const STALE_TTL_MS = 30_000;

interface Made<T> {
  readonly value: T;
  readonly texts: ReadonlyMap<string, string>;
  readonly until: number;
}

/** By name, so that a secret that is used twice is read once. */
async function textsOf(references: readonly Reference[]): Promise<ReadonlyMap<string, string>> {
  const named = new Map(references.map((reference) => [nameOf(reference), reference]));
  const read = async ([name, reference]: readonly [string, Reference]) => [name, await fetchSecret(reference)] as const;
  return new Map(await Promise.all([...named].map(read)));
}

const areEqual = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
  [...one].every(([name, text]) => other.get(name) === text);

/**
 * Returns the result of `make` for the settings with their secrets filled in. Secrets are read on the first call and
 * again after five minutes; the result is rebuilt only if one has changed. Throws `unavailable` if a secret cannot be
 * read and no earlier value exists.
 */
export function renewed<S, T>(settings: S, make: (settings: S) => T): () => Promise<T> {
  const references = secretsIn(settings).flatMap(({ secret }) => secret.reference ?? []);
  const textIn = (texts: ReadonlyMap<string, string>) => (secret: Secret) =>
    secret.reference ? texts.get(nameOf(secret.reference))! : secret.text!;
  let made: Made<T> | undefined;
  let reading: Promise<T> | undefined;

  const read = async (): Promise<T> => {
    try {
      const texts = await textsOf(references);
      const value = made && areEqual(texts, made.texts) ? made.value : make(withSecrets(settings, textIn(texts)));
      made = { value, texts, until: Date.now() + SECRET_TTL_MS };
    } catch (error) {
      if (!made) throw error;
      logger.warn('the last known secret is still in use', {
        reason: ((error as OcciError).cause as Error | undefined)?.message,
      });
      made = { ...made, until: Date.now() + STALE_TTL_MS };
    }
    return made.value;
  };

  return async () => {
    if (made && made.until > Date.now()) return made.value;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
