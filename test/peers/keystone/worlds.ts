/** Keystone itself and this endpoint, with the same users and projects. */
import { type Endpoint, send } from '../../endpoint.ts';
import { AUDIENCE, startIssuer } from '../../issuer.ts';
import { startLogin } from '../../lib/keystone/served.ts';
import { startKeystone } from './keystone.mjs';

/** Alice is a member of the project `physics` and of no other, Bob of `biology`. Erna comes from an OpenID provider. */
export const PASSWORDS = { alice: 'alice-secret', bob: 'bob:sécret' } as const;

export interface World {
  readonly url: string;
  readonly send: Endpoint['send'];
  /** Ids, by name. */
  readonly ids: Readonly<Record<'alice' | 'bob' | 'physics' | 'biology', string>>;
  /** Erna's bearer token. */
  bearer(): Promise<string>;
  stop(): Promise<void>;
}

type Json = Record<string, Record<string, string>>;

/** Makes projects and users in Keystone, by its own calls. */
async function fill(url: string): Promise<World['ids']> {
  let token = '';
  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    const headers = { 'Content-Type': 'application/json', ...(token && { 'X-Auth-Token': token }) };
    const response = await fetch(`${url}/v3${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const made = async (kind: string, body: object): Promise<string> =>
    ((await (await call('POST', `/${kind}s`, { [kind]: body })).json()) as Json)[kind]!.id!;
  const user = { name: 'admin', domain: { id: 'default' }, password: 'secret' };
  const scope = { project: { name: 'admin', domain: { id: 'default' } } };
  const login = { auth: { identity: { methods: ['password'], password: { user } }, scope } };
  token = (await call('POST', '/auth/tokens', login)).headers.get('x-subject-token')!;
  const { roles } = (await (await call('GET', '/roles')).json()) as { roles: { id: string; name: string }[] };
  const member = roles.find(({ name }) => name === 'member')!.id;
  const domain_id = 'default';
  const project = async (name: string) => await made('project', { name, domain_id });
  const [physics, biology] = [await project('physics'), await project('biology')];
  const person = async (name: keyof typeof PASSWORDS, default_project_id: string) => {
    const id = await made('user', { name, password: PASSWORDS[name], domain_id, default_project_id });
    await call('PUT', `/projects/${default_project_id}/users/${id}/roles/${member}`);
    return id;
  };
  const ids = { physics, biology, alice: await person('alice', physics), bob: await person('bob', biology) };
  const group = await made('group', { name: 'egi', domain_id });
  await call('PUT', `/projects/${physics}/groups/${group}/roles/${member}`);
  const provider = '/OS-FEDERATION/identity_providers/egi.eu';
  await call('PUT', provider, { identity_provider: { enabled: true, remote_ids: ['https://idp.example.org'] } });
  const local = [{ user: { name: '{0}' }, group: { id: group } }];
  const rules = [{ local, remote: [{ type: 'HTTP_OIDC_SUB' }] }];
  await call('PUT', '/OS-FEDERATION/mappings/egi', { mapping: { rules } });
  await call('PUT', `${provider}/protocols/openid`, { protocol: { mapping_id: 'egi' } });
  return ids;
}

/** Keystone on sqlite, with users. */
export async function realKeystone(): Promise<World> {
  const { endpoint: url, stop } = await startKeystone();
  const port = Number(new URL(url).port);
  return {
    url,
    send: (method, path, call = {}) => send(port, method, path, call, 65_536),
    ids: await fill(url),
    bearer: async () => 'erna',
    stop: async () => stop(),
  };
}

/** This endpoint, with users of its settings and an OpenID provider. */
export async function ourKeystone(): Promise<World> {
  const issuer = await startIssuer({ erna: { claims: { groups: ['physics'] } } });
  const require = [{ claim: 'groups', value: 'physics', tenant: 'physics' }];
  const oidc = { issuer: issuer.url, audience: AUDIENCE, claim: 'client_id', prefix: 'egi:', require };
  const endpoint = await startLogin({}, [{ oidc }]).catch(async (error: unknown) => {
    await issuer.stop();
    throw error;
  });
  return {
    url: endpoint.url,
    send: endpoint.send,
    ids: { alice: 'alice', bob: 'bob', physics: 'physics', biology: 'biology' },
    bearer: () => issuer.tokenOf('erna'),
    async stop() {
      await endpoint.stop();
      await issuer.stop();
    },
  };
}
