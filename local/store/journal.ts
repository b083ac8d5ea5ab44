/**
 * The rows on disk: a LevelDB database. A batch of changes is one record of its log, synced before it is acknowledged.
 * Writes fail while the disk is full or failing. After a failed write the log may end in half a record, and records after
 * it would be lost at the next start; after a failed compaction LevelDB accepts no more writes. So we attempt none until
 * the database has been reopened, which happens by itself once there is room.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Change, Journal } from '../../lib/table/embedded.ts';
import type { Row } from '../../lib/table/table.ts';
import { proveDatabase } from '../leveldb/prove.ts';
import type { Database, Operation } from './database.ts';
import { COUNT_KEY, type Ledger } from './ledger.ts';
import { reasonOf } from './reason.ts';
import { hasRoom } from './room.ts';

/** Milliseconds between two attempts to reopen a database that cannot be written. */
const RETRY_MS = 500;

export class LevelJournal implements Journal {
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #report: (line: string) => void;
  /** The batch that is being written or undone; its failure is nobody's here. */
  #last: Promise<unknown> = Promise.resolve();
  /** Why writes fail; undefined while they succeed. */
  #unwritable: Error | undefined;
  /** Why the last attempt to reopen the database failed. */
  #reported: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /**
   * @param database open
   * @param report receives one line when writes begin to fail and one when they succeed again
   */
  constructor(database: Database, ledger: Ledger, report: (line: string) => void) {
    this.#database = database;
    this.#ledger = ledger;
    this.#report = report;
  }

  async write(changes: readonly Change[]): Promise<void> {
    if (this.#unwritable) throw this.#unwritable;
    if (this.#closed) throw new Error('the table is closed');
    try {
      // If the folder was deleted, the log is still open and accepts writes that no later start will find.
      const current = join(this.#database.location, 'CURRENT');
      if (!existsSync(current)) throw new Error(`${current} is missing`);
      await this.#batch(changes.map(({ name, after }) => operation(name, after)));
    } catch (error) {
      throw this.#turnUnwritable(error, changes);
    }
  }

  /** Waits for the write that is under way, then releases the database. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#closed = true;
    await this.#last.catch(() => {});
    await this.#database.close();
    this.#ledger.close();
  }

  async #batch(operations: readonly Operation[]): Promise<void> {
    const count: Operation = { type: 'put', key: COUNT_KEY, value: String(this.#ledger.writes + 1) };
    this.#last = this.#database.batch([...operations, count], { sync: true });
    await this.#last;
    this.#ledger.written();
  }

  #turnUnwritable(error: unknown, changes: readonly Change[]): Error {
    this.#report(`the table cannot be written: ${reasonOf(error)}. Reads go on, and writes will as soon as they can`);
    this.#unwritable = new Error('the table cannot be written', { cause: error });
    this.#lookLater(changes);
    return this.#unwritable;
  }

  #lookLater(changes: readonly Change[]): void {
    this.#timer = setTimeout(() => void this.#becomeWritable(changes), RETRY_MS).unref();
  }

  async #becomeWritable(changes: readonly Change[]): Promise<void> {
    const room = await hasRoom(this.#database.location);
    if (this.#closed) return;
    if (!room) return this.#lookLater(changes);
    try {
      this.#last = this.#reopen();
      await this.#last;
      // The batch that failed may be in the log all the same, and its writers were told that it is not.
      await this.#batch(changes.map(({ name, before }) => operation(name, before)));
      this.#unwritable = undefined;
      this.#reported = undefined;
      this.#report('the table can be written again');
    } catch (error) {
      if (this.#closed) return;
      this.#reportOnce(`the table cannot be opened again: ${reasonOf(error)}`);
      this.#lookLater(changes);
    }
  }

  /** Never makes a database, and never goes on with one that has lost something. */
  async #reopen(): Promise<void> {
    await this.#database.close();
    if (!proveDatabase(this.#database.location)) throw new Error('its files are gone');
    await this.#database.open({ createIfMissing: false });
    const writes = Number((await this.#database.get(COUNT_KEY)) ?? 0);
    if (writes < this.#ledger.writes) throw new Error(`it has lost ${this.#ledger.writes - writes} writes`);
  }

  #reportOnce(line: string): void {
    if (line !== this.#reported) this.#report(line);
    this.#reported = line;
  }
}

const operation = (key: string, row: Row | undefined): Operation =>
  row === undefined ? { type: 'del', key } : { type: 'put', key, value: JSON.stringify(row) };
