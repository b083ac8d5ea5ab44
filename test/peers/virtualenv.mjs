// Virtual environments for peers that are written in Python, each made once.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** The Python of a virtual environment. */
export const pythonOf = (folder) => `${folder}/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`;

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

/**
 * Makes the environment in `folder` agree with a file of requirements; nothing is done when it does. Throws `Missing`.
 * @param {{ name: string, folder: string, requirements: string }} environment
 */
export const install = ({ name, folder, requirements }) => {
  const own = pythonOf(folder);
  /** Names the requirements that the environment was made for; written last. */
  const stamp = `${folder}/requirements-sha256`;
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(own) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const python = findPython();
  console.error(`Installing ${name} for the peers, once …`);
  rmSync(folder, { recursive: true, force: true });
  const steps = [
    [python, ['-m', 'venv', folder]],
    [own, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '2', '-r', requirements]],
  ];
  for (const [command, args] of steps) {
    const { done, why } = run(command, args);
    if (!done) throw new Missing(`${name} cannot be installed (${why})`);
  }
  writeFileSync(stamp, hash);
};
