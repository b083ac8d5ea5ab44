// Starts OpenStack's identity service, in the virtual environment that run.mjs makes.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { folderOf, pythonOf } from '../installed.mjs';

export const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** The virtual environment. */
export const VENV = folderOf('keystone', [REQUIREMENTS]);

/** Its Python, for clients of OpenStack. */
export const PYTHON = pythonOf(VENV);

/**
 * A Keystone of its own; 8 s or so. Its administrator is `admin` with the password `secret`. It ends with this process,
 * however that ends.
 * @returns {Promise<{ endpoint: string, stop: () => void }>}
 * @throws {Error} where there is no virtual environment, or Keystone does not start
 */
export const startKeystone = async () => {
  if (!existsSync(PYTHON)) throw new Error(`There is no ${PYTHON}: npm run test:peers makes it`);
  const program = fileURLToPath(new URL('start_keystone.py', import.meta.url));
  const child = spawn(PYTHON, ['-W', 'ignore', program], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4000);
  });
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(Number(chunk)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Keystone ended with ${code} before it listened: ${said}`)));
  });
  // A finished test may exit without stopping it.
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.unref?.();
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => child.stdin.end() };
};
