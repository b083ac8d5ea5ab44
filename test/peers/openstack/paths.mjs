// Where things are: the virtual environment, our own programs, and the programs of Debian.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderOf, pythonOf } from '../installed.mjs';

export const own = (name) => fileURLToPath(new URL(name, import.meta.url));

export const REQUIREMENTS = own('requirements.txt');

/** The virtual environment. */
export const VENV = folderOf('openstack', [REQUIREMENTS]);

/** Its Python, for the services and for clients of OpenStack. */
export const PYTHON = pythonOf(VENV);

/** A cloud that was prepared once and stopped: databases, images, and what the services keep in files. */
export const PREPARED = folderOf('openstack-prepared', [
  REQUIREMENTS,
  ...['settings.mjs', 'services.mjs', 'migrations.mjs', 'seed.mjs', 'users.mjs', 'prepare.mjs'].map(own),
]);

/** Programs of Debian, and the package that each is in. */
export const PROGRAMS = /** @type {const} */ ({
  mariadbd: 'mariadb-server',
  'mariadb-install-db': 'mariadb-server',
  mariadb: 'mariadb-client',
  epmd: 'erlang-base',
  'rabbitmq-server': 'rabbitmq-server',
  memcached: 'memcached',
});

/** Debian's own script of this name insists on the account of the package. */
const FOLDERS = ['/usr/lib/rabbitmq/bin', ...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The path of a program of Debian, or undefined. */
export const programPath = (name) => FOLDERS.map((folder) => join(folder, name)).find(isExecutable);
