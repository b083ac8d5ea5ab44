// npm run test:crash: processes that die at every write and every native call, see `points.ts`. Where moto cannot be, it
// says so and leaves EC2 out; only where CI is set that is a failure.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installMoto, Missing } from '../peers/install-moto.mjs';
import { startMoto } from '../peers/moto.mjs';
import { bundle } from './bundle.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Jest with the arguments of this command, and its exit code. */
const jest = (match, env) =>
  new Promise((resolve) => {
    const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
    const args = [...flags, `${ROOT}node_modules/jest/bin/jest.js`, ...process.argv.slice(2), `--testMatch=${match}`];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.once('exit', (code) => resolve(code ?? 1));
  });

/** A moto for all tests; undefined where there can be none. */
const moto = async () => {
  try {
    installMoto();
    return await startMoto();
  } catch (error) {
    if (!(error instanceof Missing) || process.env.CI) throw error;
    console.error(`EC2 is left out: ${error.message}.`);
    return undefined;
  }
};

await bundle();
const started = await moto();
const clouds = started ? '*' : '!(ec2)';
process.exitCode = await jest(`**/test/crash/${clouds}.crash.ts`, started && { MOTO_ENDPOINT: started.endpoint });
started?.stop();
