/** Who may import whom: functions → adapters → lib, never back, and inside lib only what ALLOWED says. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { ADAPTERS } from '../adapters/index.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The parts of the project and what each may import; of several rows that fit a file the longest counts. */
const ALLOWED: Record<string, readonly string[]> = {
  'lib/occi': ['lib/occi', 'lib/errors.ts', 'lib/memo-by-object.ts', 'lib/nearest.ts'],
  'lib/errors.ts': [],
  'lib/memo-by-object.ts': [],
  'lib/remembered.ts': [],
  'lib/http': ['lib/http', 'lib/occi', 'lib/errors.ts'],
  'lib/auth': [
    'lib/auth',
    'lib/adapter/cache.ts',
    'lib/adapter/cloud-login.ts',
    'lib/config/auth',
    'lib/x509',
    'lib/remembered.ts',
    'lib/occi',
    'lib/errors.ts',
    'lib/memo-by-object.ts',
    'lib/http',
    'lib/log.ts',
    'lib/secrets',
    'lib/table/partition-keys.ts',
    'lib/table/table.ts',
  ],
  'lib/auth/permissions.ts': ['lib/auth', 'lib/errors.ts', 'lib/http', 'lib/entities/backend.ts'],
  'lib/renderings': [
    'lib/renderings',
    'lib/occi',
    'lib/errors.ts',
    'lib/http/message.ts',
    'lib/nearest.ts',
    'lib/memo-by-object.ts',
    'lib/remembered.ts',
  ],
  'lib/etags': [
    'lib/etags',
    'lib/occi',
    'lib/remembered.ts',
    'lib/sha1.ts',
    'lib/renderings/rendering.ts',
    'lib/http/preconditions.ts',
  ],
  'lib/x509': ['lib/x509'],
  'lib/table': ['lib/table', 'lib/occi', 'lib/errors.ts'],
  'lib/mapping': [
    'lib/mapping',
    'lib/occi',
    'lib/errors.ts',
    'lib/adapter/contract.ts',
    'lib/log.ts',
    'lib/memo-by-object.ts',
    'lib/remembered.ts',
    'lib/sha1.ts',
    'lib/table/partition-keys.ts',
    'lib/table/table.ts',
  ],
  'lib/adapter': ['lib/adapter', 'lib/occi', 'lib/errors.ts'],
  'lib/adapter/states.ts': ['lib/occi', 'lib/log.ts'],
  'lib/adapter/module.ts': ['lib/adapter', 'lib/config', 'lib/occi/kinds', 'lib/table/partition-keys.ts'],
  'lib/quota': [
    'lib/quota',
    'lib/occi',
    'lib/errors.ts',
    'lib/log.ts',
    'lib/memo-by-object.ts',
    'lib/remembered.ts',
    'lib/adapter/contract.ts',
    'lib/config/limits.ts',
    'lib/mapping',
    'lib/table/partition-keys.ts',
  ],
  'lib/keystone': [
    'lib/keystone',
    'lib/auth',
    'lib/config/auth/names.ts',
    'lib/errors.ts',
    'lib/http',
    'lib/request/error-form.ts',
    'lib/request/page.ts',
  ],
  'lib/entities': [
    'lib/entities',
    'lib/quota',
    'lib/occi',
    'lib/errors.ts',
    'lib/memo-by-object.ts',
    'lib/remembered.ts',
    'lib/adapter/cache.ts',
    'lib/adapter/contract.ts',
    'lib/adapter/finding.ts',
    'lib/adapter/until-visible.ts',
    'lib/mapping',
    'lib/renderings/rendering.ts',
    'lib/etags',
    'lib/http/preconditions.ts',
  ],
  'lib/operations': [
    'lib/operations',
    'lib/entities',
    'lib/occi',
    'lib/errors.ts',
    'lib/memo-by-object.ts',
    'lib/remembered.ts',
    'lib/adapter/contract.ts',
    'lib/mapping',
    'lib/renderings/rendering.ts',
    'lib/etags',
    'lib/http/preconditions.ts',
  ],
  'lib/pages': [
    'lib/pages',
    'lib/auth',
    'lib/adapter/contract.ts',
    'lib/adapter/logins.ts',
    'lib/config/auth',
    'lib/errors.ts',
    'lib/http',
    'lib/nearest.ts',
    'lib/occi',
    'lib/quota',
    'lib/renderings/accept.ts',
    'lib/renderings/characters.ts',
    'lib/request/answering.ts',
    'lib/request/page.ts',
  ],
  'lib/request': [
    'lib/request',
    'lib/pages',
    'lib/keystone',
    'lib/quota/limits.ts',
    'lib/auth',
    'lib/config',
    'lib/http',
    'lib/renderings',
    'lib/operations',
    'lib/entities',
    'lib/mapping',
    'lib/occi',
    'lib/etags',
    'lib/errors.ts',
    'lib/adapter/cloud-login.ts',
    'lib/adapter/contract.ts',
    'lib/log.ts',
    'lib/nearest.ts',
  ],
  'lib/request/handler.ts': ['lib'],
  'lib/config/index.ts': ['lib/config'],
  'lib/config': ['lib/config', 'lib/nearest.ts', 'lib/x509'],
  'lib/secrets': ['lib/secrets', 'lib/config', 'lib/errors.ts', 'lib/log.ts'],
  lib: ['lib/occi', 'lib/errors.ts'],
  adapters: ['adapters', 'lib'],
  deploy: ['deploy', 'lib', 'functions/settings.ts', 'build.mjs'],
  'deploy/permissions/ec2.ts': ['deploy', 'lib', 'adapters/ec2/config.ts'],
  functions: ['lib/request/handler.ts', 'functions/services.ts'],
  'functions/services.ts': ['lib', 'adapters', 'functions/settings.ts'],
  'functions/settings.ts': ['lib', 'adapters'],
  // The server loads the bundle of the functions when it starts: of the functions it may import types only, and of the
  // library what reads a schema without loading zod.
  bench: ['bench', 'functions', 'adapters', 'lib', 'local', 'deploy', 'test', 'build.mjs'],
  local: [
    'local',
    'lib/config/auth/names.ts',
    'lib/config/fields.ts',
    'lib/config/written.ts',
    'lib/config/yaml.ts',
    'lib/x509',
    'lib/adapter/module.ts',
    'functions/services.ts',
  ],
  // The embedded table is a chunk of its own, which has the functions' errors (build.mjs).
  'local/store': ['local', 'lib/table'],
};

