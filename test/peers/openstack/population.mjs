// Thousands of machines for listings: one is made by Nova, and its rows are cloned, with its port, in seconds. Nova and
// Neutron list and show the clones as any other; their host is none, so no service touches them. Clones without a port
// have only the addresses that Nova remembers, which are those of the first.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from './database.mjs';
import { login } from './rest.mjs';
import { USERS } from './users.mjs';

const ORIGINAL = 'original';
const NETWORK = 'many';
/** No service of Nova has this name. */
const NOWHERE = 'nowhere';
const POLL_MS = 500;
const ACTIVE_TIMEOUT_MS = 120_000;
/** Older than what a test changes. */
const AGE_S = 600;

const NETWORK_INFO =
  'network_info = REPLACE(REPLACE(REPLACE(network_info, @port, clone_port), @mac, clone_mac), @ip, clone_ip)';

/** Rows about a machine: the column with its id, and what differs in a clone beside that. */
const OF_MACHINE = {
  'nova_cell1.instances': [
    'uuid',
    `id = 0, hostname = clone_name, display_name = clone_name, host = '${NOWHERE}', node = '${NOWHERE}', compute_id = NULL,
     created_at = clone_time, updated_at = clone_time, launched_at = clone_time`,
  ],
  'nova_cell1.instance_extra': ['instance_uuid', 'id = 0'],
  'nova_cell1.instance_info_caches': ['instance_uuid', 'id = 0'],
  'nova_cell1.instance_metadata': ['instance_uuid', 'id = 0'],
  'nova_cell1.instance_system_metadata': ['instance_uuid', 'id = 0'],
  'nova_cell1.block_device_mapping': ['instance_uuid', 'id = 0, uuid = UUID()'],
  'nova_api.instance_mappings': ['instance_uuid', 'id = 0'],
  'nova_api.request_specs': ['instance_uuid', 'id = 0, spec = REPLACE(spec, @uuid, clone_uuid)'],
};

/** What Nova knows of its port; the same where the clone has none. */
const OF_MACHINE_WITH_PORT = {
  ...OF_MACHINE,
  'nova_cell1.instance_info_caches': ['instance_uuid', `id = 0, ${NETWORK_INFO}`],
  'nova_cell1.virtual_interfaces': ['instance_uuid', 'id = 0, uuid = clone_port, address = clone_mac'],
};

/** Rows about its port. */
const OF_PORT = {
  'neutron.ports': [
    'id',
    'device_id = clone_uuid, mac_address = clone_mac, standard_attr_id = @attribute + clone_number',
  ],
  'neutron.ipallocations': ['port_id', 'ip_address = clone_ip'],
  'neutron.ml2_port_bindings': ['port_id', `host = '${NOWHERE}'`],
  'neutron.ml2_port_binding_levels': ['port_id', `host = '${NOWHERE}'`],
  'neutron.securitygroupportbindings': ['port_id', ''],
  'neutron.portsecuritybindings': ['port_id', ''],
};

const CLONED = ['number', 'uuid', 'port', 'name', 'mac', 'ip', 'time'].map((name) => `clone_${name}`);

/** Copies a row of a table, or several, once for each clone. */
const copies = (table, source, changes) => `
  CREATE TEMPORARY TABLE copies AS SELECT source.*, clones.* FROM ${table} AS source JOIN clones WHERE ${source};
  UPDATE copies SET ${changes};
  ALTER TABLE copies ${CLONED.map((name) => `DROP COLUMN ${name}`).join(', ')};
  INSERT INTO ${table} SELECT * FROM copies;
  DROP TEMPORARY TABLE copies;`;

const tables = (rows, id, clone) =>
  Object.entries(rows).map(([table, [column, changes]]) =>
    copies(table, `source.${column} = ${id}`, [`${column} = ${clone}`, changes].filter(Boolean).join(', ')),
  );

const hex = (digits) => `LEFT(MD5(UUID()), ${digits})`;

/** As OpenStack makes them, of version 4: UUID() of MariaDB counts. */
const RANDOM_UUID = `CONCAT_WS('-', ${hex(8)}, ${hex(4)}, CONCAT('4', ${hex(3)}), CONCAT(ELT(1 + FLOOR(RAND() * 4), '8', '9', 'a', 'b'), ${hex(3)}), ${hex(12)})`;

