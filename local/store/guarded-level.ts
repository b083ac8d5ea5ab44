/**
 * LevelDB when the disk is full or failing. Reads go on while writes fail. After a failed write the log may end in half
 * a record, and records after it would be lost at the next start; after a failed compaction LevelDB accepts no more
 * writes. So we attempt none until the database has been reopened, which happens by itself once there is room.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, reasonOf } from './fault.ts';
import type { Ledger } from './ledger.ts';
import type { Level, LevelClass, LevelIterator, Operation } from './level.ts';
import { hasRoom } from './room.ts';

/** Milliseconds between two attempts to reopen a database that cannot be written. */
const RETRY_MS = 500;
/** Maximum number of distinct read faults that are reported. */
const MAX_REPORTS = 100;

/** Operations that are written in one batch, and the promise of their writer. */
interface Waiting {
  readonly operations: readonly Operation[];
  readonly done: () => void;
  readonly failed: (fault: Fault) => void;
}

/** What the guard of one database needs. */
export interface Guard {
  /** Counts writes; absent for a database that is not ours. */
  readonly ledger?: Ledger;
  /** Receives one line when writes begin to fail, one when they succeed again, and one for each distinct read fault. */
  readonly report: (line: string) => void;
}

/**
 * Creates the class that dynalite uses instead of `level`'s own. Its methods throw only `Fault`.
 * @param guardOf returns the guard for the path of a database
 */
export const guarded = (Base: LevelClass, guardOf: (path: string) => Guard): LevelClass =>
  class GuardedLevel extends Base implements Level {
    readonly #path: string;
    readonly #current: string;
    readonly #guard: Guard;
    #waiting: Waiting[] = [];
    #writing = false;
    /** Why writes fail; undefined while they succeed. */
    #unwritable: Fault | undefined;
    /** Set while the database is being reopened. */
    #reopening: Promise<void> | undefined;
    #timer: NodeJS.Timeout | undefined;
    #closed = false;
    readonly #reported = new Set<string>();

    constructor(path: string, options?: object) {
      super(path, options);
      this.#path = path;
      this.#current = join(path, 'CURRENT');
      this.#guard = guardOf(path);
    }

    override async close(): Promise<void> {
      clearTimeout(this.#timer);
      this.#closed = true;
      await super.close();
    }

    override async get(key: string): Promise<unknown> {
      try {
        await this.#reopening;
        return await super.get(key);
      } catch (error) {
        throw this.#unreadable(error);
      }
    }

    override put(key: string, value: unknown): Promise<void> {
      return this.#write([{ type: 'put', key, value }]);
    }

    override del(key: string): Promise<void> {
      return this.#write([{ type: 'del', key }]);
    }

    override batch(operations: readonly Operation[]): Promise<void> {
      return this.#write(operations);
    }

    override keys(options?: object): LevelIterator {
      return this.#iterator(() => super.keys(options));
    }

    override values(options?: object): LevelIterator {
      return this.#iterator(() => super.values(options));
    }

    /** dynalite calls `return` when it stops early; without it an iterator would never release its memory. */
    #iterator(make: () => LevelIterator): LevelIterator & { return(): Promise<void> } {
      let iterator: LevelIterator | undefined;
      const close = async () => iterator?.close();
      const next = async () => {
        try {
          await this.#reopening;
          iterator ??= make();
          return await iterator.next();
        } catch (error) {
          throw this.#unreadable(error);
        }
      };
      return { next, close, return: close };
    }

    /** Batches run one after the other, so no write follows one that failed; each takes all writes that arrived meanwhile. */
    async #write(operations: readonly Operation[]): Promise<void> {
      await new Promise<void>((done, failed) => {
        this.#waiting.push({ operations, done, failed });
        if (!this.#writing) void this.#writeWaiting();
      });
    }

    async #writeWaiting(): Promise<void> {
      this.#writing = true;
      while (this.#waiting.length > 0) {
        const together = this.#waiting.splice(0);
        const { ledger } = this.#guard;
        try {
          if (this.#unwritable) throw this.#unwritable;
          // If the folder was deleted, the log is still open and accepts writes that no later start will find.
          if (!existsSync(this.#current)) throw new Error(`${this.#current} is missing`);
          const all = together.flatMap(({ operations }) => operations);
          await super.batch(ledger ? [...all, ledger.next()] : all);
          ledger?.written();
          for (const { done } of together) done();
        } catch (error) {
          const fault = this.#unwritable ?? this.#turnUnwritable(error);
          for (const { failed } of together) failed(fault);
        }
      }
      this.#writing = false;
    }

    #turnUnwritable(error: unknown): Fault {
      if (this.#closed) return Fault.unwritable(error);
      this.#guard.report(
        `the table cannot be written: ${reasonOf(error)}. Reads go on, and writes will as soon as they can`,
      );
      this.#lookLater();
      this.#unwritable = Fault.unwritable(error);
      return this.#unwritable;
    }

    #lookLater(): void {
      this.#timer = setTimeout(() => void this.#becomeWritable(), RETRY_MS).unref();
    }

    async #becomeWritable(): Promise<void> {
      const room = await hasRoom(this.#path);
      if (this.#closed) return;
      if (!room) return this.#lookLater();
      try {
        this.#reopening = this.#reopen();
        await this.#reopening;
        this.#unwritable = undefined;
        this.#guard.report('the table can be written again');
      } catch (error) {
        this.#unreadable(error);
        this.#lookLater();
      } finally {
        this.#reopening = undefined;
      }
    }

    async #reopen(): Promise<void> {
      await super.close();
      await super.open();
    }

    #unreadable(error: unknown): Fault {
      const reason = reasonOf(error);
      if (!this.#reported.has(reason) && this.#reported.size < MAX_REPORTS) {
        this.#reported.add(reason);
        this.#guard.report(`the table cannot be read: ${reason}`);
      }
      return Fault.unreadable(error);
    }
  };
