/**
 * LevelDB on bad days. Reads go on while nothing can be written. After a write that failed its log may end in half a
 * record, behind which later records would be lost at the next start, and after a failed compaction it takes no more
 * writes: so none is tried until it could be opened again, which happens by itself once there is room.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, reasonOf } from './fault.ts';
import type { Ledger } from './ledger.ts';
import type { Level, LevelClass, LevelIterator, Operation } from './level.ts';
import { hasRoom } from './room.ts';

/** Milliseconds between two looks whether it can be written again. */
const LOOK_MS = 500;
/** Different faults of reading that are reported. */
const MOST_REPORTS = 100;

/** Writes that go to the database together. */
interface Waiting {
  readonly operations: readonly Operation[];
  readonly done: () => void;
  readonly failed: (fault: Fault) => void;
}

/** What belongs to one database. */
export interface Guard {
  /** Counts what is written; absent for a database that is not ours. */
  readonly ledger?: Ledger;
  /** Takes one line when writing fails, one when it succeeds again, and one for each fault of reading. */
  readonly report: (line: string) => void;
}

/**
 * Makes the class that dynalite is given in place of `level`'s own. Whatever its methods throw is a `Fault`.
 * @param guardOf by the path of the database
 */
export const guarded = (Base: LevelClass, guardOf: (path: string) => Guard): LevelClass =>
  class GuardedLevel extends Base implements Level {
    readonly #path: string;
    readonly #current: string;
    readonly #guard: Guard;
    #waiting: Waiting[] = [];
    #writing = false;
    /** Why nothing can be written. */
    #unwritable: Fault | undefined;
    /** Set while it is closed and opened again. */
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

    /** dynalite calls `return` where it reads no further; without it an iterator would keep its memory for ever. */
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

    /** One after the other, each with all that came meanwhile: so nothing is written behind a write that failed. */
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
          // Of a folder that was removed the log is still open, and takes what no start will find.
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
      this.#timer = setTimeout(() => void this.#becomeWritable(), LOOK_MS).unref();
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
      if (!this.#reported.has(reason) && this.#reported.size < MOST_REPORTS) {
        this.#reported.add(reason);
        this.#guard.report(`the table cannot be read: ${reason}`);
      }
      return Fault.unreadable(error);
    }
  };
