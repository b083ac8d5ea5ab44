// Starts MiniStack: an emulator of AWS that takes CloudFormation, and runs functions under the Node that is deployed.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.mjs';
import { NODE_BIN, PYTHON } from './install.mjs';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

/** What functions find in their environment, for MiniStack passes its own on. */
const environment = (port, folder) => ({
  PATH: `${NODE_BIN}:${process.env.PATH}`,
  HOME: folder,
  TMPDIR: folder,
  S3_DATA_DIR: join(folder, 's3'),
  GATEWAY_PORT: String(port),
  BIND_HOST: '127.0.0.1',
  LOG_LEVEL: 'WARNING',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});

/**
 * A MiniStack of its own; 3 s or so. It ends with this process, however that ends.
 * @returns {Promise<{ endpoint: string, stop: () => void }>}
 * @throws {Error} where it is not installed, or does not start
 */
export const startMinistack = async () => {
  if (!existsSync(PYTHON)) throw new Error(`There is no ${PYTHON}: npm run test:deployed makes it`);
  const folder = mkdtempSync(join(tmpdir(), 'occi-ministack-'));
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(PYTHON, [fileURLToPath(new URL('start_ministack.py', import.meta.url))], {
    cwd: folder,
    env: environment(new URL(endpoint).port, folder),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  let ended = false;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-4000);
    });
  child.once('exit', () => {
    ended = true;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const isUp = () =>
    fetch(`${endpoint}/_ministack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (const end = Date.now() + START_TIMEOUT_MS; !(await isUp()); await sleep(POLL_MS))
    if (ended || Date.now() > end) throw new Error(`MiniStack does not start: ${said}`);
  return { endpoint, stop: () => child.stdin.end() };
};
