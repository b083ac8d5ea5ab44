// Starts a control plane of OpenStack: Keystone, Glance, Placement, Nova with its fake driver, Neutron without agents, Cinder with a fake
// driver; MariaDB, RabbitMQ and memcached behind them. The environment is that of `install-openstack.mjs`.
import { constants, cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PREPARED } from './paths.mjs';
import { KEPT } from './prepare.mjs';
import { CATALOGUE, endpointOf } from './seed.mjs';
import { siteIn } from './services.mjs';
import { startAll } from './start.mjs';

export { PYTHON } from './paths.mjs';
export { FEDERATION, USERS } from './users.mjs';

/** The catalogue that was prepared names other ports. */
const moved = ({ keystone, ports }) =>
  ['identity', ...Object.keys(CATALOGUE)]
    .map((type) => [type, type === 'identity' ? keystone : endpointOf(type, ports)])
    .map(
      ([type, url]) =>
        `UPDATE keystone.endpoint JOIN keystone.service ON service.id = service_id SET url = '${url}' WHERE type = '${type}'`,
    )
    .join(';');

/**
 * A control plane of its own, in a temporary folder; half a minute or so. It ends with this process, however that ends.
 * @returns {Promise<{ keystone: string, database: string, stop: () => Promise<void> }>}
 * @throws {Error} where it is not installed, or one of its services does not start
 */
export const startOpenStack = async () => {
  if (!existsSync(PREPARED)) throw new Error(`There is no ${PREPARED}: npm run test:peers makes it`);
  const folder = mkdtempSync(join(tmpdir(), 'openstack-'));
  for (const name of KEPT)
    cpSync(join(PREPARED, name), join(folder, name), { recursive: true, mode: constants.COPYFILE_FICLONE });
  const site = await siteIn(folder);
  try {
    site.startQueue();
    await site.startDatabase();
    await site.sql(moved(site));
    await startAll(site);
  } catch (error) {
    await site.processes.end();
    throw error;
  }
  site.processes.release();
  return { keystone: site.keystone, database: site.socket, stop: site.processes.end };
};
