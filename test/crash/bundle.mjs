// Makes one text of the program, for `processes.ts` to evaluate.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Packages that keep nothing of ours in mind; they are loaded once for all processes. */
const PACKAGES = ['@aws-sdk/*', '@aws-lambda-powertools/*', 'dynalite', 'zod'];

export const bundle = () =>
  build({
    absWorkingDir: ROOT,
    entryPoints: ['test/crash/program.ts'],
    outfile: 'dist/test/crash/program.cjs',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: PACKAGES,
    define: { 'import.meta.url': '"file:///program.mjs"' },
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
  });
