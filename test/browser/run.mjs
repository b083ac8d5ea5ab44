// npm run test:browser: what pages in a real browser can do to an endpoint. It says so where there is no browser; only
// where CI is set that is a failure.
import { runJest } from '../jest.mjs';
import { chromiumPath, Missing } from './chromium.mjs';

// Behind what was given, for jest takes a pattern after it for one more of its own.
const args = [...process.argv.slice(2), '--testTimeout=30000', '--testMatch=**/test/browser/**/*.browser.ts'];

try {
  process.exitCode = await runJest(args, { CHROMIUM: chromiumPath() });
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`The tests in a browser are skipped: ${error.message}.`);
  process.exitCode = process.env.CI ? 1 : 0;
}
