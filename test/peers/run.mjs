// npm run test:peers: what stands against peers over the wire, against moto. It makes a virtual environment for moto,
// once, starts one moto for all tests, and runs them. Where that cannot be, it says so; only where CI is set that is a
// failure.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PYTHON, startMoto, VENV } from './moto.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
/** Names the requirements that the environment was made for; written last. */
const STAMP = `${VENV}/requirements-sha256`;

/** Whatever is missing: said in one line. */
class Missing extends Error {}

const run = (command, args) => {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  const last = () => (stderr ?? '').trim().split('\n').at(-1);
  return { done: status === 0, why: error?.message ?? last() };
};

const findPython = () => {
  const names = process.env.PYTHON ? [process.env.PYTHON] : ['python3', 'python'];
  const enough = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))';
  const found = names.find((name) => run(name, ['-c', enough]).done);
  if (!found) throw new Missing(`there is no Python 3.11 or later with venv (looked for ${names.join(', ')})`);
  return found;
};

/** Makes the environment agree with the requirements; nothing is done when it does. */
const install = () => {
  if (process.env.MOTO_PYTHON) return;
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (existsSync(PYTHON) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return;
  const python = findPython();
  console.error('Installing moto for the peers, once …');
  rmSync(VENV, { recursive: true, force: true });
  const steps = [
    [python, ['-m', 'venv', VENV]],
    [PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '2', '-r', REQUIREMENTS]],
  ];
  for (const [command, args] of steps) {
    const { done, why } = run(command, args);
    if (!done) throw new Missing(`moto cannot be installed (${why})`);
  }
  writeFileSync(STAMP, hash);
};

/** Jest with the arguments of this command, and its exit code. */
const jest = (endpoint) =>
  new Promise((resolve) => {
    const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
    // Behind what was given, for jest takes a pattern after it for one more of its own.
    const match = ['--testTimeout=30000', '--testMatch=**/test/peers/**/*.peer.ts'];
    const args = [...flags, `${ROOT}node_modules/jest/bin/jest.js`, ...process.argv.slice(2), ...match];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, MOTO_ENDPOINT: endpoint },
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.once('exit', (code) => resolve(code ?? 1));
  });

try {
  install();
  const moto = await startMoto();
  process.exitCode = await jest(moto.endpoint);
  moto.stop();
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`The tests against peers are skipped: ${error.message}.`);
  process.exitCode = process.env.CI ? 1 : 0;
}
