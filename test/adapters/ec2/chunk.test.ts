/** The SDK is big and slow to read: what makes no call to EC2 must not read it. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { build, type Metafile } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Imports of every file of the adapter, as they are when it runs: those of types are gone. */
async function importsOf(entry: string): Promise<Metafile['inputs']> {
  const { metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outdir: 'out',
    splitting: true,
    logLevel: 'silent',
  });
  return metafile.inputs;
}

/** Packages that are read when the file is, and not later. */
function packagesAt(inputs: Metafile['inputs'], entry: string): readonly string[] {
  const seen = new Set([entry]);
  const packages = new Set<string>();
  for (const path of seen) {
    for (const { path: to, kind, external } of inputs[path]?.imports ?? []) {
      if (kind === 'dynamic-import') continue;
      if (external) packages.add(to);
      else seen.add(relative(ROOT, fileURLToPath(new URL(to, `file://${ROOT}`))));
    }
  }
  return [...packages];
}

const ENTRY = 'adapters/ec2/index.ts';

test('The adapter is read without the SDK', async () => {
  const packages = packagesAt(await importsOf(ENTRY), ENTRY);
  expect(packages).toContain('zod');
  // The logger is not part of the SDK, and every function has loaded it by then.
  expect(packages.filter((name) => /@aws-sdk|smithy/.test(name))).toEqual([]);
});

test('The SDK is behind two imports at run time: EC2 at the first call, STS at the first role', async () => {
  const inputs = await importsOf(ENTRY);
  const late = Object.values(inputs).flatMap(({ imports }) => imports.filter(({ kind }) => kind === 'dynamic-import'));
  const files = [...new Set(late.map(({ path }) => path))].sort();
  expect(files).toEqual(['adapters/ec2/api/assumed-role.ts', 'adapters/ec2/api/sdk.ts']);
  expect(packagesAt(inputs, 'adapters/ec2/api/sdk.ts')).toEqual(['@aws-sdk/client-ec2']);
  expect(packagesAt(inputs, 'adapters/ec2/api/assumed-role.ts')).toContain('@aws-sdk/client-sts');
});

test('No other file of the adapter names the SDK but for its types', async () => {
  const inputs = await importsOf(ENTRY);
  const naming = Object.entries(inputs)
    .filter(([, { imports }]) => imports.some(({ path }) => path.startsWith('@aws-sdk/')))
    .map(([path]) => path);
  expect(naming.sort()).toEqual(['adapters/ec2/api/assumed-role.ts', 'adapters/ec2/api/sdk.ts']);
});

test('What refusals mean is read with the SDK too: nothing is refused before the first call', async () => {
  const inputs = await importsOf(ENTRY);
  const readers = Object.entries(inputs)
    .filter(([, { imports }]) => imports.some(({ path }) => path.endsWith('/refusals/index.ts')))
    .map(([path]) => path);
  expect(readers).toEqual(['adapters/ec2/api/sdk.ts']);
});
