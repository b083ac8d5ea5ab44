/** What the page of the adapter says that the provider must permit, and what is asked of EC2, are the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { COMMANDS } from '../../../adapters/ec2/api/sdk.ts';

const readme = readFileSync(new URL('../../../adapters/ec2/README.md', import.meta.url), 'utf8');

test('The permissions of the page are the calls that are made', () => {
  const permitted = [...readme.matchAll(/\bec2:([A-Z]\w+)/g)].map(([, name]) => name);
  expect(permitted.sort()).toEqual(Object.keys(COMMANDS).sort());
});

test('What is bundled of the SDK is what is called', () => {
  const folder = new URL('../../../adapters/ec2/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('sdk.ts'),
  );
  const source = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
  // Named in a call, or in a table or a parameter that a call is made from.
  const called = Object.keys(COMMANDS).filter((name) => source.includes(`'${name}'`));
  expect(called).toEqual(Object.keys(COMMANDS));
  const named = [...source.matchAll(/\b(?:call|readAll)\(\s*(?:cloud,\s*)?'(\w+)'/g)].map(([, name]) => name!);
  expect(named.filter((name) => !Object.hasOwn(COMMANDS, name))).toEqual([]);
});

test.each(Object.entries(COMMANDS))('%s is the command of that name', (name, command) => {
  expect(command.name).toBe(`${name}Command`);
});
