/** What the page of the adapter says that the provider must permit, and what is asked of EC2, are the same. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { COMMANDS } from '../../../adapters/ec2/sdk.ts';

const readme = readFileSync(new URL('../../../adapters/ec2/README.md', import.meta.url), 'utf8');

test('The permissions of the page are the calls that are made', () => {
  const permitted = [...readme.matchAll(/\bec2:([A-Z]\w+)/g)].map(([, name]) => name);
  expect(permitted.sort()).toEqual(Object.keys(COMMANDS).sort());
});

test.each(Object.entries(COMMANDS))('%s is the command of that name', (name, command) => {
  expect(command.name).toBe(`${name}Command`);
});
