// Prepares a cloud once: schemas, users, images, flavors, networks. Each start then copies it.
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from './migrations.mjs';
import { seedIdentity, seedServices } from './seed.mjs';
import { siteIn } from './services.mjs';
import { HOST } from './settings.mjs';

/** What is kept of the cloud, and what each start copies. */
export const KEPT = ['db', 'images', 'keys'];

/** APIs that something is set up in. */
const SEEDED = ['keystone', 'glance', 'nova', 'neutron'];

/**
 * What `nova-manage cell_v2 discover_hosts` finds after the first start of nova-compute. That starts here for the first
 * time each time: the fake driver gives its host another identity in every process, and Nova refuses a second one.
 */
const HOST_OF_CELL = `
  INSERT INTO nova_api.host_mappings (created_at, cell_id, host)
  SELECT UTC_TIMESTAMP(), id, '${HOST}' FROM nova_api.cell_mappings WHERE name = 'cell1'`;

const makeKeys = (folder) => {
  mkdirSync(folder, { mode: 0o700 });
  for (const name of ['0', '1']) {
    const key = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    writeFileSync(join(folder, name), key, { mode: 0o600 });
  }
};

/** Leaves in `target` what KEPT names; two minutes or so. */
export const prepare = async (target) => {
  const folder = mkdtempSync(join(tmpdir(), 'openstack-'));
  makeKeys(join(folder, 'keys'));
  const site = await siteIn(folder);
  try {
    await site.makeDatabase();
    await site.startDatabase();
    site.startQueue();
    await migrate(site);
    for (const name of SEEDED) site.startApi(name);
    await site.answers('keystone');
    await seedIdentity(site);
    for (const name of SEEDED) await site.answers(name);
    await seedServices(site);
    await site.sql(HOST_OF_CELL);
    await site.processes.stop('mariadbd');
    for (const name of KEPT) cpSync(join(folder, name), join(target, name), { recursive: true });
  } finally {
    await site.processes.end();
  }
};
