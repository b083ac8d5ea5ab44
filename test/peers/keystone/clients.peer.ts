/** Clients of OpenStack log in to Keystone and to this endpoint alike: keystoneauth1, and the command `openstack`. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PYTHON } from './keystone.mjs';
import { ourKeystone, PASSWORDS, realKeystone, type World } from './worlds.ts';

const run = promisify(execFile);
const CLIENTS = fileURLToPath(new URL('clients.py', import.meta.url));

let theirs: World;
let ours: World;
beforeAll(async () => {
  theirs = await realKeystone();
  ours = await ourKeystone();
}, 120_000);
afterAll(async () => {
  await ours?.stop();
  await theirs?.stop();
});

describe('keystoneauth1', () => {
  const seen = async (world: World, versions: 'v3' | 'v2'): Promise<Record<string, unknown>> => {
    const { stdout } = await run(PYTHON, ['-W', 'ignore', CLIENTS, world.url, await world.bearer(), versions]);
    return JSON.parse(stdout);
  };
  const physics = { hasToken: true, isExpired: false, project: 'physics', projects: ['physics'], isScoped: true };
  const member = { user: 'alice', roles: ['member', 'reader'], hasIdentity: true };

  test('sees the same of every login', async () => {
    const [real, { versions, ...own }] = [await seen(theirs, 'v3'), await seen(ours, 'v3')];
    expect({ ...own, versions: real.versions }).toEqual(real);
    expect(own).toMatchObject({
      password: { ...physics, ...member },
      'bearer token, project': { user: 'erna', ...physics },
    });
    // Version 2.0 is what the clients of OCCI need.
    expect([real.versions, versions]).toEqual([[3], [2, 3]]);
  }, 120_000);

  test('logs in with version 2.0, which Keystone has no more', async () => {
    const own = await seen(ours, 'v2');
    const expected = { hasToken: true, project: 'physics', roles: ['member', 'reader'] };
    expect([own['version 2, password'], own['version 2, no tenant']]).toEqual([expected, expected]);
  }, 120_000);
});

describe('openstack', () => {
  const openstack = async (world: World, options: readonly string[], ...command: string[]): Promise<unknown> => {
    const all = ['-W', 'ignore', '-m', 'openstackclient.shell', '--os-auth-url', `${world.url}/v3`, ...options];
    const env = { ...process.env, PYTHONWARNINGS: 'ignore' };
    const { stdout } = await run(PYTHON, [...all, ...command, '-f', 'json'], { env });
    return JSON.parse(stdout);
  };
  const project = ['--os-project-name', 'physics', '--os-project-domain-name', 'Default'];
  const password = ['--os-username', 'alice', '--os-password', PASSWORDS.alice, '--os-user-domain-name', 'Default'];

  test('issues a token with a password, and another with that one', async () => {
    const seen = await Promise.all(
      [theirs, ours].map(async (world) => {
        const first = (await openstack(world, [...password, ...project], 'token', 'issue')) as Record<string, string>;
        const byToken = ['--os-auth-type', 'token', '--os-token', first.id!, ...project];
        const second = (await openstack(world, byToken, 'token', 'issue')) as Record<string, string>;
        expect([first.project_id, first.user_id]).toEqual([world.ids.physics, world.ids.alice]);
        expect([second.project_id, second.expires]).toEqual([first.project_id, first.expires]);
        return [Object.keys(first), Object.keys(second)];
      }),
    );
    expect(seen[1]).toEqual(seen[0]);
  }, 120_000);

  test('lists the services and the projects of its user', async () => {
    const services = (await openstack(ours, [...password, ...project], 'catalog', 'list')) as { Type: string }[];
    expect(services.map(({ Type }) => Type).sort()).toEqual(['identity', 'occi']);
    for (const world of [theirs, ours]) {
      const mine = await openstack(world, [...password, ...project], 'project', 'list', '--my-projects');
      expect(mine).toEqual([{ ID: world.ids.physics, Name: 'physics' }]);
    }
  }, 120_000);
});
