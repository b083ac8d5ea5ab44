// npm run test:deployed: what is packaged, deployed to an emulator of AWS, behind its gateway, on the Node of the deployment.
// Arguments are jest's. Where MiniStack cannot be, this says so; only where CI is set that is a failure.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../build.mjs';
import { runJest } from '../jest.mjs';
import { Missing } from '../peers/installed.mjs';
import { install } from './install.mjs';
import { startMinistack } from './ministack.mjs';
import { installEmulator } from './runtime/install-emulator.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Rethrows what is no peer that is missing; and that, too, where CI is set. */
const leaveOut = (what) => (error) => {
  if (!(error instanceof Missing) || process.env.CI) throw error;
  console.error(`The tests of ${what} are left out: ${error.message}.`);
  return false;
};

const testDeployed = async () => {
  await install();
  const hasEmulator = await installEmulator().then(() => true, leaveOut('the functions in an emulated runtime'));
  const built = mkdtempSync(join(tmpdir(), 'occi-built-'));
  await build(ROOT, built);
  const { endpoint, stop } = await startMinistack();
  const args = [
    ...process.argv.slice(2),
    '--testTimeout=60000',
    '--testMatch=**/test/deployed/**/*.deployed.ts',
    ...(hasEmulator ? [] : ['--testPathIgnorePatterns=/runtime/']),
  ];
  process.exitCode = await runJest(args, { MINISTACK: endpoint, BUILT: join(built, 'functions') });
  stop();
  rmSync(built, { recursive: true });
};

await testDeployed().catch(leaveOut('what is deployed'));
