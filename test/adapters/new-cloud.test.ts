/**
 * A new cloud touches its folder, one line of the registry and its test: in a copy of the tree the skeleton becomes an
 * adapter of another name, as the recipe says, and everything that names adapters knows it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type JsonCloud, startJsonCloud } from './skeleton/json-cloud.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  ...['adapters', 'deploy', 'functions', 'lib', 'local'],
  ...['build.mjs', 'package.json', 'package-lock.json', 'serverless.yml', 'tsconfig.json'],
];
const TIME_MS = 120_000;

let tree: string;
let cloud: JsonCloud;

const edit = (path: string, change: (text: string) => string) =>
  writeFileSync(join(tree, path), change(readFileSync(join(tree, path), 'utf8')));

const npm = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: tree, encoding: 'utf8' });
  return { status, text: stdout + stderr };
};

beforeAll(async () => {
  cloud = await startJsonCloud();
  tree = mkdtempSync(join(tmpdir(), 'occi-new-cloud-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  // The steps of the recipe.
  cpSync(join(ROOT, 'test/skeleton'), join(tree, 'adapters/acme'), { recursive: true });
  edit('adapters/index.ts', (text) =>
    text.replace('\n} as const', "\n  acme: () => import('./acme/index.ts'),\n} as const"),
  );
  edit('adapters/acme/index.ts', (text) => text.replace("name: 'example'", "name: 'acme'"));
  // And the settings of a deployment.
  const settings = `{ name: acme, site: my-site, settings: { endpoint: ${cloud.endpoint} } }`;
  writeFileSync(join(tree, 'occi.dev.yml'), `adapter: ${settings}\nauth: [basic]\n`);
  writeFileSync(join(tree, 'occi.wrong.yml'), 'adapter: { name: acme, site: my-site, settings: {} }\nauth: [basic]\n');
  writeFileSync(join(tree, 'occi.unknown.yml'), 'adapter: { name: acne, site: my-site }\nauth: [basic]\n');
}, TIME_MS);

afterAll(async () => {
  rmSync(tree, { recursive: true, force: true });
  await cloud.stop();
});

describe('A new cloud', () => {
  test(
    'passes the types',
    () => {
      expect(npm('run', '-s', '--ignore-scripts', 'types')).toEqual({ status: 0, text: '' });
    },
    TIME_MS,
  );

  test(
    'is known to config:check, with its settings',
    () => {
      expect(npm('run', '-s', '--ignore-scripts', 'config:check')).toEqual({
        status: 0,
        text: 'occi.dev.yml is right.\n',
      });
      expect(npm('run', '-s', '--ignore-scripts', 'config:check', '--', '--stage', 'wrong').text).toContain(
        'adapter.settings.endpoint: is missing',
      );
      expect(npm('run', '-s', '--ignore-scripts', 'config:check', '--', '--stage', 'unknown').text).toContain(
        'did you mean acme?',
      );
    },
    TIME_MS,
  );

  test(
    'is packaged',
    () => {
      expect(npm('run', '--ignore-scripts', 'package')).toMatchObject({
        status: 0,
        text: expect.stringContaining('Service packaged'),
      });
    },
    TIME_MS,
  );

  test(
    'is served by npm start',
    async () => {
      cloud.add('anne');
      const args = ['--adapter', 'acme', '--endpoint', cloud.endpoint, '--table', 'memory'];
      const env = { ...process.env, PORT: '0' };
      const server = spawn(process.execPath, ['local/start.mjs', ...args], { cwd: tree, env });
      try {
        const url = await new Promise<string>((resolve, reject) => {
          let text = '';
          for (const stream of [server.stdout, server.stderr]) {
            stream.on('data', (chunk) => {
              text += chunk;
              const [found] = /http:\/\/127\.0\.0\.1:\d+\//.exec(text.replaceAll(cloud.endpoint, '')) ?? [];
              if (found) resolve(found);
            });
          }
          server.once('exit', () => reject(new Error(text)));
        });
        const Authorization = `Basic ${Buffer.from(cloud.credentials('anne')).toString('base64')}`;
        const answer = await fetch(`${url}compute/`, { headers: { Authorization, Accept: 'application/occi+json' } });
        expect(await answer.json()).toMatchObject({ resources: [{ title: 'a machine' }] });
        expect((await fetch(`${url}compute/`)).status).toBe(401);
      } finally {
        server.kill();
      }
    },
    TIME_MS,
  );
});
