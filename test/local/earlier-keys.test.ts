/** A folder that was written before keys named their site. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { openStore } from '../../local/store/open.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// The first start may have to build.
jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'occi-earlier-'));
const earlier = join(folder, 'earlier');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => import('node:http').Server;
  const server = dynalite({ path: join(earlier, 'table'), createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const keys = [
    ['pk', 'HASH'],
    ['sk', 'RANGE'],
  ] as const;
  await client.send(
    new CreateTableCommand({
      TableName: 'serverless-occi',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map(([AttributeName]) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keys.map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
    }),
  );
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('npm start does not serve an empty cloud over it: one sentence, and the exit code is 1', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['local/start.mjs'], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0', HOST: '', DATA_DIR: earlier, NODE_NO_WARNINGS: '1', npm_lifecycle_event: '' },
    encoding: 'utf8',
  });
  expect(stderr).toMatch(
    /^serverless-occi: DATA_DIR \S+ was written before keys named their site, [^\n]+ DATA_DIR=…, or remove [^\n]+\n$/,
  );
  expect([status, stdout]).toEqual([1, '']);
});

test('a folder of this version is opened again and again', async () => {
  for (let time = 0; time < 2; time += 1) await (await openStore(join(folder, 'new'))).close();
});
