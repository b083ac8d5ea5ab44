// Jest, for the commands that prepare something before their tests run.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const JEST = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', `${ROOT}node_modules/jest/bin/jest.js`];

/**
 * Jest's exit code. Signals of this process are passed on.
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] beside that of this process
 * @returns {Promise<number>}
 */
export const runJest = (args, env = {}) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [...JEST, ...args], {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.once('exit', (code) => resolve(code ?? 1));
  });

/**
 * The files that Jest would run with these arguments, by their paths in the project.
 * @param {readonly string[]} args
 * @returns {string[]}
 */
export const listTests = (args) => {
  // With an output file Jest would write the list there.
  const own = args.filter((argument) => !/^--(?:json$|outputFile=)/.test(argument));
  const list = [...JEST, ...own, '--listTests'];
  const { status, stdout, stderr } = spawnSync(process.execPath, list, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`jest cannot list what it would run: ${stderr}`);
  return stdout
    .split('\n')
    .filter((path) => path.startsWith(ROOT))
    .map((path) => path.slice(ROOT.length));
};
