/** A function finds its settings beside itself, in the package as it is deployed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { build } from 'esbuild';
import { makeService } from '../../functions/services.ts';
import { readSettings } from '../../lib/config/index.ts';

jest.setTimeout(60_000);

const SETTINGS = { adapter: { name: 'dummy', site: 'here' }, auth: [{ gateway: { from: 'jwt' } }] };
const EVENT = {
  rawPath: '/.well-known/health',
  rawQueryString: '',
  headers: {},
  requestContext: { requestId: 'r-1', domainName: 'occi.example.org', http: { method: 'GET', path: '/' } },
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'occi-functions-'));
  await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: ['functions/compute.ts', 'functions/services.ts'],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
    logLevel: 'silent',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the function answers in a process of its own, and what it logs. */
const run = (
  env: Record<string, string>,
  event: object = EVENT,
  earlier: readonly object[] = [],
): { readonly result: string; readonly log: string } => {
  const script = `
    const { handler } = await import(${JSON.stringify(pathToFileURL(join(folder, 'compute.mjs')))});
    process.env.OCCI_CONFIG = process.env.LATER ?? process.env.OCCI_CONFIG ?? '';
    for (const event of ${JSON.stringify(earlier)}) await handler(event, { getRemainingTimeInMillis: () => 5000 });
    const { statusCode, body } = await handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 5000 });
    process.stderr.write('RESULT ' + statusCode + ' ' + body);
    process.exit();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, POWERTOOLS_METRICS_DISABLED: 'true', POWERTOOLS_LOG_LEVEL: 'WARN', ...env },
  });
  return { result: /RESULT (.*)/s.exec(stderr)?.[1] ?? stderr, log: `${stdout}${stderr}` };
};

const LAMBDA = { OCCI_TABLE: 'occi', AWS_REGION: 'eu-central-1' };
const MEMORY = JSON.stringify({ ...SETTINGS, table: { kind: 'memory' } });

describe('A packaged function', () => {
  test('reads settings.json beside it', () => {
    writeFileSync(join(folder, 'settings.json'), MEMORY);
    expect(run({}).result).toBe('200 {"status":"ok"}');
  });

  test('goes by OCCI_CONFIG where that is set', () => {
    writeFileSync(join(folder, 'settings.json'), '{}');
    expect(run({ OCCI_CONFIG: MEMORY }).result).toBe('200 {"status":"ok"}');
  });

  test('logs a line for each wrong setting, with what the setting is for; the client learns none of it', () => {
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...SETTINGS, states: 'both', auth: ['anonymous'] }));
    const { result, log } = run({ ...LAMBDA, OCCI_TABLE: '!' }, { ...EVENT, rawPath: '/compute/' });
    expect(result).toMatch(/^500 Internal error\. Quote the request id/);
    for (const key of ['OCCI_TABLE: is', 'states: is', 'auth: must']) expect(log).toContain(key);
    expect(log).toContain('must be one of extended, standard. States shown to clients.');
    expect(result).not.toContain('states');
  });

  test('logs once, when it starts, what is right in the settings and still a danger', () => {
    const rules = [{ claim: 'groups', value: 'cloud' }];
    const auth = [{ gateway: { from: 'jwt', claim: 'preferred_username', require: rules } }];
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...JSON.parse(MEMORY), auth }));
    const { result, log } = run({}, EVENT, [EVENT, { ...EVENT, rawPath: '/-/' }]);
    expect(result).toBe('200 {"status":"ok"}');
    expect(log.match(/auth\.0\.gateway\.claim: is preferred_username, which a directory may give to/g)).toHaveLength(1);
  });

  test('says so when there are no settings', () => {
    rmSync(join(folder, 'settings.json'));
    const { result, log } = run(LAMBDA);
    expect(result).toBe('503 {"status":"unavailable"}');
    expect(log).toContain('There are no settings: neither OCCI_CONFIG is set nor is settings.json in the package.');
  });
});

describe('In Lambda, a container', () => {
  const WRONG = JSON.stringify({ ...JSON.parse(MEMORY), states: 'both' });

  test('makes its service before its first request, and only there', () => {
    const env = { OCCI_CONFIG: MEMORY, LATER: WRONG };
    expect(run({ ...env, AWS_LAMBDA_FUNCTION_NAME: 'occi-compute' }).result).toBe('200 {"status":"ok"}');
    expect(run(env).result).toBe('503 {"status":"unavailable"}');
  });

  test('starts with wrong settings, and answers each request with that', () => {
    const env = { OCCI_CONFIG: WRONG, LATER: MEMORY, AWS_LAMBDA_FUNCTION_NAME: 'occi-compute' };
    const asked = { ...EVENT, rawPath: '/compute/' };
    const { result, log } = run(env, asked, [asked]);
    expect(result).toMatch(/^500 Internal error/);
    expect(log.match(/"level":"ERROR"/g)).toHaveLength(2);
    expect(log).toContain('states: is');
    expect(log).not.toMatch(/unhandled/i);
  });
});

describe('The service', () => {
  const make = (more: object) =>
    makeService(readSettings(JSON.stringify({ ...SETTINGS, table: { kind: 'memory' }, ...more })));

  test('does not start if no adapter is named', async () => {
    await expect(make({ adapter: { name: 'none', site: 'here' } })).rejects.toThrow(
      /adapter\.name: not set, choose one of dummy, /,
    );
  });

  test('does not start with a secret that is written out, but in a local run', async () => {
    const serverCipher = { user: 'serveradmin', password: 's3cret' };
    const adapter = { name: 'opennebula', site: 'here', settings: { endpoint: 'http://127.0.0.1:1/', serverCipher } };
    await expect(make({ adapter })).rejects.toThrow(/serverCipher\.password: must not be written out/);
    await expect(make({ adapter })).rejects.not.toThrow(/s3cret/);
    expect((await make({ adapter, local: true })).adapter).toBe('opennebula');
  });
});
