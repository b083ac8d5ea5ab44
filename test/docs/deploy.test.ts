/** docs/deploy.md agrees with the settings reader and with serverless.yml. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ADAPTERS } from '../../adapters/index.ts';
import { AUTHORIZERS } from '../../deploy/parameters/authorizers.ts';
import { readDeployment } from '../../deploy/settings/deployment.ts';
import { ROLES } from '../../lib/auth/principal.ts';
import { SCHEME_NAMES } from '../../lib/config/auth/names.ts';
import { blocksOf, namesIn, read, rowsOf, sectionOf } from './markdown.ts';

const page = read('docs/deploy.md');
const stack = read('serverless.yml');

describe('the settings files', () => {
  const files = blocksOf(page).filter(({ language }) => language === 'yaml');

  test.each(files.map(({ line, text }) => [`docs/deploy.md:${line}`, text]))(
    '%s can be deployed',
    async (_at, text) => {
      const folder = mkdtempSync(join(tmpdir(), 'occi-docs-'));
      try {
        writeFileSync(join(folder, 'occi.yml'), text);
        await expect(readDeployment('prod', folder)).resolves.toMatchObject({ notYet: [] });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  test('together use every key', () => {
    const keys = (text: string) => [...text.matchAll(/^(?:# )?([a-zA-Z]+):/gm)].map(([, key]) => key!);
    const shown = new Set(files.flatMap(({ text }) => Object.keys(parse(text))));
    expect(keys(read('occi.yml')).filter((key) => !shown.has(key))).toEqual([]);
  });
});

describe('the table of parameters', () => {
  const section = sectionOf(page, '## Parameters');
  const { default: defaults } = (parse(stack) as { params: { default: Record<string, unknown> } }).params;

  test('names every parameter once', () => {
    expect([...namesIn(section)].sort()).toEqual(Object.keys(defaults).sort());
  });

  test('has their defaults', () => {
    for (const [name, value] of rowsOf(section)) {
      const defaultText = new RegExp(`^    ${name!.replaceAll('`', '')}:(.*)$`, 'm').exec(stack)![1]!.trim();
      expect([name, value]).toEqual([name, defaultText === '' ? '' : `\`${defaultText}\``]);
    }
  });
});

describe('the page describes', () => {
  const firstCells = (heading: string) => rowsOf(sectionOf(page, heading)).map(([first]) => first!.replaceAll('`', ''));

  test('every authorizer', () => {
    expect(firstCells('### An authorizer of the gateway').sort()).toEqual([...AUTHORIZERS].sort());
  });

  test('every scheme of a deployment', () => {
    const deployed = SCHEME_NAMES.filter((name) => name !== 'anonymous');
    expect(firstCells('### Schemes').sort()).toEqual([...deployed].sort());
  });

  test('every role', () => {
    expect(firstCells('### Roles and tenants')).toEqual(ROLES);
  });

  test('which scheme works with which cloud, and why another does not', async () => {
    const clouds = await Promise.all([ADAPTERS.opennebula(), ADAPTERS.openstack(), ADAPTERS.ec2(), ADAPTERS.dummy()]);
    expect(Object.keys(ADAPTERS)).toHaveLength(clouds.length);
    const rows = SCHEME_NAMES.map((name) => [
      `\`${name}\``,
      ...clouds.map(({ schemes }) => (schemes[name] === true ? 'yes' : schemes[name])),
    ]);
    expect(rowsOf(sectionOf(page, '### Schemes and clouds'))).toEqual(rows);
  });
});

test('every parameter in a command or a file exists', () => {
  const { default: defaults } = (parse(stack) as { params: { default: Record<string, unknown> } }).params;
  const inCommands = [...page.matchAll(/--param "?(\w+)=/g)].map(([, name]) => name!);
  const deployments = [
    ...blocksOf(page).flatMap(({ language, text }) => (language === 'yaml' ? [parse(text).deployment ?? {}] : [])),
    ...[...page.matchAll(/deployment: ({[^}]*})/g)].map(([, map]) => parse(map!)),
  ];
  const named = [...inCommands, ...deployments.flatMap((one) => Object.keys(one))];
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !(name in defaults))).toEqual([]);
});
