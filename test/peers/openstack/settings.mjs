// The settings of every service: text of the files below `etc/`, for a folder and ports that were chosen.
import { join } from 'node:path';

/** The password of OpenStack's own users, of which `admin` is one. */
export const SECRET = 'stack-secret';

/** The host that all services run on, as they name it. */
export const HOST = 'fake1';

/** The databases, each with the migrations of one service. */
export const DATABASES = /** @type {const} */ ([
  'keystone',
  'glance',
  'placement',
  'nova_api',
  'nova_cell0',
  'nova_cell1',
  'neutron',
  'cinder',
]);

/** Services with an API, each on a port of its own. */
export const APIS = /** @type {const} */ (['keystone', 'glance', 'placement', 'nova', 'neutron', 'cinder']);

const section = ([name, values]) =>
  `[${name}]\n${Object.entries(values)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')}`;

const ini = (sections) => Object.entries(sections).map(section).join('\n');

/** Where MariaDB listens: nothing connects to it but by this socket. */
export const socketIn = (folder) => join(folder, 'db.sock');

/** The URL of a database, as SQLAlchemy reads it. */
const database = (folder, name) => ({
  connection: `mysql+pymysql://root@localhost/${name}?unix_socket=${socketIn(folder)}&charset=utf8`,
});

/**
 * The files, by their paths below `etc/`.
 * @param {{ folder: string, venv: string, ports: Record<string, number> }} site
 * @returns {Record<string, string>}
 */
