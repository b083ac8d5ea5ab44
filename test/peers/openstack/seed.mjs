// What a provider would have set up: users and the catalogue first, then what is in the services.
import { randomBytes } from 'node:crypto';
import { login } from './rest.mjs';
import { ADMIN } from './services.mjs';
import { SECRET } from './settings.mjs';
import { FEDERATION, GRANTS, USERS } from './users.mjs';

/** Services that call others, each as a user of its own. */
const CALLERS = ['glance', 'placement', 'nova', 'neutron', 'cinder'];

/** Types of the catalogue, each with its service and the path of its endpoint. */
export const CATALOGUE = {
  image: ['glance', ''],
  placement: ['placement', ''],
  compute: ['nova', '/v2.1'],
  network: ['neutron', ''],
  volumev3: ['cinder', '/v3'],
  'block-storage': ['cinder', '/v3'],
};

/** The endpoint of a type of the catalogue. */
export const endpointOf = (type, ports) => {
  const [service, path] = CATALOGUE[type];
  return `http://127.0.0.1:${ports[service]}${path}`;
};

const IMAGES = {
  'cirros-tiny': { os_distro: 'cirros', min_ram: 64 },
  'debian-12': { os_distro: 'debian', os_version: '12', min_disk: 1 },
  'windows-x': { os_type: 'windows', min_ram: 2048, min_disk: 20 },
};
const IMAGE_BYTES = 4096;

/** vCPUs, MiB of memory, GiB of disk. */
const FLAVORS = {
  'm1.tiny': [1, 512, 1],
  'm1.small': [1, 2048, 20],
  'm1.medium': [2, 4096, 40],
  'm1.huge': [64, 262_144, 1000],
};

const federate = async (create, put, project, member) => {
  const { provider, protocol, issuer } = FEDERATION;
  const group = await create('group', { name: FEDERATION.group, domain_id: 'default' });
  await put(`/projects/${project}/groups/${group}/roles/${member}`);
  const path = `/OS-FEDERATION/identity_providers/${provider}`;
  await put(path, { identity_provider: { enabled: true, remote_ids: [issuer] } });
  const local = [{ user: { name: '{0}' }, group: { id: group } }];
  await put(`/OS-FEDERATION/mappings/${provider}`, {
    mapping: { rules: [{ local, remote: [{ type: 'HTTP_OIDC_SUB' }] }] },
  });
  await put(`${path}/protocols/${protocol}`, { protocol: { mapping_id: provider } });
};

/** Users, projects, roles, the federation and the catalogue. */
export const seedIdentity = async ({ keystone, ports }) => {
  const { ask } = await login(keystone, ADMIN);
  const put = (path, body) => ask('identity', 'PUT', path, body);
  const create = async (kind, body) => (await ask('identity', 'POST', `/${kind}s`, { [kind]: body }))[kind].id;
  const { roles } = await ask('identity', 'GET', '/roles');
  const roleId = (name) => roles.find((role) => role.name === name).id;

  const physics = await create('domain', { name: 'physics' });
  const domainOf = ({ domain }) => (domain === 'physics' ? physics : 'default');
  const projects = {};
  const users = {};
  for (const name of ['service', FEDERATION.project])
    projects[name] = await create('project', { name, domain_id: 'default' });
  for (const user of Object.values(USERS)) {
    const domain_id = domainOf(user);
    projects[user.project] ??= await create('project', { name: user.project, domain_id });
    users[user.name] = await create('user', { name: user.name, password: user.password, domain_id });
  }
  for (const name of CALLERS) users[name] = await create('user', { name, password: SECRET, domain_id: 'default' });
  const service = CALLERS.flatMap((name) => ['admin', 'service'].map((role) => [name, 'service', role]));
  for (const [user, project, role] of [...service, ...GRANTS])
    await put(`/projects/${projects[project]}/users/${users[user]}/roles/${roleId(role)}`);
  await federate(create, put, projects[FEDERATION.project], roleId('member'));
  for (const [type, [name]] of Object.entries(CATALOGUE)) {
    const service_id = await create('service', { name, type });
    const endpoint = { service_id, region_id: 'RegionOne', url: endpointOf(type, ports) };
    for (const face of ['public', 'internal', 'admin']) await create('endpoint', { ...endpoint, interface: face });
  }
};

/** Images, flavors, the external network, and room for many machines. */
export const seedServices = async ({ keystone }) => {
  const { ask } = await login(keystone, ADMIN);
  for (const [name, properties] of Object.entries(IMAGES)) {
    const image = { name, disk_format: 'raw', container_format: 'bare', visibility: 'public', ...properties };
    const { id } = await ask('image', 'POST', '/v2/images', image);
    await ask('image', 'PUT', `/v2/images/${id}/file`, randomBytes(IMAGE_BYTES));
  }
  for (const [index, [name, [vcpus, ram, disk]]] of Object.entries(FLAVORS).entries())
    await ask('compute', 'POST', '/flavors', { flavor: { id: String(index + 1), name, vcpus, ram, disk } });
  const external = { name: 'public', 'router:external': true, 'provider:network_type': 'local', shared: false };
  const { network } = await ask('network', 'POST', '/v2.0/networks', { network: external });
  const subnet = {
    network_id: network.id,
    name: 'public-v4',
    ip_version: 4,
    cidr: '203.0.113.0/24',
    enable_dhcp: false,
  };
  await ask('network', 'POST', '/v2.0/subnets', { subnet });

  const { projects } = await ask('identity', 'GET', `/projects?name=${USERS.many.project}`);
  const machines = { quota_set: { instances: -1, cores: -1, ram: -1 } };
  await ask('compute', 'PUT', `/os-quota-sets/${projects[0].id}`, machines);
  await ask('network', 'PUT', `/v2.0/quotas/${projects[0].id}`, { quota: { port: -1 } });
};
