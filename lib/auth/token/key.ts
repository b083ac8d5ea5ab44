/** The secret that tokens are hashed with, which is read or made when the first token comes. */
import { createHmac, randomBytes } from 'node:crypto';
import { MIN_KEY_CHARS, type TokenSettings } from '../../config/auth/token.ts';
import { OcciError } from '../../errors.ts';
import { type PartitionKey, partitionsOf, type SiteTable } from '../../table/partition-keys.ts';
import type { AuthEnvironment } from '../environment.ts';

/** Computes a keyed hash; the same text has another one under each purpose. */
export type Hash = (purpose: 'owner' | 'token', text: string) => Buffer;

const hashWith =
  (key: string): Hash =>
  (purpose, text) =>
    createHmac('sha256', key).update(`${purpose}\0${text}`).digest();

function hashUnder(key: string): Hash {
  if (key.length >= MIN_KEY_CHARS) return hashWith(key);
  const cause = new Error(`auth.token.key has fewer than ${MIN_KEY_CHARS} characters`);
  throw new OcciError('unavailable', 'A part of this service cannot be reached at present.', { cause });
}

/** The key of a local run, which the first process makes: tokens stay valid when it is started again. */
async function keptKey(table: SiteTable, pk: PartitionKey): Promise<string> {
  const place = { pk, sk: 'token key' };
  await table.put({ ...place, key: randomBytes(32).toString('base64url') }, 'absent');
  return (await table.get(place))?.key as string;
}

/**
 * The hash under the key of the settings, read again every five minutes, or under that of a local run. Throws
 * `unavailable` if the key cannot be read or is too short.
 */
export function tokenHash(
  { key }: TokenSettings,
  { adapter, site, table, local }: AuthEnvironment,
): () => Promise<Hash> {
  let made: Promise<() => Promise<Hash>> | undefined;
  const make = async (): Promise<() => Promise<Hash>> => {
    if (key !== undefined) {
      const { renewed } = await import('../../secrets/renewed.ts');
      return renewed({ key }, (settings) => hashUnder(settings.key));
    }
    if (!local) throw new Error('auth: token has no key');
    const hash = Promise.resolve(hashWith(await keptKey(table, partitionsOf(adapter, site).local)));
    return () => hash;
  };
  return async () => {
    // A failure is not kept: the next token tries again.
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return (await made)();
  };
}
