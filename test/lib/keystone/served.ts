/** An endpoint with Keystone's login, and users in its settings. */
import { hashOf } from '../../../lib/auth/password.ts';
import { phcOf } from '../../../lib/config/auth/password-hash.ts';
import { type Endpoint, type EndpointOptions, type Reply, startEndpoint } from '../../endpoint.ts';

/** The cheapest hash that the settings accept. */
const hashed = async (password: string) => phcOf(await hashOf(password, { ln: 14, r: 8, p: 1 }));

/** Passwords of the users; `reader` only reads, in the tenant of alice. */
export const PASSWORDS = { alice: 'alice-secret', bob: 'bob:sécret', rita: 'rita-secret' } as const;

export const usersOf = async () => ({
  alice: { password: await hashed(PASSWORDS.alice), tenant: 'physics' },
  bob: { password: await hashed(PASSWORDS.bob), tenant: 'biology' },
  rita: { password: await hashed(PASSWORDS.rita), tenant: 'physics', role: 'reader' },
});

/** An endpoint with users, tokens and Keystone's login, and what else `settings` have. */
export async function startLogin(options: EndpointOptions = {}, others: readonly unknown[] = []): Promise<Endpoint> {
  const auth = [...others, { users: await usersOf() }, { token: {} }, 'keystone'];
  return startEndpoint({ ...options, settings: { auth, ...options.settings } });
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Sends JSON. */
export const post = (
  { send }: Pick<Endpoint, 'send'>,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
) => send('POST', path, { headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) });

/** A login with a password, in version 3. */
export const passwordLogin = (name: string, password: string, scope?: unknown) => ({
  auth: {
    identity: { methods: ['password'], password: { user: { name, password, domain: { name: 'Default' } } } },
    ...(scope !== undefined && { scope }),
  },
});

export const projectScope = (id: string) => ({ project: { id } });

/** A login with another token, in version 3. */
export const tokenLogin = (id: string, scope?: unknown) => ({
  auth: { identity: { methods: ['token'], token: { id } }, ...(scope !== undefined && { scope }) },
});

export const jsonOf = ({ body }: Reply) => JSON.parse(body);

/** The token that a login of version 3 gave. */
export const tokenOf = ({ headers }: Reply): string => headers['x-subject-token'] ?? '';
