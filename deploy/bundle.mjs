// Loads a TypeScript file of deploy/, with all that it imports of this project. Plain JavaScript, since it must run
// before anything is bundled; packages stay in node_modules.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The files that this process has loaded, or is loading. */
const loaded = new Map();

/**
 * Bundles a file and imports it, once per process.
 * @param {string} entry path below the project, such as `deploy/stack/template.ts`
 * @returns {Promise<any>} its exports
 */
export function load(entry) {
  const known = loaded.get(entry) ?? bundled(entry);
  loaded.set(entry, known);
  return known;
}

/** @param {string} entry */
async function bundled(entry) {
  // As deep below the project as the folders of deploy/, so that a path to the project is the same in both.
  const path = join(ROOT, 'dist/deploy', `${basename(entry, '.ts')}.mjs`);
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: path,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    external: ['../../build.mjs'],
    write: false,
    logLevel: 'silent',
  });
  const part = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(part, outputFiles[0].contents);
  renameSync(part, path); // another process may be reading the file
  return import(pathToFileURL(path).href);
}
