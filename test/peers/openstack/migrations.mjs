// The schemas of the databases, as each service makes its own.
import { DATABASES, SECRET } from './settings.mjs';

/** Nova completes these from its settings, so that the cells are where this cloud is. */
const CELL = (name) => `{scheme}://{username}@{hostname}/${name}?{query}`;
const QUEUE = '{scheme}://{username}:{password}@{hostname}:{port}/{path}';

/** Makes all databases, and Keystone's administrator; minutes. Nothing but MariaDB must run. */
export const migrate = async ({ sql, manage, keystone }) => {
  await sql(DATABASES.map((name) => `CREATE DATABASE ${name} CHARACTER SET utf8mb3`).join(';'));
  const identity = async () => {
    await manage('keystone', 'keystone.cmd.manage', 'db_sync');
    const urls = ['public', 'internal', 'admin'].flatMap((face) => [`--bootstrap-${face}-url`, keystone]);
    const password = ['--bootstrap-password', SECRET, '--bootstrap-region-id', 'RegionOne'];
    await manage('keystone', 'keystone.cmd.manage', 'bootstrap', ...password, ...urls);
    await manage('glance', 'glance.cmd.manage', 'db_sync');
    await manage('placement', 'placement.cmd.manage', 'db', 'sync');
    await manage('neutron', 'neutron.db.migration.cli', 'upgrade', 'head');
  };
  const compute = async () => {
    await manage('nova', 'nova.cmd.manage', 'api_db', 'sync');
    await manage('nova', 'nova.cmd.manage', 'cell_v2', 'map_cell0', '--database_connection', CELL('nova_cell0'));
    const cell = ['--name', 'cell1', '--database_connection', CELL('nova_cell1'), '--transport-url', QUEUE];
    await manage('nova', 'nova.cmd.manage', 'cell_v2', 'create_cell', ...cell);
    await manage('nova', 'nova.cmd.manage', 'db', 'sync');
    await manage('cinder', 'cinder.cmd.manage', 'db', 'sync');
  };
  await Promise.all([identity(), compute()]);
};
