// npm run test:peers: what stands against peers over the wire, against moto, Keystone and jOCCI. It installs each, once,
// starts one moto for all tests, and runs them. Where that cannot be, it says so; only where CI is set that is a failure.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installMoto } from './install-moto.mjs';
import { Missing } from './installed.mjs';
import { installJocci } from './jocci/install-jocci.mjs';
import { installKeystone } from './keystone/install-keystone.mjs';
import { startMoto } from './moto.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Jest with the arguments of this command, and its exit code. */
const jest = (endpoint, others) =>
  new Promise((resolve) => {
    const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
    // Behind what was given, for jest takes a pattern after it for one more of its own.
    const match = ['--testTimeout=30000', '--testMatch=**/test/{adapters,peers}/**/*.peer.ts'];
    const args = [...flags, `${ROOT}node_modules/jest/bin/jest.js`, ...process.argv.slice(2), ...match];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, MOTO_ENDPOINT: endpoint, ...others },
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.once('exit', (code) => resolve(code ?? 1));
  });

/** Only a few tests need Java: without it, those are skipped, and CI has it. */
const withJava = async () => {
  try {
    await installJocci();
    return {};
  } catch (error) {
    if (!(error instanceof Missing) || process.env.CI) throw error;
    console.error(`The tests with jOCCI are skipped: ${error.message}.`);
    return { JOCCI_MISSING: error.message };
  }
};

try {
  const [others] = await Promise.all([withJava(), installMoto(), installKeystone()]);
  const moto = await startMoto();
  process.exitCode = await jest(moto.endpoint, others);
  moto.stop();
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`The tests against peers are skipped: ${error.message}.`);
  process.exitCode = process.env.CI ? 1 : 0;
}
