// Installs missing packages, if any: `node local/install.mjs [--all]`.
// It runs before anything is installed, so it needs nothing but Node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Holds the hash of the lockfile that node_modules last matched. `npm ci` deletes it with the rest of node_modules. */
const STAMP = `${ROOT}node_modules/.lockfile-sha256`;

/**
 * Makes node_modules agree with package-lock.json.
 * @param {{ all: boolean }} wanted all: include the packages that only tests, checks and the bench need. A full
 *   installation is never reduced.
 * @returns {boolean} whether it had to install
 * @throws {Error} when npm fails, after npm has printed the reason
 */
export const install = ({ all }) => {
  const { dependencies, devDependencies } = readJson('package.json');
  const lock = readFileSync(`${ROOT}package-lock.json`);
  const hash = createHash('sha256').update(lock).digest('hex');
  const full = all || present(devDependencies);
  const complete = present(full ? { ...dependencies, ...devDependencies } : dependencies);
  if (complete && readStamp() === hash) return false;
  // It may be up to date without our stamp, after an `npm ci` by hand.
  if (!complete || !agrees(JSON.parse(lock.toString()), full)) npmCi(full);
  writeFileSync(STAMP, hash);
  return true;
};

const readJson = (path) => JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8'));
const readStamp = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8');
const present = (packages) =>
  Object.keys(packages).every((name) => existsSync(`${ROOT}node_modules/${name}/package.json`));

/** Compares with npm's own record of what is installed; packages for other platforms may be missing. */
const agrees = (lock, full) => {
  const list = 'node_modules/.package-lock.json';
  if (!existsSync(`${ROOT}${list}`)) return false;
  const installed = readJson(list).packages;
  return Object.entries(lock.packages).every(
    ([path, { version, dev, optional, devOptional }]) =>
      path === '' || optional || devOptional || (dev && !full) || installed[path]?.version === version,
  );
};

const npmCi = (full) => {
  console.error(`Installing ${full ? 'all packages' : 'the packages that are needed'}, once …`);
  // --include=dev, since NODE_ENV=production would leave them out.
  const options = ['ci', full ? '--include=dev' : '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath ?? '';
  const underNpm = basename(npm).startsWith('npm');
  const [command, ...first] = underNpm ? [process.execPath, npm] : ['npm'];
  const { status, error } = spawnSync(command, [...first, ...options], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2], // stdout belongs to the calling script
    shell: !underNpm && process.platform === 'win32', // npm.cmd, which needs a shell
  });
  if (status !== 0) throw new Error(`npm ci failed${error ? `: ${error.message}` : ''}`, { cause: error });
};

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    install({ all: process.argv.includes('--all') });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
