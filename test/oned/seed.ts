import { addUser } from './methods/users.ts';
import { PUBLISHED } from './pool-object.ts';
import { images, networks, templates } from './seed-resources.ts';
import { Cluster, Datastore, Group, Host, type Site } from './site.ts';
import { Template } from './template.ts';

/** Users, groups, hosts and stores of the recorded site; every password is `password`. */
const people = (site: Site): void => {
  site.make(site.groups, Group, 'oneadmin', 0);
  site.make(site.groups, Group, 'users', 1);
  const password = 'password';
  addUser(site, { name: 'oneadmin', password, gid: 0 });
  addUser(site, { name: 'serveradmin', password, driver: 'server_cipher', gid: 0 });
  const alice = addUser(site, { name: 'alice', password, gid: 1 });
  addUser(site, { name: 'bob', password, gid: 1 });
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEEXAMPLEEXAMPLE alice@example.org';
  alice.template = Template.of({ EMAIL: 'alice@example.org', NAME_FULL: 'Alice Álvarez', SSH_PUBLIC_KEY: key });
};

const infrastructure = (site: Site): void => {
  site.make(site.clusters, Cluster, 'default', 0);
  for (const name of ['dummy-host-1', 'dummy-host-2']) site.make(site.hosts, Host, name).clusters = [0];
  const dirs = { RESTRICTED_DIRS: '/', SAFE_DIRS: '/var/tmp', TM_MAD: 'dummy', ALLOW_ORPHANS: 'NO' };
  const of = { CLONE_TARGET: 'SYSTEM', DS_MAD: 'dummy', LN_TARGET: 'NONE' };
  const images = { ...dirs, ...of, DISK_TYPE: 'FILE', TYPE: 'IMAGE_DS' };
  const system = { ...dirs, DISK_TYPE: 'FILE', DS_MIGRATE: 'YES', SHARED: 'YES', TYPE: 'SYSTEM_DS' };
  const stores = [
    { id: 0, name: 'system', type: 1, template: system, total: 0 },
    { id: 1, name: 'default', type: 0, template: images, total: 0 },
    { id: 2, name: 'files', type: 2, template: { ...dirs, ...of, TYPE: 'FILE_DS' }, total: 0 },
    { id: 100, name: 'dummy-images', type: 0, template: images, total: 20480 },
  ] as const;
  for (const { id, name, type, template, total } of stores) {
    const store = site.make(site.datastores, Datastore, name, id);
    Object.assign(store, { type, total, free: total, clusters: [0], template: Template.of(template) });
    store.permissions = id === 100 ? PUBLISHED : [1, 1, 0, 1, 0, 0, 0, 0, 0];
  }
};

/**
 * The site behind the recordings as it was before their first create: oneadmin 0, serveradmin 1, alice 2, bob 3;
 * templates small-ubuntu 0, medium-debian 1, bare 2; images 0 to 2; networks private 0, public 1; datastore 100.
 */
export const seed = (site: Site): void => {
  people(site);
  infrastructure(site);
  images(site);
  networks(site);
  templates(site);
};
