// The only build: `node build.mjs`. Lambda, `npm start` and the bench use the same bundles.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
/** The functions, by their names in serverless.yml. */
export const FUNCTIONS = ['discovery', 'compute', 'storage', 'network', 'links', 'account', 'identity', 'paths'];
/** The functions and `services`, which the local server loads first to check that it can start. */
const ENTRIES = [...FUNCTIONS, 'services'];
const SOURCES = ['functions', 'lib', 'adapters', 'local', 'build.mjs', 'package-lock.json'];
/** Written last; its modification time is the start of the build. */
const STAMP = '.built';

const SHARED = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'], // ES modules allow tree shaking
  // Some packages still call require() for Node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'silent',
  write: false,
  metafile: true,
};

/**
 * zod can write a schema as JSON Schema, and refers to the code for it from every schema: 18 kB that no function calls.
 * Its exports are replaced by a function that throws.
 */
const withoutJsonSchema = {
  name: 'without-json-schema',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]core[\\/](to-json-schema|json-schema-processors)\.js$/ }, ({ path }) => {
      const names = [...readFileSync(path, 'utf8').matchAll(/^export (?:const|function) (\w+)/gm)].map(
        ([, name]) => name,
      );
      const absent = "const absent = () => { throw new Error('This bundle has no JSON Schema.'); };";
      return { contents: [absent, ...names.map((name) => `export const ${name} = absent;`)].join('\n') };
    }),
};

/**
 * middy imports streams for responses in pieces, which no function makes through it: Node takes longer to load them than
 * this project's code does to run. They are replaced by nothing.
 */
const withoutStreams = {
  name: 'without-streams',
  setup({ onResolve, onLoad }) {
    const namespace = 'without-streams';
    onResolve({ filter: /^node:stream(\/web|\/promises)?$/ }, ({ path, importer }) =>
      /[\\/]@middy[\\/]core[\\/]/.test(importer) ? { path, namespace } : undefined,
    );
    onLoad({ filter: /./, namespace }, () => ({ contents: 'export let Readable, ReadableStream, pipeline;' }));
  },
};

/** What every function loads when it starts. */
const START = ['functions/services.ts', 'lib/request/handler.ts'];

/** Our own modules that are loaded with import(), as absolute paths. */
const lazyModules = (root) =>
  new Set(
    ['functions', 'lib', 'adapters'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(root, folder, name))
        .flatMap((path) =>
          [...readFileSync(path, 'utf8').matchAll(/import\('(\.[^']+\.ts)'\)/g)].map(([, to]) =>
            join(dirname(path), to),
          ),
        ),
    ),
  );

/** What is there before such a module: the start, and of a part of an adapter also the adapter itself. */
const loadedBefore = (root, path) => {
  const [, adapter] = /^adapters[\\/]([^\\/]+)[\\/]./.exec(relative(root, path)) ?? [];
  const index = adapter && join('adapters', adapter, 'index.ts');
  return [...START, ...(index && join(root, index) !== path ? [index] : [])];
};

/**
 * esbuild makes a chunk for each set of entry points that share modules, and what is loaded later counts as one: every
 * such module that uses a small part of what is there splits it further, and each file takes time to load. So all of
 * them import the whole of what is there before them: it is in one set, and in a few files.
 */
const wholeStart = {
  name: 'whole-start',
  setup({ onLoad, initialOptions }) {
    const root = initialOptions.absWorkingDir ?? ROOT;
    const lazy = lazyModules(root);
    const withImports = (path) => {
      const imports = loadedBefore(root, path).map((before) => `import ${JSON.stringify(join(root, before))};`);
      return [readFileSync(path, 'utf8'), ...imports].join('\n');
    };
    onLoad({ filter: /\.ts$/ }, ({ path }) =>
      lazy.has(path) ? { contents: withImports(path), loader: 'ts' } : undefined,
    );
  },
};

/** Node's own modules that can be named without `node:`. */
const BUILTINS = new Set(builtinModules);
const STATIC_IMPORT = /\bimport(?:\{([^{}]*)\}| ([\w$]+) |\*as ([\w$]+) )from"(?:node:)?([\w/]+)"/g;
const AWAITED_IMPORT = /\bawait import\("(?:node:)?([\w/]+)"\)/g;

/** Replaces imports of Node's modules in a minified file. Every replacement is as long as what it replaces: source maps hold. */
const requiring = (text) =>
  text
    .replace(STATIC_IMPORT, (whole, names, byDefault, all, module) => {
      const to = names === undefined ? ` ${byDefault ?? all}` : `{${names.replaceAll(' as ', ':')}}`;
      const line = `const${to}=require("${module}")`;
      return BUILTINS.has(module) && line.length <= whole.length ? line.padEnd(whole.length) : whole;
    })
    .replace(AWAITED_IMPORT, (whole, module) =>
      BUILTINS.has(module) ? `require("${module}")`.padEnd(whole.length) : whole,
    );