export const settingsOf = ({ folder, venv, ports }) => {
  const keystone = `http://127.0.0.1:${ports.keystone}/v3`;
  const queue = `rabbit://stack:${SECRET}@127.0.0.1:${ports.queue}/`;
  const memcached = `127.0.0.1:${ports.memcached}`;
  const locks = { lock_path: join(folder, 'lock') };
  const general = { use_stderr: 'true' };
  const state = (name) => ({ state_path: join(folder, 'state', name), transport_url: queue });

  /** How a service calls another one: as a user of its own. */
  const client = (username) => ({
    auth_type: 'password',
    auth_url: keystone,
    project_domain_name: 'Default',
    user_domain_name: 'Default',
    project_name: 'service',
    username,
    password: SECRET,
    region_name: 'RegionOne',
  });
  /** How a service verifies the tokens of its callers. */
  const verifier = (username) => ({
    ...client(username),
    www_authenticate_uri: keystone,
    memcached_servers: memcached,
  });
  /** With the proof of a service beside the user's: without it Cinder refuses the detach that Nova asks for. */
  const trusted = (username) => ({
    keystone_authtoken: {
      ...verifier(username),
      service_token_roles_required: 'true',
      service_token_roles: 'service',
    },
    service_user: { ...client(username), send_service_user_token: 'true' },
  });

  return {
    'rabbit.conf': `listeners.tcp.1 = 127.0.0.1:${ports.queue}\ndefault_user = stack\ndefault_pass = ${SECRET}\n`,
    'keystone/keystone.conf': ini({
      DEFAULT: { ...general, public_endpoint: `http://127.0.0.1:${ports.keystone}` },
      database: database(folder, 'keystone'),
      fernet_tokens: { key_repository: join(folder, 'keys') },
      fernet_receipts: { key_repository: join(folder, 'keys') },
      credential: { key_repository: join(folder, 'keys') },
      cache: { enabled: 'true', backend: 'dogpile.cache.memcached', memcache_servers: memcached },
      auth: { methods: 'external,password,token,oauth1,mapped,application_credential,openid' },
      // Rounds of bcrypt: the default takes a second for each login.
      identity: { password_hash_rounds: 4 },
      federation: { remote_id_attribute: 'HTTP_OIDC_ISS' },
    }),
    'glance/glance-api.conf': ini({
      DEFAULT: { ...general, enabled_backends: 'file:file' },
      database: database(folder, 'glance'),
      glance_store: { default_backend: 'file' },
      file: { filesystem_store_datadir: join(folder, 'images') },
      os_glance_staging_store: { filesystem_store_datadir: join(folder, 'state', 'glance-staging') },
      os_glance_tasks_store: { filesystem_store_datadir: join(folder, 'state', 'glance-tasks') },
      paste_deploy: { flavor: 'keystone', config_file: join(venv, 'etc/glance/glance-api-paste.ini') },
      oslo_concurrency: locks,
      keystone_authtoken: verifier('glance'),
    }),
    'placement/placement.conf': ini({
      DEFAULT: general,
      api: { auth_strategy: 'keystone' },
      placement_database: database(folder, 'placement'),
      keystone_authtoken: verifier('placement'),
    }),
    'nova/nova.conf': ini({
      DEFAULT: {
        ...general,
        ...state('nova'),
        my_ip: '127.0.0.1',
        host: HOST,
        compute_driver: 'fake.FakeDriver',
        allow_resize_to_same_host: 'true',
        // No agent tells Nova that an interface is plugged.
        vif_plugging_is_fatal: 'false',
        vif_plugging_timeout: 0,
        reclaim_instance_interval: 0,
        shelved_offload_time: 0,
      },
      wsgi: { api_paste_config: join(venv, 'etc/nova/api-paste.ini') },
      api: { auth_strategy: 'keystone' },
      api_database: database(folder, 'nova_api'),
      database: database(folder, 'nova_cell1'),
      conductor: { workers: 1 },
      scheduler: { workers: 1 },
      oslo_concurrency: locks,
      oslo_messaging_notifications: { driver: 'noop' },
      filter_scheduler: { track_instance_changes: 'false' },
      quota: { instances: 20, cores: 40, ram: 102_400 },
      vnc: { enabled: 'false' },
      ...trusted('nova'),
      placement: client('nova'),
      neutron: client('nova'),
      glance: client('nova'),
      cinder: { ...client('nova'), os_region_name: 'RegionOne' },
    }),
    'neutron/neutron.conf': ini({
      DEFAULT: {
        ...general,
        ...state('neutron'),
        core_plugin: 'ml2',
        // Without an L3 agent: routers and floating addresses are stored, and stay DOWN.
        service_plugins: 'router',
        api_paste_config: join(venv, 'etc/neutron/api-paste.ini'),
        notify_nova_on_port_status_changes: 'true',
        notify_nova_on_port_data_changes: 'true',
        // A busy machine may report late.
        agent_down_time: 3600,
        dhcp_agent_notification: 'false',
        rpc_workers: 1,
      },
      database: database(folder, 'neutron'),
      oslo_concurrency: locks,
      keystone_authtoken: verifier('neutron'),
      nova: client('nova'),
      placement: client('neutron'),
    }),
    'neutron/ml2.ini': ini({
      ml2: {
        type_drivers: 'flat,vlan,vxlan,local',
        tenant_network_types: 'local',
        mechanism_drivers: 'openvswitch',
        extension_drivers: 'port_security',
      },
      ml2_type_flat: { flat_networks: '*' },
      securitygroup: { enable_security_group: 'true' },
    }),
    // What the agent says before the RPC server listens is lost: it says it again.
    'neutron/l2agent.ini': ini({ DEFAULT: { rpc_response_timeout: 5 } }),
    'cinder/cinder.conf': ini({
      DEFAULT: {
        ...general,
        ...state('cinder'),
        auth_strategy: 'keystone',
        my_ip: '127.0.0.1',
        host: HOST,
        enabled_backends: 'fake',
        default_volume_type: '__DEFAULT__',
        api_paste_config: join(venv, 'etc/cinder/api-paste.ini'),
        glance_api_servers: `http://127.0.0.1:${ports.glance}`,
      },
      fake: {
        volume_backend_name: 'fake',
        volume_driver: 'cinder.tests.fake_driver.FakeLoggingVolumeDriver',
      },
      database: database(folder, 'cinder'),
      oslo_concurrency: locks,
      coordination: { backend_url: `file://${join(folder, 'lock')}` },
      ...trusted('cinder'),
      nova: client('nova'),
    }),
  };
};
