/** The recipe of the container, which is not built here, agrees with the project. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const recipe = readFileSync('local/Containerfile', 'utf8');
const allowed = readFileSync('local/Containerfile.dockerignore', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('!'));

test('What is sent to its build is there, and all of what the build reads', () => {
  const paths = allowed.map((line) => line.slice(1));
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  const [, sources] = /const SOURCES = \[(.*)\];/.exec(readFileSync('build.mjs', 'utf8'))!;
  for (const [, source] of sources!.matchAll(/'([^']+)'/g)) expect(paths).toContain(source);
});

test('It runs on the release of Node that functions have', () => {
  const [, deployed] = /runtime: nodejs(\d+)\.x/.exec(readFileSync('serverless.yml', 'utf8'))!;
  const images = [...recipe.matchAll(/^FROM \S+\/node:(\d+)\./gm)].map(([, major]) => major);
  expect(images).toEqual([deployed, deployed]);
});
