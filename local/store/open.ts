/**
 * The embedded table: dynalite on disk, inside this process, so that the real DynamoDB client and its code path are
 * used. An acknowledged write survives `kill -9`, since LevelDB passes every write to the operating system first. It
 * does not wait for the disk, so the last seconds before a power failure may be lost.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Damage } from '../leveldb/damage.ts';
import { proveDatabase } from '../leveldb/prove.ts';
import { Refusal } from '../refusal.ts';
import { refuseBrowsers } from './browsers.ts';
import { createTableIfAbsent, TABLE } from './create-table.ts';
import { reasonOf } from './fault.ts';
import { type Guard, guarded } from './guarded-level.ts';
import { COUNT_KEY, LEDGER, Ledger, readLedger } from './ledger.ts';
import type { Level, LevelClass } from './level.ts';

/** An open table, and the endpoint for the DynamoDB client. */
export interface Store {
  tableName: string;
  /** URL, on loopback. */
  endpoint: string;
  /** Waits for pending writes, then releases the folder. */
  close(): Promise<void>;
}

/** The folder in which dynalite keeps the descriptions of tables. */
const DESCRIPTION_KEY = `table~${TABLE}`;
/** The table's name before keys began with adapter and site (`lib/table/partition-keys.ts`): its rows cannot be found. */
const EARLIER_KEY = 'table~serverless-occi';
const packages = createRequire(import.meta.url);
/** The module from which dynalite takes its database class when it is loaded. */
const level = createRequire(packages.resolve('dynalite'))('level') as { Level: LevelClass };
const PlainLevel = level.Level;
const guards = new Map<string, Guard>();
level.Level = guarded(PlainLevel, (path) => guards.get(path) ?? { report: console.error });

/**
 * Opens the table in `dataDir`, or creates it.
 * @throws {Refusal} when the folder is not writable, another server is using it, a file in it is damaged or missing, or
 *   its rows have keys of an earlier form; damaged files are left unchanged
 */
export const openStore = async (dataDir: string): Promise<Store> => {
  const path = join(dataDir, 'table');
  makeFolder(dataDir, path);
  await proveUnused(dataDir, path);
  const acknowledged = readLedger(dataDir);
  proveWhole(dataDir, path, acknowledged !== undefined);
  const ledger = await openLedger(dataDir, path, acknowledged);
  guards.set(path, { ledger, report: (line) => console.error(`serverless-occi: DATA_DIR ${dataDir}: ${line}.`) });
  const dynalite = packages('dynalite') as (options: object) => import('node:http').Server;
  const server = dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  refuseBrowsers(server);
  // dynalite throws errors of a request where nothing can catch them: a client that disconnects would end the process.
  server.on('request', (req) => req.removeAllListeners('error').on('error', () => {}));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await createTableIfAbsent(port, dataDir, Boolean(acknowledged));
  return {
    tableName: TABLE,
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) =>
        server.close(() => {
          ledger.close();
          resolve();
        }),
      ),
  };
};

const cannotBeUsed = (dataDir: string, error: unknown): Refusal =>
  new Refusal(`DATA_DIR ${dataDir} cannot be used (${reasonOf(error)})`, { cause: error });

const makeFolder = (dataDir: string, path: string): void => {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw cannotBeUsed(dataDir, error);
  }
};

/** LevelDB takes its lock before it notices that it may neither create a database nor open the existing one. */
const proveUnused = async (dataDir: string, path: string): Promise<void> => {
  const error = await new PlainLevel(path, { createIfMissing: false, errorIfExists: true }).open().catch((e) => e);
  if (error.cause?.code === 'LEVEL_LOCKED') {
    throw new Refusal(`DATA_DIR ${dataDir} is in use by another server: end it, or choose another with DATA_DIR=…`);
  }
  if (error.cause?.code === 'LEVEL_IO_ERROR') throw cannotBeUsed(dataDir, error);
};

const proveWhole = (dataDir: string, path: string, expected: boolean): void => {
  try {
    if (proveDatabase(path) || !expected) return;
  } catch (error) {
    if (!(error instanceof Damage)) throw cannotBeUsed(dataDir, error);
    throw new Refusal(
      `DATA_DIR ${dataDir} is damaged (table/${error.message}): restore the folder from a copy, choose another with ` +
        'DATA_DIR=…, or save what can be read as docs/operations.md says',
      { cause: error },
    );
  }
  throw new Refusal(
    `DATA_DIR ${dataDir} has lost its table (the folder table holds ${readdirSync(path).length ? 'none' : 'nothing'}): ` +
      `restore the folder from a copy, or remove ${LEDGER} to begin with an empty cloud`,
  );
};

/** Opens the database once before dynalite does, out of our sight, and compares the counts of writes. */
const openLedger = async (dataDir: string, path: string, acknowledged = 0): Promise<Ledger> => {
  const database = new PlainLevel(path, { valueEncoding: 'json' });
  try {
    await database.open();
    await provePresent(dataDir, database);
    const count = Number((await database.get(COUNT_KEY)) ?? 0);
    if (count < acknowledged) throw lostWrites(dataDir, acknowledged - count);
    await database.close();
    return new Ledger(dataDir, count);
  } catch (error) {
    await database.close().catch(() => {});
    throw error instanceof Refusal ? error : cannotBeUsed(dataDir, error);
  }
};

/** A table whose creation was interrupted would stay CREATING forever; it only needs to be marked ACTIVE. */
const provePresent = async (dataDir: string, database: Level): Promise<void> => {
  const description = (await database.get(DESCRIPTION_KEY)) as { TableStatus?: string } | undefined;
  if (description?.TableStatus === 'CREATING') {
    await database.put(DESCRIPTION_KEY, { ...description, TableStatus: 'ACTIVE' });
  }
  if (description || !(await database.get(EARLIER_KEY))) return;
  throw new Refusal(
    `DATA_DIR ${dataDir} was written before keys named their site, and what is in it cannot be found under the new ` +
      'keys: choose another folder with DATA_DIR=…, or remove this one if nothing in it is needed',
  );
};

const lostWrites = (dataDir: string, writes: number): Refusal =>
  new Refusal(
    `DATA_DIR ${dataDir} has lost its last ${writes} writes, as after a power failure: restore the folder from a ` +
      `copy, or remove ${LEDGER} to go on without them`,
  );
