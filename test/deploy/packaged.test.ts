/**
 * What is deployed works: the archive that the packager makes, unpacked, behind the local gateway, under the
 * conformance cases.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build as bundle } from 'esbuild';
import { build, FUNCTIONS } from '../../build.mjs';
import { runVectors } from '../conformance/vectors.ts';
import { startOpenStack } from '../openstack/index.ts';
import { packaged } from './packaging.ts';
import { unzip } from './zip.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'occi-packaged-'));
const [built, unpacked] = [join(folder, 'dist'), join(folder, 'unpacked')];

const SETTINGS = {
  adapter: { name: 'dummy', site: 'test', settings: {} },
  table: { kind: 'memory' },
  auth: ['anonymous'],
  limits: { responseHeaderBytes: 32_768 },
  local: true,
};

/** What Lambda has in a function's environment, and no more. */
const ENVIRONMENT = {
  PATH: process.env.PATH ?? '',
  AWS_REGION: 'eu-central-1',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
};

const IN_FILE = {
  adapter: { name: 'opennebula', site: 'test', settings: { endpoint: 'http://127.0.0.1:1/RPC2' } },
  auth: ['basic'],
};

let files: Map<string, Buffer>;
const running: ChildProcess[] = [];

/** Serves what was unpacked, in a process of its own; resolves to where. */
async function serve(environment: Readonly<Record<string, string>>): Promise<string> {
  const args = [join(folder, 'serve.mjs'), unpacked, join(ROOT, 'serverless.yml')];
  const child = spawn(process.execPath, args, {
    cwd: unpacked,
    env: { ...ENVIRONMENT, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  const [port] = await Promise.race([
    once(child.stdout!, 'data'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The server ended with ${code}.`))),
  ]);
  return `http://127.0.0.1:${String(port).trim()}`;
}

beforeAll(async () => {
  await build(ROOT, built);
  const { archive } = await packaged({ settings: IN_FILE, functions: join(built, 'functions') });
  files = unzip(archive);
  for (const [path, content] of files) {
    mkdirSync(dirname(join(unpacked, path)), { recursive: true });
    writeFileSync(join(unpacked, path), content);
  }
  await bundle({
    entryPoints: [join(ROOT, 'test/deploy/serve.ts')],
    outfile: join(folder, 'serve.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
}, 120_000);

afterAll(() => {
  for (const child of running) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe('the archive', () => {
  test('has the bundles and the settings, and nothing else', () => {
    const paths = [...files.keys()];
    expect(paths.filter((path) => !/^dist\/functions\/([\w-]+|chunks\/[\w-]+)\.mjs$/.test(path))).toEqual([
      'dist/functions/settings.json',
    ]);
    for (const name of FUNCTIONS) {
      expect(paths).toContain(`dist/functions/${name}.mjs`);
    }
    expect(JSON.parse(files.get('dist/functions/settings.json')!.toString())).toEqual(IN_FILE);
  });

  test('holds all 75 conformance cases', async () => {
    const url = await serve({ OCCI_CONFIG: JSON.stringify(SETTINGS) });
    const output = await runVectors({ BASE_URL: url });
    expect(output.trim().split('\n').at(-1)).toBe('75 passed, 0 failed');
  }, 60_000);

  test('serves OpenStack with the credentials of each caller, and says what Keystone refuses', async () => {
    const cloud = await startOpenStack();
    const adapter = { name: 'openstack', site: 'test', settings: { endpoint: cloud.endpoint } };
    const url = await serve({ OCCI_CONFIG: JSON.stringify({ ...SETTINGS, adapter, auth: ['basic', 'cloud-token'] }) });
    const asked = async (headers: Record<string, string>) => {
      const { status, headers: answered } = await fetch(`${url}/compute/`, { headers });
      return [status, answered.get('www-authenticate')];
    };
    const challenge = `Keystone uri='${new URL(cloud.endpoint).origin}'`;
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    expect(await asked({})).toEqual([401, challenge]);
    expect(await asked(basic('alice:wrong'))).toEqual([401, challenge]);
    expect(await asked(basic('alice:alice-secret'))).toEqual([200, null]);
    expect(await asked({ 'x-auth-token': cloud.token('alice') })).toEqual([200, null]);
    await cloud.close();
  }, 60_000);

  test('starts with the settings in it when the environment has none', async () => {
    const url = await serve({ OCCI_TABLE: 'mappings' });
    const asked = await fetch(`${url}/compute/`);
    // Nobody may be anonymous there, so the settings of the file have been read.
    expect([asked.status, asked.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Basic')]);
    const health = await fetch(`${url}/.well-known/health`);
    expect(health.status).toBe(503);
  }, 30_000);
});
