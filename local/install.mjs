// Installs the packages that are missing, and nothing when none are: `node local/install.mjs [--all]`.
// It runs before anything is installed, so it needs nothing but Node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Names the lockfile that node_modules was last seen to agree with. `npm ci` deletes it along with the rest. */
const STAMP = `${ROOT}node_modules/.lockfile-sha256`;

/**
 * Makes node_modules agree with package-lock.json.
 * @param {{ all: boolean }} wanted all: with the packages that only tests, checks and the bench need. A full
 *   installation stays full even when less is wanted.
 * @returns {boolean} whether it had to install
 * @throws {Error} when npm fails; npm has then said why
 */
export const install = ({ all }) => {
  const { dependencies, devDependencies } = readJson('package.json');
  const lock = readFileSync(`${ROOT}package-lock.json`);
  const hash = createHash('sha256').update(lock).digest('hex');
  const full = all || present(devDependencies);
  const complete = present(full ? { ...dependencies, ...devDependencies } : dependencies);
  if (complete && readStamp() === hash) return false;
  // Without our stamp it may still be right: somebody ran npm by hand.
  if (!complete || !agrees(JSON.parse(lock.toString()), full)) npmCi(full);
  writeFileSync(STAMP, hash);
  return true;
};

const readJson = (path) => JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8'));
const readStamp = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8');
const present = (packages) =>
  Object.keys(packages).every((name) => existsSync(`${ROOT}node_modules/${name}/package.json`));

/** Compares with the list that npm itself keeps of what it installed; packages for other platforms may be missing. */
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
    stdio: ['ignore', 2, 2], // stdout belongs to whoever called
    shell: !underNpm && process.platform === 'win32', // there it is npm.cmd, which only a shell starts
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
