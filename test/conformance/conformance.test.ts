/** The conformance cases, by their own runner, against a whole endpoint; the codec cases through the real renderings. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { runVectors } from './vectors.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'occi-conformance-'));
const codec = join(folder, 'codec.mjs');
let endpoint: Endpoint;

beforeAll(async () => {
  await build({ entryPoints: [`${HERE}codec.ts`], bundle: true, platform: 'node', format: 'esm', outfile: codec });
  endpoint = await startEndpoint();
});

afterAll(async () => {
  await endpoint.stop();
  rmSync(folder, { recursive: true });
});

test('all 75 cases over HTTP and all 24 of the codec hold', async () => {
  const output = await runVectors({ BASE_URL: endpoint.url, PARSER_MODULE: codec });
  expect(output.trim()).toBe('99 passed, 0 failed');
}, 60_000);
