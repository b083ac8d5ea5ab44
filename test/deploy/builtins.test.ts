/** How the deployed files load Node's own modules: to import one costs more than to require it (`build.mjs`). */
import { mkdtempSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build as bundle, type Metafile } from 'esbuild';
import { build } from '../../build.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'occi-builtins-'));

beforeAll(() => build(ROOT, folder), 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** What the built files import, as esbuild reads them: not by the expressions with which the build replaces imports. */
async function importsOf(entry: string): Promise<Metafile['inputs']> {
  const { metafile } = await bundle({
    entryPoints: [join(folder, 'functions', entry)],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    outdir: join(folder, 'read'),
    logLevel: 'silent',
  });
  return metafile.inputs;
}

test('they are required, except for the module that makes require()', async () => {
  const files = Object.values(await importsOf('compute.mjs'));
  const imported = files.flatMap(({ imports }) =>
    imports.filter(({ path, kind }) => kind !== 'require-call' && isBuiltin(path)).map(({ path }) => path),
  );
  expect(files.length).toBeGreaterThan(10);
  expect([...new Set(imported)]).toEqual(['node:module']);
});

const isBuiltin = (path: string): boolean => builtinModules.includes(path.replace(/^node:/, ''));
