/**
 * The embedded table: dynalite on disk, inside this process, so that the real DynamoDB client and its code path are
 * what runs. What it has answered survives `kill -9`: LevelDB hands every write to the system before it answers.
 */
import { mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Refusal } from './refusal.ts';

/** A table that is there, and where the DynamoDB client finds it. */
export interface Store {
  tableName: string;
  /** URL, on loopback. */
  endpoint: string;
  /** Lets running writes end and gives the folder free. */
  close(): Promise<void>;
}

const packages = createRequire(import.meta.url);
const TABLE = 'serverless-occi-sites';
/** The table before keys began with adapter and site (`lib/table/partition-keys.ts`): its rows would never be found. */
const EARLIER = 'serverless-occi';

/**
 * Opens the table in `dataDir`, or makes it there.
 * @throws {Refusal} when the folder cannot be written, another server is using it, or its rows have keys of an earlier form
 */
export const openStore = async (dataDir: string): Promise<Store> => {
  const path = join(dataDir, 'table');
  await proveUsable(dataDir, path);
  const dynalite = packages('dynalite') as (options: object) => import('node:http').Server;
  const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // dynalite throws what happens to a request, out of anyone's reach: a client that gives up would end the process.
  server.on('request', (req) => req.removeAllListeners('error').on('error', () => {}));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  if (!(await isThere(port, TABLE))) {
    if (await isThere(port, EARLIER)) {
      server.close();
      throw earlierKeys(dataDir);
    }
    await createTable(port);
  }
  return {
    tableName: TABLE,
    endpoint: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

/** dynalite opens its database unseen and throws later, out of reach, if it cannot: so it is opened once before. */
const proveUsable = async (dataDir: string, path: string): Promise<void> => {
  const { Level } = createRequire(packages.resolve('dynalite'))('level');
  try {
    mkdirSync(path, { recursive: true });
    const database = new Level(path);
    await database.open();
    await database.close();
  } catch (error) {
    const { code, message, cause } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException };
    if (cause?.code === 'LEVEL_LOCKED') {
      throw new Refusal(`DATA_DIR ${dataDir} is in use by another server: end it, or choose another with DATA_DIR=…`);
    }
    throw new Refusal(`DATA_DIR ${dataDir} cannot be used (${cause?.message ?? code ?? message})`, { cause: error });
  }
};

const earlierKeys = (dataDir: string): Refusal =>
  new Refusal(
    `DATA_DIR ${dataDir} was written before keys named their site, and what is in it cannot be found under the new ` +
      'keys: choose another folder with DATA_DIR=…, or remove this one if nothing in it is needed',
  );

const isThere = async (port: number, table: string): Promise<boolean> =>
  (await call(port, 'DescribeTable', { TableName: table })).status === 200;

const createTable = async (port: number): Promise<void> => {
  const created = await call(port, 'CreateTable', {
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  if (created.status !== 200) throw new Error(`the embedded table could not be made: ${created.body}`);
  // Its first state is CREATING, for a moment; until then writes are refused.
  while (!(await call(port, 'DescribeTable', { TableName: TABLE })).body.includes('"ACTIVE"')) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** One DynamoDB call without the SDK, which takes longer to load than the rest of the server. */
const call = (port: number, operation: string, input: object): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20200101T000000Z',
      // Read for its form only.
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20200101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    };
    request({ host: '127.0.0.1', port, method: 'POST', headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end(JSON.stringify(input));
  });
