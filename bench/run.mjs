// `npm run bench`: builds the endpoint if it is out of date, then builds the bench and runs it.
// `npm run bench -- opennebula` (or `ec2`, `openstack`, `auth`, `cold`) measures that part, which needs no build.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { build, isBuilt } from '../build.mjs';
import { entriesFor, isNamed } from './entries.mjs';

const [, , name] = process.argv;
const entryPoints = entriesFor(name);
if (!isNamed(name) && !isBuilt()) await build();
await esbuild.build({
  entryPoints,
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  outdir: 'dist/bench',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  // As in a deployment, adapters and their libraries are loaded only where they are used.
  splitting: true,
  chunkNames: '[name]-[hash]',
  logLevel: 'error',
});
if (name === 'cold') {
  const { installNode, NODE_BIN, NODE_VERSION } = await import('../test/deployed/install.mjs');
  await installNode();
  Object.assign(process.env, { NODE_DEPLOYED: join(NODE_BIN, 'node'), NODE_DEPLOYED_VERSION: NODE_VERSION });
}
if (name === 'ec2' || name === 'cold') {
  // Not bundled, because it finds its environment next to the project's packages. It ends with this process.
  const { startMoto } = await import('../test/peers/moto.mjs');
  process.env.MOTO_ENDPOINT = (await startMoto()).endpoint;
}
// A real control plane with a population, which ends with this process.
const endCloud = name === 'openstack' ? await (await import('./openstack/prepare.mjs')).prepare() : undefined;
// Lines of the log would drown the figures.
if (name === 'auth')
  Object.assign(process.env, { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' });
await import(`../dist/bench/${entryPoints[0].out}.mjs`);
await endCloud?.();
