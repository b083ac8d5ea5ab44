// npm run test:crash: processes that die at every write and every native call, see `points.ts`. Arguments are jest's:
// `npm run test:crash opennebula`. Moto is started if EC2 is among what runs. Where moto cannot be, this says so and
// leaves EC2 out; only where CI is set that is a failure. CRASH_WHOLE=1 runs what EC2's suite leaves out to be done in time.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installMoto } from '../peers/install-moto.mjs';
import { Missing } from '../peers/installed.mjs';
import { startMoto } from '../peers/moto.mjs';
import { bundle } from './bundle.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const given = process.argv.slice(2);

/** The command line of jest, for the suites of these clouds. */
const argumentsOf = (clouds, own = given) => [
  '--experimental-vm-modules',
  '--no-warnings=ExperimentalWarning',
  `${ROOT}node_modules/jest/bin/jest.js`,
  ...own,
  `--testMatch=**/test/crash/${clouds}.crash.ts`,
];

/** Jest, and its exit code. */
const jest = (clouds, env) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, argumentsOf(clouds), {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.once('exit', (code) => resolve(code ?? 1));
  });

/** Whether the suite of EC2 is among those that the arguments select. */
const wantsEc2 = () => {
  // With an output file jest would write the list there.
  const own = given.filter((argument) => !/^--(?:json$|outputFile=)/.test(argument));
  const list = [...argumentsOf('*', own), '--listTests'];
  const { status, stdout, stderr } = spawnSync(process.execPath, list, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`jest cannot list what it would run: ${stderr}`);
  return /\bec2\.crash\.ts\b/.test(stdout);
};

/** A moto for all tests; undefined where there can be none. */
const moto = async () => {
  try {
    await installMoto();
    return await startMoto();
  } catch (error) {
    if (!(error instanceof Missing) || process.env.CI) throw error;
    console.error(`EC2 is left out: ${error.message}.`);
    return undefined;
  }
};

await bundle();
const started = wantsEc2() ? await moto() : undefined;
process.exitCode = await jest(started ? '*' : '!(ec2)', started && { MOTO_ENDPOINT: started.endpoint });
started?.stop();
