/**
 * Key pairs. Nova builds with keys by name only, and they belong to the user. A key is imported under a name derived from
 * it, once, and deleted with the last server that uses it: a server has its own copy of the key, so a key pair that is gone
 * too early harms only a create that is about to use it, which imports it again.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { KEY_NAME, type PublicKey, publicKeyOf } from '../../../lib/adapter/contextualization.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import type { Cloud } from '../cloud.ts';
import { isGivenKey } from '../machine/labels.ts';
import type { Server } from '../native/server.ts';
import { isDeleted } from '../states.ts';

const usersAnswer = z.object({
  servers: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      key_name: z.string().nullish(),
      'OS-EXT-STS:task_state': z.string().nullish(),
    }),
  ),
});
/** So many users of a key are looked at: those that are being deleted do not count. */
const MAX_USERS = 20;

const fingerprintName = ({ type, data }: PublicKey): string =>
  `occi-${createHash('sha256').update(`${type} ${data}`).digest('hex')}`;

/** Imports a key under the name derived from it: 1 call. A key of that name is the same. */
async function sendKey({ client }: Cloud, name: string, key: PublicKey): Promise<void> {
  try {
    const body = { keypair: { name, public_key: `${key.type} ${key.data}` } };
    await client.call('compute', 'POST', path`os-keypairs`, z.unknown(), { body });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 400 && /^Keypair data is invalid/.test(error.sentence)) {
      throw new OcciError('invalid', `The value of ${key.attribute} is not a public key that this cloud accepts.`, {
        cause: error,
      });
    }
    if (error.status !== 409) throw error;
  }
}

/** The key of a draft: `key` is absent where the client names one that it has at Nova. */
export interface WantedKey {
  readonly key?: PublicKey;
  /** The derived name, or that of the key at Nova. */
  readonly name: string;
  /** The name that the client gave: a key that it sent is shown under it. */
  readonly wish?: string;
}

/** What a draft says of a key. Throws `conflict` when it names two. */
export function wantedKey(attributes: Attributes): WantedKey | undefined {
  const key = publicKeyOf(attributes);
  const given = attributes[KEY_NAME];
  const wish = typeof given === 'string' && given !== '' ? given : undefined;
  if (!key) return wish === undefined ? undefined : { name: wish, wish };
  return { key, name: fingerprintName(key), ...(wish !== undefined && { wish }) };
}

/** The scope under which this process remembers the imported keys of a user. */
async function memoryOf(cloud: Cloud): Promise<string> {
  const { projectId, userId } = await cloud.session();
  return `keys ${projectId} ${userId}`;
}

/** Makes sure that a key exists, and returns its name: 1 call, or none if this process has imported it. */
export async function importKey(cloud: Cloud, { key, name }: WantedKey): Promise<string> {
  if (!key) return name;
  return cloud.tokens.createOnce(await memoryOf(cloud), name, () =>
    translateErrors('compute', async () => {
      await sendKey(cloud, name, key);
      return name;
    }),
  );
}

/** Imports a key again that another request has deleted meanwhile: 1 call. */
export async function importAgain(cloud: Cloud, wanted: WantedKey, name: string): Promise<void> {
  if (wanted.key) await translateErrors('compute', () => sendKey(cloud, name, wanted.key!));
}

/** True for Nova's answer to a create with a key that is not there. */
export const isKeyMissing = (error: unknown): boolean =>
  error instanceof Refusal && error.status === 400 && /^Invalid key_name provided/.test(error.sentence);

/**
 * Deletes the key of a server that is going, if it has a derived name and no other server of the project uses it that stays:
 * 2 calls, 1 if it is in use, none for another key. Below 2.83 Nova ignores the filter: then the key stays in a project of
 * many servers. True if nothing is left to do. Best effort, never throws: the user's next server with the same key uses what is
 * left, and takes it along.
 */
export async function dropKey(
  cloud: Cloud,
  { id, key_name: name, user_id: user }: Pick<Server, 'id'> & Partial<Pick<Server, 'key_name' | 'user_id'>>,
): Promise<boolean> {
  if (!name || !isGivenKey(name)) return true;
  try {
    const { userId } = await cloud.session();
    if (user && user !== userId) return true;
    const { servers } = await cloud.client.read('compute', path`servers/detail`, usersAnswer, {
      query: { key_name: name, limit: MAX_USERS },
      microversion: '2.83',
    });
    const users = servers.filter((server) => server.id !== id && server.key_name === name);
    const stays = users.some((server) => !isDeleted(server) && server['OS-EXT-STS:task_state'] !== 'deleting');
    if (stays || servers.length === MAX_USERS) return false;
    cloud.tokens.forget(name);
    await cloud.client.call('compute', 'DELETE', path`os-keypairs/${name}`, z.undefined(), { repeatable: true });
    return true;
  } catch {
    // Best effort: the call and its failure are in the log.
    return false;
  }
}
