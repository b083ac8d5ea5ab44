// The virtual environment for moto, made once.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PYTHON, VENV } from './moto.mjs';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
/** Names the requirements that the environment was made for; written last. */
const STAMP = `${VENV}/requirements-sha256`;

/** Whatever is missing: said in one line. */
export class Missing extends Error {}

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

/** Makes the environment agree with the requirements; nothing is done when it does. Throws `Missing`. */
export const installMoto = () => {
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