/**
 * Node's own modules are required instead of imported. To import `node:http`, Node 24 reads each of its exports, and some
 * of them load fetch and HTTP/2: 61 ms of processor time, where require() takes a few.
 */
const builtinsByRequire = {
  name: 'builtins-by-require',
  setup({ onEnd }) {
    onEnd(({ outputFiles }) => {
      for (const file of outputFiles.filter(({ path }) => path.endsWith('.mjs')))
        file.contents = Buffer.from(requiring(file.text));
    });
  },
};

/** Self-contained, minified bundles with shared chunks: files that a start does not need are loaded later. */
export const LAMBDA = {
  ...SHARED,
  splitting: true,
  minify: true,
  sourcemap: 'external',
  legalComments: 'external',
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [withoutJsonSchema, withoutStreams, wholeStart, builtinsByRequire],
};

/** The table of `npm start` fails with the functions' own class of errors, by which they know a failure. */
const withErrorsOfFunctions = {
  name: 'with-errors-of-functions',
  setup({ onResolve, initialOptions }) {
    const errors = join(initialOptions.absWorkingDir ?? ROOT, 'lib', 'errors.ts');
    onResolve({ filter: /[\\/]errors\.ts$/ }, ({ path, resolveDir }) =>
      join(resolveDir, path) === errors ? { path: '../functions/services.mjs', external: true } : undefined,
    );
  },
};

/** classic-level loads the file of its platform from its own folder, so it stays in node_modules. */
const LOCAL = {
  ...SHARED,
  splitting: true,
  chunkNames: '[name]-[hash]',
  external: ['classic-level'],
  plugins: [withErrorsOfFunctions],
};

/**
 * Builds functions/ into dist/functions/ and the local server into dist/local/.
 * @param {string} [root] folder of the project
 * @param {string} [dist] output folder; the default is dist/ of the project
 * @returns {Promise<import('esbuild').Metafile>} the inputs of the Lambda bundles, for measurements
 * @throws {Error} with esbuild's messages, each naming file and line
 */
export const build = async (root = ROOT, dist = join(root, 'dist')) => {
  const began = new Date();
  const esbuild = await import('esbuild');
  const inRoot = { absWorkingDir: join(root, '.') };
  const [functions, local] = await Promise.all([
    esbuild.build({
      ...LAMBDA,
      ...inRoot,
      entryPoints: ENTRIES.map((name) => `functions/${name}.ts`),
      outdir: join(dist, 'functions'),
    }),
    esbuild.build({ ...LOCAL, ...inRoot, entryPoints: ['local/server.ts'], outdir: join(dist, 'local') }),
  ]);
  const files = [...functions.outputFiles, ...local.outputFiles];
  for (const { path, contents } of files) writeWhole(path, contents);
  const written = new Set(files.map(({ path }) => path));
  for (const folder of ['functions', 'local']) removeOthers(join(dist, folder), written);
  const stamp = join(dist, STAMP);
  writeFileSync(stamp, '');
  utimesSync(stamp, began, began);
  return functions.metafile;
};

/**
 * True if dist/ is up to date with the sources. Compares the modification times of files and of folders, because only the
 * folder shows that a file was removed.
 * @param {string} [root] folder of the project
 */
export const isBuilt = (root = ROOT) => {
  const stamp = join(root, 'dist', STAMP);
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  const unchanged = (path) => {
    const status = statSync(path);
    if (status.mtimeMs >= built) return false;
    return !status.isDirectory() || readdirSync(path).every((name) => unchanged(`${path}/${name}`));
  };
  return SOURCES.every((source) => unchanged(`${root}/${source}`));
};

/** Writes atomically: a server that starts during the build reads the old file or the new one, never a part. */
const writeWhole = (path, contents) => {
  const part = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(part, contents);
  renameSync(part, path);
};

/** Chunks are named by their content, so those of earlier builds would pile up. */
const removeOthers = (folder, keep) => {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !keep.has(path) && !path.endsWith('.tmp')) rmSync(path, { force: true });
  }
};

/** A file and its static imports, recursively; files loaded with import() are not included. */
export const readWith = (outputs, path, paths = new Set()) => {
  if (paths.has(path) || !outputs[path]) return paths;
  paths.add(path);
  for (const { path: next, kind } of outputs[path].imports)
    if (kind === 'import-statement') readWith(outputs, next, paths);
  return paths;
};

/** The total size of files, in kilobytes of 1,000 bytes. */
export const kilobytesOf = (outputs, paths) => [...paths].reduce((sum, path) => sum + outputs[path].bytes, 0) / 1000;

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const esbuild = await import('esbuild');
  try {
    const { outputs } = await build();
    for (const name of ENTRIES) {
      const size = kilobytesOf(outputs, readWith(outputs, `dist/functions/${name}.mjs`));
      console.log(`${name.padEnd(10)}${size.toFixed(0).padStart(5)} kB read at start`);
    }
  } catch (error) {
    const messages = await esbuild.formatMessages(error.errors ?? [{ text: error.message }], { kind: 'error' });
    console.error(messages.join(''));
    process.exitCode = 1;
  }
}