const isIn = (path: string, part: string): boolean => path === part || path.startsWith(`${part}/`);

const partOf = (path: string): string =>
  Object.keys(ALLOWED)
    .filter((part) => isIn(path, part))
    .sort((a, b) => b.length - a.length)[0] ?? path;

/** Path of each source → what it imports of ours, for values or for types. */
const imports = new Map(
  ['functions', 'adapters', 'lib', 'local', 'deploy', 'bench'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [join(folder, name), readImports(join(folder, name))] as const),
  ),
);

function readImports(path: string): string[] {
  const statement = /^(?:import|export)(?: type)?\s(?:[^;']*?\sfrom\s+)?'(\.[^']+)'|import\('(\.[^']+)'\)/gm;
  return [...readFileSync(join(ROOT, path), 'utf8').matchAll(statement)].map(([, fixed, lazy]) =>
    relative(ROOT, join(ROOT, dirname(path), fixed ?? lazy ?? '')),
  );
}

/** The first cycle that can be reached from `path`, as the way around it. */
const findCycle = (path: string, way: readonly string[], done: Set<string>): readonly string[] | undefined => {
  if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
  if (done.has(path)) return undefined;
  for (const to of imports.get(path) ?? []) {
    const cycle = findCycle(to, [...way, path], done);
    if (cycle) return cycle;
  }
  done.add(path);
  return undefined;
};

describe('imports', () => {
  test('go only where they may', () => {
    const forbidden = [...imports].flatMap(([from, targets]) => {
      const allowed = ALLOWED[partOf(from)] ?? [];
      return targets.filter((to) => !allowed.some((part) => isIn(to, part))).map((to) => `${from} → ${to}`);
    });
    expect(forbidden).toEqual([]);
  });

  test('of one adapter never lead into another', () => {
    const adapterOf = (path: string) => /^adapters\/([^/]+)\//.exec(path)?.[1];
    const crossing = [...imports].flatMap(([from, targets]) =>
      targets
        .filter((to) => adapterOf(from) && adapterOf(to) && adapterOf(to) !== adapterOf(from))
        .map((to) => `${from} → ${to}`),
    );
    expect(crossing).toEqual([]);
  });

  test('of the local server load nothing that the functions load', () => {
    const loaded = [...imports.keys()]
      .filter((path) => isIn(path, 'local'))
      .flatMap((path) => [...readFileSync(join(ROOT, path), 'utf8').matchAll(/^import (?!type).*'(\.[^']+)';$/gm)])
      .map(([, to]) => to!)
      .filter((to) => /\/(lib|functions|adapters)\//.test(to));
    // The embedded table is none of the functions': see the next test.
    const isSmall = (to: string) =>
      /\/lib\/table\/embedded\.ts$/.test(to) || /\/lib\/(config\/(fields|written|yaml)\.ts|x509\/[\w-]+\.ts)$/.test(to);
    expect([...new Set(loaded)].filter((to) => !isSmall(to))).toEqual([]);
  });

  test('lead to the embedded table and its database from the local server only', () => {
    const isTable = (to: string) => to === 'lib/table/embedded.ts' || to.startsWith('local/');
    const others = [...imports].filter(([from]) => !isIn(from, 'local') && !isIn(from, 'bench'));
    expect(others.filter(([, targets]) => targets.some(isTable)).map(([from]) => from)).toEqual([]);
    const database = others.filter(([from]) => readFileSync(join(ROOT, from), 'utf8').includes("'classic-level'"));
    expect(database.map(([from]) => from)).toEqual([]);
  });

  test('never go round in a circle, not even for types', () => {
    const done = new Set<string>();
    expect([...imports.keys()].map((path) => findCycle(path, [], done)).filter(Boolean)).toEqual([]);
  });
});

/** The one exception: rights in AWS name its services, and those in EC2 are given only where that is the cloud. */
const RIGHTS = 'deploy/permissions';

test('No cloud is known by its name to what all clouds share', () => {
  const named = new RegExp(`^(?! *(?://|/?\\*)).*['"](?:${Object.keys(ADAPTERS).join('|')})['"].*`, 'gm');
  const places = [...imports.keys()]
    .filter((path) => !isIn(path, 'adapters') && !isIn(path, 'bench') && !isIn(path, RIGHTS))
    .flatMap((path) => [...readFileSync(join(ROOT, path), 'utf8').matchAll(named)].map(([line]) => `${path}: ${line}`));
  expect(places).toEqual([]);
});

/** A longer list is one that takes long to read: the folder then holds several things. */
const MAX_FILES = 25;

test('No folder has more files than a reader takes in', () => {
  const folders = [...imports.keys()].map((path) => dirname(path));
  const counts = new Map(folders.map((folder) => [folder, folders.filter((other) => other === folder).length]));
  expect([...counts].filter(([, count]) => count > MAX_FILES)).toEqual([]);
});

/** A longer file is about several things. */
const MAX_LINES = 250;

test('No source is longer than a reader keeps in mind', () => {
  const lines = (path: string) => readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1;
  expect([...imports.keys()].filter((path) => lines(path) > MAX_LINES)).toEqual([]);
});
