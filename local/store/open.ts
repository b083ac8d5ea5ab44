/**
 * The embedded table: all rows in the memory of this process and, synced before a write is acknowledged, in a LevelDB
 * database in `DATA_DIR`. So an acknowledged write survives `kill -9` and a power failure.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { embeddedTable } from '../../lib/table/embedded.ts';
import type { Row, Table } from '../../lib/table/table.ts';
import { Damage } from '../leveldb/damage.ts';
import { proveDatabase } from '../leveldb/prove.ts';
import { Refusal } from '../refusal.ts';
import { cannotBeUsed, type Database, databaseAt, proveUnused, syncFolder } from './database.ts';
import { type Folders, lostWrites, putAside, takeOver } from './earlier.ts';
import { LevelJournal } from './journal.ts';
import { COUNT_KEY, LEDGER, Ledger, readLedger } from './ledger.ts';
import { reasonOf } from './reason.ts';

/** An open table. */
export interface Store {
  readonly table: Table;
  /** Waits for the write that is under way, then releases the folder. */
  close(): Promise<void>;
}

/** Milliseconds after which rows that have expired are removed from the disk. */
const SWEEP_MS = 60_000;

/**
 * Opens the table in `dataDir`, creates it, or takes over the rows of an earlier version.
 * @throws {Refusal} when the folder is not writable, another server is using it, a file in it is damaged or missing, or
 *   its rows have keys of an earlier form; damaged files are left unchanged
 */
export const openStore = async (dataDir: string): Promise<Store> => {
  const report = (line: string) => console.error(`serverless-occi: DATA_DIR ${dataDir}: ${line}.`);
  const folders = {
    earlier: join(dataDir, 'table'),
    unfinished: join(dataDir, 'rows.unfinished'),
    rows: join(dataDir, 'rows'),
  };
  makeFolder(dataDir, dataDir);
  const known = readLedger(dataDir);
  const isEarlier = known?.format !== 2 && !holdsData(folders.rows) && existsSync(folders.earlier);
  if (isEarlier) await takeOverEarlier(dataDir, folders, known?.writes, report);
  makeFolder(dataDir, folders.rows);
  await proveUnused(dataDir, folders.rows);
  proveWhole(dataDir, folders.rows, known !== undefined);
  const { database, ledger, rows } = await openRows(dataDir, folders.rows, known?.writes ?? 0);
  const journal = new LevelJournal(database, ledger, report);
  const { table, sweep } = embeddedTable(rows, journal);
  // The next sweep tries again what a full disk prevents.
  const sweepLater = () => void sweep().catch(() => {});
  sweepLater();
  const timer = setInterval(sweepLater, SWEEP_MS).unref();
  return {
    table,
    async close() {
      clearInterval(timer);
      await journal.close();
    },
  };
};

const makeFolder = (dataDir: string, path: string): void => {
  try {
    const made = mkdirSync(path, { recursive: true });
    if (made === undefined) return;
    // The entry of each new folder is in the one above, which the process need not be able to read otherwise.
    for (let above = dirname(path); above.length >= dirname(made).length; above = dirname(above)) syncFolder(above);
  } catch (error) {
    throw cannotBeUsed(dataDir, error);
  }
};

/** Whether a folder has more than what LevelDB leaves where it finds no database. */
const holdsData = (path: string): boolean =>
  existsSync(path) && readdirSync(path).some((name) => !/^(LOCK|LOG|LOG\.old)$/.test(name));

const takeOverEarlier = async (
  dataDir: string,
  folders: Folders,
  acknowledged: number | undefined,
  report: (line: string) => void,
): Promise<void> => {
  await proveUnused(dataDir, folders.earlier);
  proveWhole(dataDir, folders.earlier, acknowledged !== undefined);
  if (!readdirSync(folders.earlier).includes('CURRENT')) return;
  const copied = await takeOver(dataDir, folders, acknowledged ?? 0).catch((error) => {
    throw error instanceof Refusal ? error : cannotBeUsed(dataDir, error);
  });
  report(`took over ${copied} rows of an earlier version; ${putAside(folders)} holds what it wrote and may be removed`);
};

const proveWhole = (dataDir: string, path: string, expected: boolean): void => {
  const name = path.slice(dirname(path).length + 1);
  try {
    if (proveDatabase(path) || !expected) return;
  } catch (error) {
    throw error instanceof Damage ? damaged(dataDir, `${name}/${error.message}`, error) : cannotBeUsed(dataDir, error);
  }
  throw new Refusal(
    `DATA_DIR ${dataDir} has lost its table (the folder ${name} holds ${readdirSync(path).length ? 'none' : 'nothing'}): ` +
      `restore the folder from a copy, or remove ${LEDGER} to begin with an empty cloud`,
  );
};

const damaged = (dataDir: string, what: string, cause: unknown): Refusal =>
  new Refusal(
    `DATA_DIR ${dataDir} is damaged (${what}): restore the folder from a copy, choose another with DATA_DIR=…, or save ` +
      'what can be read as docs/operations.md says',
    { cause },
  );

/** Opens the database, compares the counts of writes and reads all rows. */
const openRows = async (dataDir: string, path: string, acknowledged: number) => {
  const database = databaseAt(path);
  try {
    await database.open();
    const writes = Number((await database.get(COUNT_KEY)) ?? 0);
    if (writes < acknowledged) throw lostWrites(dataDir, acknowledged - writes);
    const rows = await readRows(database);
    for (const folder of [path, dataDir]) syncFolder(folder);
    return { database, rows, ledger: new Ledger(dataDir, writes) };
  } catch (error) {
    await database.close().catch(() => {});
    if (error instanceof Refusal) throw error;
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    throw code === 'LEVEL_CORRUPTION' ? damaged(dataDir, reasonOf(error), error) : cannotBeUsed(dataDir, error);
  }
};

const readRows = async (database: Database): Promise<Row[]> => {
  const rows: Row[] = [];
  for await (const [name, text] of database.iterator()) if (name !== COUNT_KEY) rows.push(JSON.parse(text));
  return rows;
};
