// What `npm run test:deployed` needs beside this project: MiniStack in a virtual environment, and the Node that is deployed.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderOf, installOnce, installPython, pythonOf, run } from '../peers/installed.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const REQUIREMENTS = join(HERE, 'requirements.txt');
const VENV = folderOf('ministack', [REQUIREMENTS]);

/** The release that functions run on: `provider.runtime` of serverless.yml. */
export const NODE_VERSION = '24.21.0';
/** What the npm package `node` installs on this machine. */
const NODE_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const NODE_FOLDER = folderOf(`node-${NODE_VERSION}`, []);

/** The Python with MiniStack and botocore. */
export const PYTHON = pythonOf(VENV);
/** The folder with `node`. */
export const NODE_BIN = join(NODE_FOLDER, 'node_modules', NODE_PACKAGE, 'bin');

/** Made once. Throws `Missing`. */
export const installNode = () =>
  installOnce({
    name: `Node ${NODE_VERSION}`,
    folder: NODE_FOLDER,
    whole: join('node_modules', NODE_PACKAGE, 'bin', 'node'),
    make: async (fresh) => {
      await run('npm', ['install', '--prefix', fresh, '--no-audit', '--no-fund', `${NODE_PACKAGE}@${NODE_VERSION}`]);
    },
  });

/** Throws `Missing`. */
export const installMinistack = () => installPython({ name: 'MiniStack', folder: VENV, requirements: REQUIREMENTS });

/** Each is made once. Throws `Missing`. */
export const install = async () => {
  await installMinistack();
  await installNode();
};
