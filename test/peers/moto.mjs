// Starts moto: the emulator of EC2, STS and DynamoDB, in the virtual environment that run.mjs makes.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { folderOf, pythonOf } from './installed.mjs';

export const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** The virtual environment. */
export const VENV = folderOf('moto', [REQUIREMENTS]);

/** Its Python, or that of another environment with moto in it. */
export const PYTHON = process.env.MOTO_PYTHON ?? pythonOf(VENV);

/** With moto's own checks of what a launch names. */
const CHECKS = {
  MOTO_ENABLE_AMI_VALIDATION: 'true',
  MOTO_ENABLE_KEYPAIR_VALIDATION: 'true',
  MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION: 'true',
};

/**
 * A moto of its own; 2 s or so. It ends with this process, however that ends.
 * @returns {Promise<{ endpoint: string, stop: () => void }>}
 * @throws {Error} where there is no virtual environment, or moto does not start
 */
export const startMoto = async () => {
  if (!existsSync(PYTHON)) throw new Error(`There is no ${PYTHON}: npm run test:peers makes it`);
  const child = spawn(PYTHON, [fileURLToPath(new URL('start_moto.py', import.meta.url))], {
    env: { ...process.env, ...CHECKS },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4000);
  });
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(Number(chunk)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`moto ended with ${code} before it listened: ${said}`)));
  });
  // A finished test may exit without stopping it.
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.unref?.();
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => child.stdin.end() };
};
