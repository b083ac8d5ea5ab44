// `npm run bench`: builds the endpoint if it is out of date, then builds the bench and runs it.
// `npm run bench -- opennebula` (or `ec2`) measures that adapter, which needs no build.
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { build, isBuilt } from '../build.mjs';

/** For each adapter, the entry point of its bench and the files of its processes. */
const ADAPTERS = {
  opennebula: ['opennebula', 'opennebula/stand-in', 'opennebula/calls', 'opennebula/lister'],
  ec2: ['ec2', 'ec2/account'],
};
const ofAdapter = ADAPTERS[process.argv[2]];
const parts = ofAdapter ?? ['bench', 'generator', 'hello', 'codec'];
if (!ofAdapter && !isBuilt()) await build();
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
if (parts[0] === 'ec2') {
  // Not bundled, because it finds its environment next to the project's packages. It ends with this process.
  const { startMoto } = await import('../test/peers/moto.mjs');
  process.env.MOTO_ENDPOINT = (await startMoto()).endpoint;
}
await import(`../dist/bench/${parts[0]}.mjs`);
