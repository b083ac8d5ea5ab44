/**
 * A file beside the rows that records that they exist and how many batches of writes were acknowledged. The database
 * holds the same count: if it is behind, acknowledged writes were lost, even if all its files are intact.
 */
import { closeSync, constants, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../refusal.ts';
import { reasonOf } from './reason.ts';

export const LEDGER = 'table.json';
/** The key of the count in the database; the names of rows never begin like this. */
export const COUNT_KEY = 'serverless-occi~writes';
/** 1: the rows are in a database of dynalite's, in the folder `table`. 2: they are in the folder `rows`. */
const FORMATS = [1, 2] as const;
const FORMAT = 2;
/** The file is overwritten in place, so its length never changes. */
const LENGTH_BYTES = 64;

/** What a ledger says. */
interface Entry {
  readonly format: (typeof FORMATS)[number];
  readonly writes: number;
}

/**
 * Reads how many writes were acknowledged; `undefined` if there is no ledger.
 * @throws {Refusal} for a ledger that is damaged or of another version
 */
export const readLedger = (dataDir: string): Entry | undefined => {
  let text: string;
  try {
    text = readFileSync(join(dataDir, LEDGER), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Refusal(`DATA_DIR ${dataDir}: ${LEDGER} cannot be read (${reasonOf(error)})`, { cause: error });
  }
  const { format, writes } = parsed(text);
  if (typeof format === 'number' && !isKnown(format)) {
    throw new Refusal(
      `DATA_DIR ${dataDir} was written by another version (format ${format}, this one reads up to ${FORMAT}): ` +
        'use that version, or choose another folder with DATA_DIR=…',
    );
  }
  if (!isKnown(format) || !Number.isSafeInteger(writes)) {
    throw new Refusal(
      `DATA_DIR ${dataDir} is damaged (${LEDGER} cannot be understood): restore the folder from a copy, or remove ` +
        `${LEDGER} to go on with the rows as they are`,
    );
  }
  return { format, writes: writes as number };
};

const isKnown = (format: unknown): format is Entry['format'] => (FORMATS as readonly unknown[]).includes(format);

const parsed = (text: string): { format?: unknown; writes?: unknown } => {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
};

/** Counts writes while the database is open. */
export class Ledger {
  readonly #file: number;
  #writes: number;

  /**
   * @param writes the count that the database holds
   * @throws what the file system throws
   */
  constructor(dataDir: string, writes: number) {
    this.#writes = writes;
    this.#file = openSync(join(dataDir, LEDGER), constants.O_RDWR | constants.O_CREAT);
    this.#note();
    fsyncSync(this.#file);
  }

  /** How many writes were acknowledged. */
  get writes(): number {
    return this.#writes;
  }

  /** Call this after one more write has succeeded and before it is acknowledged. */
  written(): void {
    this.#writes += 1;
    this.#note();
  }

  close(): void {
    closeSync(this.#file);
  }

  /** A ledger may be behind the database: it is a lower bound, so it is not synced. */
  #note(): void {
    try {
      const text = JSON.stringify({ format: FORMAT, writes: this.#writes });
      writeSync(this.#file, `${text.padEnd(LENGTH_BYTES - 1)}\n`, 0);
    } catch {
      // disk full
    }
  }
}
