/**
 * The embedded table: dynalite on disk, inside this process, so that the real DynamoDB client and its code path are
 * what runs. What it has answered survives `kill -9`: LevelDB hands every write to the system before it answers. It
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

/** A table that is there, and where the DynamoDB client finds it. */
export interface Store {
  tableName: string;
  /** URL, on loopback. */
  endpoint: string;
  /** Lets running writes end and gives the folder free. */
  close(): Promise<void>;
}

/** Where dynalite keeps the description of a table. */
const DESCRIPTION_KEY = `table~${TABLE}`;
/** The table before keys began with adapter and site (`lib/table/partition-keys.ts`): its rows would never be found. */
const EARLIER_KEY = 'table~serverless-occi';
const packages = createRequire(import.meta.url);
/** The module of which dynalite takes the class of its database when it is loaded. */
const level = createRequire(packages.resolve('dynalite'))('level') as { Level: LevelClass };
const PlainLevel = level.Level;
const guards = new Map<string, Guard>();
level.Level = guarded(PlainLevel, (path) => guards.get(path) ?? { report: console.error });

/**
 * Opens the table in `dataDir`, or makes it there.
 * @throws {Refusal} when the folder cannot be written, another server is using it, or something in it is damaged or
 *   missing, or its rows have keys of an earlier form; damaged files are left as they are
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
  // dynalite throws what happens to a request, out of anyone's reach: a client that gives up would end the process.
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

/** LevelDB takes its lock before it finds that it may do nothing, neither make a database nor open the one there is. */
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

/** Opens the database once, since dynalite opens it unseen, and compares the counts of writes. */
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

/** A table whose making was cut off would stay CREATING for ever: all that it lacks is to be called ACTIVE. */
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
