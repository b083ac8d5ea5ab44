/**
 * Projects for one test file, each with a member of its own and no narrow quota: suites make more than a default quota
 * allows, and look at all that a project has.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { login, type Session, type User } from '../rest.mjs';
import { ADMIN } from '../services.mjs';

const POLL_MS = 500;
const REMOVAL_TIMEOUT_MS = 300_000;

const MANY = 10_000_000;
const fill = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, MANY]));
const COMPUTE = { quota_set: fill(['instances', 'cores', 'ram', 'key_pairs']) };
const VOLUME = { quota_set: fill(['volumes', 'gigabytes', 'snapshots']) };
const NETWORK = {
  quota: fill(['network', 'subnet', 'port', 'router', 'floatingip', 'security_group', 'security_group_rule']),
};
/** Kinds of Neutron, in the order in which they can be deleted. */
const PARTS = ['floatingip', 'port', 'network', 'security_group'] as const;
const PATHS = { floatingip: 'floatingips', port: 'ports', network: 'networks', security_group: 'security-groups' };

export interface Tenants {
  /** The login of a tenant, `user:password` as Basic credentials have it. */
  readonly credentials: (name: string) => string;
  readonly user: (name: string) => User;
  /** Deletes what the tenants have, and themselves. */
  readonly remove: () => Promise<void>;
}

/** Waits until a listing is empty. */
async function empty(list: () => Promise<readonly unknown[]>): Promise<void> {
  const end = Date.now() + REMOVAL_TIMEOUT_MS;
  while ((await list()).length > 0) {
    if (Date.now() > end) throw new Error('What the tenants have made is not gone');
    await sleep(POLL_MS);
  }
}

async function removeAll({ ask, call, projectId }: Session): Promise<void> {
  const ids = async (service: 'compute' | 'volumev3' | 'image' | 'network', path: string, key: string) =>
    ((await ask(service, 'GET', path))[key] as { id: string }[]).map(({ id }) => id);
  const servers = () => ids('compute', '/servers', 'servers');
  for (const id of await servers()) await call('compute', 'DELETE', `/servers/${id}`);
  await empty(servers);
  for (const id of await ids('image', `/v2/images?owner=${projectId}`, 'images'))
    await call('image', 'DELETE', `/v2/images/${id}`);
  for (const kind of ['snapshots', 'volumes']) {
    const there = () => ids('volumev3', `/${kind}`, kind);
    for (const id of await there()) await call('volumev3', 'DELETE', `/${kind}/${id}`);
    await empty(there);
  }
  for (const part of PARTS) {
    const path = `/v2.0/${PATHS[part]}`;
    for (const id of await ids('network', `${path}?project_id=${projectId}`, `${part}s`))
      await call('network', 'DELETE', `${path}/${id}`);
  }
}

/**
 * Makes a tenant for each name. A cloud that was started for the run ends with it, so there `remove` does nothing.
 * @throws {Error} where the administrator's login is refused
 */
export async function makeTenants(keystone: string, names: readonly string[]): Promise<Tenants> {
  const admin = await login(keystone, ADMIN);
  const { ask } = admin;
  const run = randomUUID().slice(0, 8);
  const { roles } = await ask('identity', 'GET', '/roles?name=member');
  const users = new Map<string, User>();
  const made: string[] = [];
  for (const name of names) {
    const own = `peer-${run}-${name}`;
    const user = { name: own, password: randomUUID(), project: own };
    const { project } = await ask('identity', 'POST', '/projects', { project: { name: own, domain_id: 'default' } });
    const { user: there } = await ask('identity', 'POST', '/users', {
      user: { name: own, password: user.password, domain_id: 'default' },
    });
    await ask('identity', 'PUT', `/projects/${project.id}/users/${there.id}/roles/${roles[0].id}`);
    await ask('compute', 'PUT', `/os-quota-sets/${project.id}`, COMPUTE);
    await ask('volumev3', 'PUT', `/os-quota-sets/${project.id}`, VOLUME);
    await ask('network', 'PUT', `/v2.0/quotas/${project.id}`, NETWORK);
    users.set(name, user);
    made.push(`/users/${there.id}`, `/projects/${project.id}`);
  }
  const user = (name: string): User => {
    const found = users.get(name);
    if (!found) throw new Error(`There is no tenant ${name}`);
    return found;
  };
  return {
    user,
    credentials: (name) => `${user(name).name}:${user(name).password}`,
    async remove() {
      if (process.env.OPENSTACK_DATABASE) return;
      for (const one of users.values()) await removeAll(await login(keystone, one));
      for (const path of made) await ask('identity', 'DELETE', path);
    },
  };
}
