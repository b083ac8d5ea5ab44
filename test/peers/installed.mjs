// What peers are made of is installed once per user and machine, outside the checkout, so that a fresh clone finds it.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'serverless-occi', 'peers');

/** Whatever is missing: said in one line. */
export class Missing extends Error {}

/**
 * The folder of a peer. Its name has a hash of the files that the peer is made of, so clones of different age do not
 * share it, and a changed file means another install.
 */
export const folderOf = (name, files) => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return join(CACHE, `${name}-${hash.digest('hex').slice(0, 16)}`);
};

/**
 * Runs a command and returns what it prints. Throws with the last line of what it says, or the first that names an error.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] beside that of this process
 */
export const run = async (command, args, env = {}) => {
  const options = { encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, ...env } };
  try {
    return (await promisify(execFile)(command, args, options)).stdout;
  } catch (error) {
    const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().split('\n');
    const why = said.find((line) => line.includes('ERROR') || line.includes('error:')) ?? said.at(-1);
    throw new Error(`${command}: ${why || error.message}`, { cause: error });
  }
};

/**
 * Makes the folder of a peer unless it is there. `make` fills another folder, which is renamed at the end: what is found
 * is complete, and of two clones that install at the same time one uses what the other has made. Throws `Missing`.
 * @param {{ name: string, folder: string, whole: string, make: (folder: string) => Promise<void> }} peer `whole` is a
 * file in the folder without which the install cannot be used
 */
export const installOnce = async ({ name, folder, whole, make }) => {
  if (existsSync(join(folder, whole))) return;
  console.error(`Installing ${name} for the peers, once …`);
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(`${folder}.`);
  try {
    await make(fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(join(folder, whole))) throw new Missing(`${name} cannot be installed (${error.message})`);
  }
};

const PYTHON_IN = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';

/** The Python of a virtual environment. */
export const pythonOf = (folder) => join(folder, PYTHON_IN);

const findPython = async () => {
  const names = process.env.PYTHON ? [process.env.PYTHON] : ['python3', 'python'];
  const enough = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))';
  for (const name of names) {
    const found = await run(name, ['-c', enough]).then(
      () => true,
      () => false,
    );
    if (found) return name;
  }
  throw new Error(`there is no Python 3.11 or later with venv; looked for ${names.join(', ')}`);
};

/**
 * A virtual environment with what a file of requirements names. Its programs are started by `python -m`: the scripts
 * beside it name the folder that it was made in. Throws `Missing`.
 * @param {{ name: string, folder: string, requirements: string }} environment
 */
export const installPython = ({ name, folder, requirements }) =>
  installOnce({
    name,
    folder,
    whole: PYTHON_IN,
    make: async (fresh) => {
      await run(await findPython(), ['-m', 'venv', fresh]);
      const quietly = ['--quiet', '--disable-pip-version-check', '--retries', '2'];
      await run(pythonOf(fresh), ['-m', 'pip', 'install', ...quietly, '-r', requirements]);
    },
  });