const clone = (count, withPorts, { uuid, port, mac, ip }) => `
  SET NAMES utf8mb3;
  SET @uuid = '${uuid}', @port = '${port}', @mac = '${mac}', @ip = '${ip}';
  USE neutron;
  SELECT standard_attr_id INTO @original FROM ports WHERE id = @port;
  SELECT MAX(id) INTO @attribute FROM standardattributes;
  CREATE TEMPORARY TABLE clones CHARACTER SET utf8mb3 AS
    SELECT seq AS clone_number, CONVERT(${RANDOM_UUID} USING utf8mb3) AS clone_uuid, CONVERT(${RANDOM_UUID} USING utf8mb3) AS clone_port,
      CONVERT(CONCAT('many-', LPAD(seq, 5, '0')) USING utf8mb3) AS clone_name,
      CONVERT(LOWER(CONCAT('fa:17:00:00:', LPAD(HEX(seq DIV 256), 2, '0'), ':', LPAD(HEX(seq MOD 256), 2, '0'))) USING utf8mb3) AS clone_mac,
      CONVERT(CONCAT('10.200.', 16 + seq DIV 250, '.', 1 + seq MOD 250) USING utf8mb3) AS clone_ip,
      UTC_TIMESTAMP() - INTERVAL (${AGE_S} + seq) SECOND AS clone_time
    FROM seq_1_to_${count};
  ${withPorts ? copies('standardattributes', 'source.id = @original', 'id = @attribute + clone_number') : ''}
  ${withPorts ? tables(OF_PORT, '@port', 'clone_port').join('') : ''}
  ${tables(withPorts ? OF_MACHINE_WITH_PORT : OF_MACHINE, '@uuid', 'clone_uuid').join('')}`;

/** Removes the clones; what hangs on a port goes with its row of attributes. */
const forget = (project) => `
  USE nova_cell1;
  CREATE TEMPORARY TABLE clones AS SELECT uuid FROM instances WHERE project_id = '${project}' AND host = '${NOWHERE}';
  DELETE neutron.standardattributes FROM neutron.standardattributes JOIN neutron.ports ON standard_attr_id = standardattributes.id
    JOIN clones ON clones.uuid = ports.device_id;
  ${Object.entries(OF_MACHINE_WITH_PORT)
    .reverse()
    .map(([table, [column]]) => `DELETE ${table} FROM ${table} JOIN clones ON clones.uuid = ${table}.${column};`)
    .join('\n  ')}`;

const VERSION = { 'OpenStack-API-Version': 'compute 2.96' };

/** The machine that Nova makes, on a network with room for the others. */
const makeOriginal = async ({ ask }) => {
  const { network } = await ask('network', 'POST', '/v2.0/networks', { network: { name: NETWORK } });
  const subnet = { network_id: network.id, ip_version: 4, cidr: '10.200.0.0/16', name: NETWORK };
  await ask('network', 'POST', '/v2.0/subnets', { subnet });
  const { images } = await ask('image', 'GET', '/v2/images?name=cirros-tiny');
  const server = { name: ORIGINAL, imageRef: images[0].id, flavorRef: '1', networks: [{ uuid: network.id }] };
  const { id } = (await ask('compute', 'POST', '/servers', { server }, VERSION)).server;
  const end = Date.now() + ACTIVE_TIMEOUT_MS;
  for (;;) {
    const { status, fault } = (await ask('compute', 'GET', `/servers/${id}`, undefined, VERSION)).server;
    const [port] = (await ask('network', 'GET', `/v2.0/ports?device_id=${id}`)).ports;
    if (status === 'ACTIVE' && port?.status === 'ACTIVE')
      return { uuid: id, port: port.id, mac: port.mac_address, ip: port.fixed_ips[0].ip_address };
    if (status === 'ERROR' || Date.now() > end) throw new Error(`The original is ${status}: ${fault?.message}`);
    await sleep(POLL_MS);
  }
};

/**
 * Makes `count` machines of a user, on one network; half a minute or so. Call `clear` before another time.
 * @param {{ keystone: string, database: string }} openStack what `startOpenStack` returns
 * @param {number} count up to 50,000; one is real, the others are cloned
 * @param {{ user?: object, withPorts?: boolean }} [how] whose they are; whether each has a port, or only the real one
 */
export const populate = async ({ keystone, database }, count, { user = USERS.many, withPorts = true } = {}) => {
  const original = await makeOriginal(await login(keystone, user));
  if (count > 1) await sql(database, clone(count - 1, withPorts, original));
};

/** Removes what `populate` has made. */
export const clear = async ({ keystone, database }) => {
  const { ask, projectId } = await login(keystone, USERS.many);
  await sql(database, forget(projectId));
  const { servers } = await ask('compute', 'GET', '/servers');
  for (const { id } of servers) await ask('compute', 'DELETE', `/servers/${id}`);
  const end = Date.now() + ACTIVE_TIMEOUT_MS;
  const { networks } = await ask('network', 'GET', `/v2.0/networks?name=${NETWORK}`);
  // Nova gives the port of a server back before the server is gone.
  const isThere = async () =>
    (await ask('network', 'GET', `/v2.0/ports?project_id=${projectId}`)).ports.length > 0 ||
    (await ask('compute', 'GET', '/servers')).servers.length > 0;
  while ((await isThere()) && Date.now() < end) await sleep(POLL_MS);
  for (const { id } of networks) await ask('network', 'DELETE', `/v2.0/networks/${id}`);
};
