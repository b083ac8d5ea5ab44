// `npm run bench`: builds what is measured if it is out of date, then what measures, and becomes the latter.
// `npm run bench -- opennebula` measures that adapter, which needs no build.
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { build, isBuilt } from '../build.mjs';

const opennebula = process.argv[2] === 'opennebula';
const parts = opennebula
  ? ['opennebula', 'opennebula/stand-in', 'opennebula/calls', 'opennebula/lister']
  : ['bench', 'generator', 'hello', 'codec'];
if (!opennebula && !isBuilt()) await build();
await esbuild.build({
  entryPoints: parts.map((name) => `bench/${name}.ts`),
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  outdir: 'dist/bench',
  outbase: 'bench',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
await import(`../dist/bench/${parts[0]}.mjs`);
