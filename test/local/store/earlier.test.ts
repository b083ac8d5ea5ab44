/** Folders of versions that kept their rows in dynalite, written by dynalite. */
import { once } from 'node:events';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ClassicLevel } from 'classic-level';
import { dynamoDbTable } from '../../../lib/table/dynamodb.ts';
import type { Row } from '../../../lib/table/table.ts';
import { closeStores, type Files, filesIn, makeFolder, open, putBack, readAll, removeFolders, rowOf } from './data.ts';

const NAME = 'serverless-occi-sites';
const ROWS: readonly Row[] = [
  {
    pk: 'tenant',
    sk: 'a "ü" \u{1F600}',
    version: 7,
    fraction: -0.1,
    large: 2 ** 60,
    yes: true,
    no: false,
    empty: '',
    nothing: null,
    list: [1, 'two', [], {}, [{ three: 3 }]],
    map: { 'occi.core.title': 'x', M: { S: 'a name like any' } },
  },
  { pk: 'tenant', sk: 'b', expires: 4_000_000_000 },
  ...Array.from({ length: 20 }, (_, at) => rowOf(at)),
];
const sorted = (rows: readonly Row[]) => rows.toSorted((a, b) => (a.sk < b.sk ? -1 : 1));

const folder = makeFolder();
const table = join(folder, 'table');
let written: Files;

beforeAll(async () => {
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;
  const server = dynalite({ path: table, createTableMs: 0 });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials });
  const keys = [
    ['pk', 'HASH'],
    ['sk', 'RANGE'],
  ] as const;
  await client.send(
    new CreateTableCommand({
      TableName: NAME,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map(([AttributeName]) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keys.map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
    }),
  );
  client.destroy();
  const earlier = dynamoDbTable({ name: NAME, endpoint });
  for (const row of ROWS) await earlier.put(row, 'absent');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const database = new ClassicLevel(table);
  await database.put('serverless-occi~writes', '22');
  await database.close();
  writeFileSync(join(folder, 'table.json'), '{"format":1,"writes":22}\n');
  written = filesIn(folder);
});

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  jest.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
  for (const name of ['rows', 'table.before', 'table.json'])
    rmSync(join(folder, name), { recursive: true, force: true });
  putBack(folder, written);
});
afterEach(async () => {
  await closeStores();
  jest.restoreAllMocks();
});
afterAll(removeFolders);

const rowsOf = async () => sorted(await readAll((await open(folder)).table));
const TOOK_OVER = /^serverless-occi: DATA_DIR \S+: took over 22 rows of an earlier version; \S+table\.before holds /;

describe('A folder of an earlier version', () => {
  test('is taken over once, with every row, and what it held stays beside', async () => {
    expect(await rowsOf()).toEqual(sorted(ROWS));
    expect(said).toEqual([expect.stringMatching(TOOK_OVER)]);
    await (await open(makeFolder())).table.put(rowOf(1));
    await closeStores();
    expect(filesIn(folder).get('table.json')?.toString()).toMatch(/^\{"format":2,"writes":22\}/);
    const database = new ClassicLevel(join(folder, 'table.before'));
    expect(await database.get('serverless-occi~writes')).toBe('22');
    await database.close();

    const { table: again } = await open(folder);
    for (const row of ROWS) await again.delete(row);
    await closeStores();
    expect(await rowsOf()).toEqual([]);
    expect(said).toHaveLength(1);
  });

  test('is taken over without a ledger too', async () => {
    rmSync(join(folder, 'table.json'));
    expect(await rowsOf()).toEqual(sorted(ROWS));
  });

  test('is taken over by the next start when one was cut off at any time', async () => {
    writeFileSync(join(folder, 'rows.unfinished'), '');
    expect(await rowsOf()).toEqual(sorted(ROWS));
    await closeStores();
    // Before the earlier database was put aside and the ledger written.
    renameSync(join(folder, 'table.before'), table);
    writeFileSync(join(folder, 'table.json'), '{"format":1,"writes":22}\n');
    await (await open(folder)).table.delete(ROWS[0] as Row);
    await closeStores();
    expect(await rowsOf()).toEqual(sorted(ROWS.slice(1)));
  });

  test('is refused while the earlier version still runs', async () => {
    const database = new ClassicLevel(table);
    await database.open();
    await expect(open(folder)).rejects.toThrow(/is in use by another server/);
    await database.close();
    expect(existsSync(join(folder, 'rows'))).toBe(false);
  });

  test('is refused when it is damaged or has lost writes, and stays as it is', async () => {
    const [path, bytes] = [...written].find(([name, { length }]) => /table\/.*\.(ldb|log)$/.test(name) && length > 0)!;
    const spoiled = Buffer.from(bytes);
    spoiled[100] = spoiled[100]! ^ 1;
    writeFileSync(join(folder, path), spoiled);
    await expect(open(folder)).rejects.toThrow(/is damaged \(table\/\d+\.\w+ has a \w+ with a wrong checksum/);
    putBack(folder, written);
    writeFileSync(join(folder, 'table.json'), '{"format":1,"writes":23}\n');
    await expect(open(folder)).rejects.toThrow(/has lost its last 1 writes/);
    rmSync(table, { recursive: true });
    await expect(open(folder)).rejects.toThrow(/has lost its table/);
    expect(said).toEqual([]);
    // What that start has left does not keep a restored copy from being taken over.
    const left = filesIn(folder);
    expect([...left.keys()].some((path) => path.startsWith('rows/'))).toBe(true);
    putBack(folder, new Map([...left, ...written]));
    expect(await rowsOf()).toEqual(sorted(ROWS));
  });
});
