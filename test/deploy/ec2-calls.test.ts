/** The rights that functions get in EC2 are those for the calls that the adapter makes. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { FUNCTIONS } from '../../build.mjs';
import { ec2Statements, TAG_KEYS } from '../../deploy/permissions/ec2.ts';
import { CALLS as calls, SERVES } from '../../deploy/permissions/ec2-calls.ts';
import { KINDS, type KindTerm } from '../../lib/occi/kinds/index.ts';
import type { Json } from './packaging.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ADAPTER = join(ROOT, 'adapters/ec2');
const CALLS: Readonly<Record<string, readonly string[]>> = calls;

/** Any kind may meet a type that nobody has read yet: the catalogue has this call for all of them. */
const SHARED = ['DescribeInstanceTypes'];

const source = (path: string): string => readFileSync(path, 'utf8');

/** Paths of all the adapter's sources, in all its folders. */
const SOURCES = readdirSync(ADAPTER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join(ADAPTER, path));

/** The one source of that name, wherever it lies; `native/` has shapes of answers under the same names, and no calls. */
function sourceNamed(name: string): string {
  const paths = SOURCES.filter((path) => basename(path) === name && dirname(path) !== join(ADAPTER, 'native'));
  if (paths.length !== 1) throw new Error(`${paths.length} files are named ${name}`);
  return paths[0]!;
}

const known = [...source(sourceNamed('sdk.ts')).matchAll(/^ {2}(\w+): \w+Command,/gm)].map(([, name]) => name!);

/** The calls that a file makes. */
const callsIn = (path: string): string[] => known.filter((name) => source(path).includes(`'${name}'`));

/** A file and all that it imports of the adapter, but for types. */
function withImports(path: string, paths = new Set<string>()): Set<string> {
  if (paths.has(path)) return paths;
  paths.add(path);
  const statement = /^(?:import|export)( type)?\s(?:[^;']*?\sfrom\s+)?'(\.[^']+)'/gm;
  for (const [, type, from] of source(path).matchAll(statement)) {
    const next = join(dirname(path), from!);
    if (!type && next.startsWith(ADAPTER)) withImports(next, paths);
  }
  return paths;
}

const made = (file: string): string[] => [...new Set([...withImports(sourceNamed(`${file}.ts`))].flatMap(callsIn))];

describe('the calls of a kind', () => {
  test.each(Object.keys(CALLS))('%s are those that its files make', (kind) => {
    const listed = CALLS[kind]!.filter((name) => kind !== 'catalogue' || !SHARED.includes(name));
    expect(
      made(kind)
        .filter((name) => !SHARED.includes(name))
        .sort(),
    ).toEqual([...listed].sort());
  });

  test('are all that the adapter makes', () => {
    const all = new Set(SOURCES.filter((path) => basename(path) !== 'sdk.ts').flatMap(callsIn));
    expect([...all].filter((name) => !Object.values(CALLS).flat().includes(name))).toEqual([]);
  });

  test('are there for every kind', () => {
    expect(Object.keys(CALLS).sort()).toEqual(['catalogue', ...Object.keys(KINDS).filter((kind) => made(kind))].sort());
  });
});

test('tags that may be written later are those that the adapter writes, but for those that say whose it is', () => {
  const tags = SOURCES.flatMap((path) => source(path).match(/'occi:[a-z-]+:?'/g) ?? []);
  const keys = tags.map((tag) => tag.slice(1, -1).replace(/:$/, ':*'));
  const identifying = ['occi:tenant', 'occi:token'];
  expect(['Name', ...keys.filter((key) => !identifying.includes(key))].sort()).toEqual([...TAG_KEYS].sort());
});

describe('the functions', () => {
  const { functions } = parse(source(join(ROOT, 'serverless.yml')));

  test('are those of serverless.yml', () => {
    expect(Object.keys(SERVES)).toEqual(Object.keys(functions));
    expect(FUNCTIONS).toEqual(Object.keys(functions));
  });

  test('change the kinds that their routes lead to', () => {
    for (const [name, { events }] of Object.entries<Json>(functions)) {
      const keys: string[] = events.map(({ httpApi }: Json) => httpApi);
      const kinds = (Object.keys(KINDS) as KindTerm[]).filter((kind) =>
        keys.includes(`ANY ${KINDS[kind].location.slice(0, -1)}`),
      );
      expect(SERVES[name]!.changes).toEqual(expect.arrayContaining(kinds));
      expect(SERVES[name]!.reads).toEqual(expect.arrayContaining(kinds));
    }
  });

  const settings = { region: 'eu-central-1', vpc: 'vpc-0123456789abcdef0' };
  const granted = (name: string, more: object = {}) =>
    ec2Statements(name, { adapter: { name: 'ec2', site: 's', settings: { ...settings, ...more } } });
  const actions = (statements: ReturnType<typeof granted>): string[] => [
    ...new Set(statements.flatMap(({ Action }) => Action)),
  ];

  test.each(Object.keys(SERVES))('%s may do what its kinds do, and nothing else', (name) => {
    const { changes, reads } = SERVES[name]!;
    const isRead = (call: string) => call.startsWith('Describe');
    const needed = [
      ...changes.flatMap((kind) => CALLS[kind]!.filter((call) => !isRead(call))),
      ...reads.flatMap((kind) => CALLS[kind]!.filter(isRead)),
    ];
    expect(actions(granted(name)).sort()).toEqual([...new Set(needed)].map((call) => `ec2:${call}`).sort());
  });

  test('have none where all callers have a role of their own, and with another cloud', () => {
    for (const name of Object.keys(SERVES)) {
      expect(granted(name, { others: 'refuse' })).toEqual([]);
      expect(ec2Statements(name, { adapter: { name: 'opennebula', site: 's', settings: {} } })).toEqual([]);
    }
  });

  test('make no networks where no VPC is meant for them', () => {
    expect(actions(granted('network'))).toContain('ec2:CreateSubnet');
    expect(actions(granted('network', { vpc: undefined }))).not.toContain('ec2:CreateSubnet');
  });

  test('work with what has no tag where one tenant has the account', () => {
    const stopping = (more: object) =>
      granted('compute', more).find(({ Action }) => Action.includes('ec2:StopInstances'))?.Condition;
    expect(stopping({})).toEqual({ Null: { 'aws:ResourceTag/occi:tenant': 'false' } });
    // But for what is of some stack of CloudFormation.
    expect(stopping({ tenancy: 'single' })).toEqual({
      Null: { 'aws:ResourceTag/aws:cloudformation:stack-name': 'true' },
    });
  });
});
