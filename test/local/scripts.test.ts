/** A fresh clone has no packages: every script installs what it needs, before anything else or by itself. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

/** Installs in its own process, so that it can be run without npm. */
const ITSELF = ['start'];

const commands = Object.keys(scripts).filter((name) => !(name.startsWith('pre') && name.slice(3) in scripts));

test.each(commands.filter((name) => !ITSELF.includes(name)))('npm run %s installs what it needs', (name) => {
  expect(scripts[`pre${name}`]).toMatch(/^node local\/install\.mjs( --all)?$/);
});
