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

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const testDeployed = async () => {
  await install();
  const built = mkdtempSync(join(tmpdir(), 'occi-built-'));
  await build(ROOT, built);
  const { endpoint, stop } = await startMinistack();
  const args = [...process.argv.slice(2), '--testTimeout=60000', '--testMatch=**/test/deployed/**/*.deployed.ts'];
  process.exitCode = await runJest(args, { MINISTACK: endpoint, BUILT: join(built, 'functions') });
  stop();
  rmSync(built, { recursive: true });
};

await testDeployed().catch((error) => {
  if (!(error instanceof Missing) || process.env.CI) throw error;
  console.error(`The tests of what is deployed are left out: ${error.message}.`);
});
