/** A container of Lambda: AWS's runtime interface emulator with one function in it, on the Node that is deployed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../free-port.mjs';
import { NODE_BIN } from '../install.mjs';
import { EMULATOR } from './install-emulator.mjs';

const LOOP = fileURLToPath(new URL('loop.mjs', import.meta.url));
const INVOKE = '/2015-03-31/functions/function/invocations';
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

export interface Installed {
  /** Where the package was unpacked. */
  readonly folder: string;
  /** As the template has it: `dist/functions/compute.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
}

export interface Container {
  /** Calls the function, as Lambda's Invoke does; resolves to the payload of its answer. */
  invoke(payload: string): Promise<string>;
  /** What emulator and function have written, which CloudWatch would keep. */
  log(): string;
  stop(): Promise<void>;
}

/** Ends the emulator, and with it the function, once its standard input ends: it outlives nobody. */
const GUARD = '"$@" & cat >/dev/null; kill $!; wait';

/** The function is loaded at the first call, as in Lambda. */
export async function startContainer(installed: Installed): Promise<Container> {
  const { folder, handler, environment, memoryMiB, timeoutSeconds } = installed;
  const [runtimePort, port] = [await freePort(), await freePort()];
  const addresses = [
    ...['--runtime-api-address', `127.0.0.1:${runtimePort}`],
    ...['--runtime-interface-emulator-address', `127.0.0.1:${port}`],
  ];
  const program = [EMULATOR, ...addresses, join(NODE_BIN, 'node'), LOOP, handler];
  const child = spawn('sh', ['-c', GUARD, 'guard', ...program], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: 'test',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMiB),
      AWS_LAMBDA_FUNCTION_TIMEOUT: String(timeoutSeconds),
      LAMBDA_TASK_ROOT: folder,
      ...environment,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      log += chunk;
    });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}${INVOKE}`;
  const isUp = () =>
    // Not the path that calls the function.
    fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
  for (const end = Date.now() + START_TIMEOUT_MS; !(await isUp()); await sleep(POLL_MS))
    if (child.exitCode !== null || Date.now() > end) throw new Error(`The emulator does not start: ${log}`);
  return {
    invoke: async (body) => (await fetch(url, { method: 'POST', body })).text(),
    log: () => log,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
