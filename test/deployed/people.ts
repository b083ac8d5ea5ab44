/** Who logs in to a deployed endpoint with Basic. The costs of the hashes are the least, since each process checks anew. */
import { hashOf } from '../../lib/auth/password.ts';
import { phcOf } from '../../lib/config/auth/password-hash.ts';

const NAMES = ['alice', 'bob', 'carol'] as const;
export type Person = (typeof NAMES)[number];

const hashed = async (name: Person) => [name, { password: phcOf(await hashOf(`${name}-secret`)) }] as const;

/** All as `auth` of the settings has them, each a tenant of its own. */
export const users = async (): Promise<object> => ({
  users: Object.fromEntries(await Promise.all(NAMES.map(hashed))),
});

/** What a person sends. */
export const basic = (name: Person): string => `Basic ${Buffer.from(`${name}:${name}-secret`).toString('base64')}`;
