// npm run test:browser: what pages in a real browser can do to an endpoint. It says so where there is no browser; only
// where CI is set that is a failure.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromiumPath, Missing } from './chromium.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Jest with the arguments of this command, and its exit code. */
const jest = (chromium) =>
  new Promise((resolve) => {
    const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
    // Behind what was given, for jest takes a pattern after it for one more of its own.
    const match = ['--testTimeout=30000', '--testMatch=**/test/browser/**/*.browser.ts'];
    const args = [...flags, `${ROOT}node_modules/jest/bin/jest.js`, ...process.argv.slice(2), ...match];
    const env = { ...process.env, CHROMIUM: chromium };
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.once('exit', (code) => resolve(code ?? 1));
  });

try {
  process.exitCode = await jest(chromiumPath());
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`The tests in a browser are skipped: ${error.message}.`);
  process.exitCode = process.env.CI ? 1 : 0;
}
