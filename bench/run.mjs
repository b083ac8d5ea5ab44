// `npm run bench`: builds what is measured if it is out of date, then what measures, and becomes the latter.
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { build, isBuilt } from '../build.mjs';

if (!isBuilt()) await build();
await esbuild.build({
  entryPoints: ['bench', 'generator', 'hello', 'codec'].map((name) => `bench/${name}.ts`),
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  outdir: 'dist/bench',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
await import('../dist/bench/bench.mjs');
