/** A deployment over its life: from the commit before, beside another stage, to its removal. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Gateway, startGateway } from './gateway.ts';
import { basic, users } from './people.ts';
import { deploy, type Stack } from './stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** The project as of the commit before this one, built. */
async function before(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'occi-before-'));
  await run('git', ['-C', ROOT, 'archive', '--output', join(folder, 'before.tar'), 'HEAD~1']);
  await run('tar', ['-xf', 'before.tar'], { cwd: folder });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await run(process.execPath, ['build.mjs'], { cwd: folder });
  return folder;
}

const STORAGE =
  'Category: storage; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"\nX-OCCI-Attribute: occi.storage.size=1\n';
const PARAMETERS = { alarms: 'false' };

let old: string;
let settings: Readonly<Record<string, unknown>>;
let stack: Stack;
const gateways: Gateway[] = [];

const gatewayOf = async ({ outputs }: Stack): Promise<Gateway> => {
  const gateway = await startGateway(outputs.HttpApiId!);
  gateways.push(gateway);
  return gateway;
};

const list = async (gateway: Gateway): Promise<string> => {
  const headers = { Authorization: basic('alice'), Accept: 'text/uri-list' };
  return (await gateway.send('GET', '/storage/', { headers })).body.trim();
};

beforeAll(async () => {
  old = await before();
  settings = { adapter: { name: 'dummy', site: 'test', settings: {} }, auth: [await users()] };
  stack = await deploy({
    stage: 'life',
    settings,
    parameters: PARAMETERS,
    root: old,
    functions: join(old, 'dist/functions'),
  });
}, 300_000);

afterAll(() => {
  for (const gateway of gateways) gateway.stop();
  rmSync(old, { recursive: true, force: true });
});

test('what a user made before an update is there after it, and nothing of it in another stage', async () => {
  const gateway = await gatewayOf(stack);
  const headers = { Authorization: basic('alice'), 'Content-Type': 'text/plain' };
  const made = await gateway.send('POST', '/storage/', { headers, body: STORAGE });
  expect(made.status).toBe(201);
  const { HttpApiId } = await stack.update({ stage: 'life', settings, parameters: PARAMETERS });
  expect(HttpApiId).toBe(stack.outputs.HttpApiId);
  expect(await list(gateway)).toBe(made.headers.location);
  const beside = await deploy({ stage: 'beside', settings, parameters: PARAMETERS });
  expect(beside.outputs.TableName).not.toBe(stack.outputs.TableName);
  expect(await list(await gatewayOf(beside))).toBe('');
}, 300_000);

test('a removed deployment leaves its table', async () => {
  expect(await stack.remove()).toContain(stack.outputs.TableName);
}, 120_000);
