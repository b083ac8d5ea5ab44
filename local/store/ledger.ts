/**
 * A file beside the table that records that the table exists and how many writes it has acknowledged. The table holds
 * the same count: if it is behind, acknowledged writes were lost, even if all its files are intact.
 */
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../refusal.ts';
import { reasonOf } from './fault.ts';
import type { Operation } from './level.ts';

export const LEDGER = 'table.json';
/** The key of the count in the table; dynalite's own keys never begin like this. */
export const COUNT_KEY = 'serverless-occi~writes';
const FORMAT = 1;
/** The file is overwritten in place, so its length never changes. */
const LENGTH_BYTES = 64;

/**
 * Reads how many writes were acknowledged; `undefined` if there is no ledger.
 * @throws {Refusal} for a ledger that is damaged or of another version
 */
export const readLedger = (dataDir: string): number | undefined => {
  let text: string;
  try {
    text = readFileSync(join(dataDir, LEDGER), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Refusal(`DATA_DIR ${dataDir}: ${LEDGER} cannot be read (${reasonOf(error)})`, { cause: error });
  }
  const { format, writes } = parsed(text);
  if (typeof format === 'number' && format !== FORMAT) {
    throw new Refusal(
      `DATA_DIR ${dataDir} was written by another version (format ${format}, this one reads ${FORMAT}): ` +
        'use that version, or choose another folder with DATA_DIR=…',
    );
  }
  if (format !== FORMAT || !Number.isSafeInteger(writes)) {
    throw new Refusal(
      `DATA_DIR ${dataDir} is damaged (${LEDGER} cannot be understood): restore the folder from a copy, or remove ` +
        `${LEDGER} to go on with the table as it is`,
    );
  }
  return writes as number;
};

const parsed = (text: string): { format?: unknown; writes?: unknown } => {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
};

/** Counts writes while the table is open. */
export class Ledger {
  readonly #file: number;
  #writes: number;

  /** @param writes the count that the table holds */
  constructor(dataDir: string, writes: number) {
    this.#writes = writes;
    this.#file = openSync(join(dataDir, LEDGER), constants.O_RDWR | constants.O_CREAT);
    this.#note();
  }

  /** The entry to write to the table together with the next write. */
  next(): Operation {
    return { type: 'put', key: COUNT_KEY, value: this.#writes + 1 };
  }

  /** Call this after that write has succeeded and before it is acknowledged. */
  written(): void {
    this.#writes += 1;
    this.#note();
  }

  close(): void {
    closeSync(this.#file);
  }

  /** A ledger may be behind the table: it is a lower bound. */
  #note(): void {
    try {
      const text = JSON.stringify({ format: FORMAT, writes: this.#writes });
      writeSync(this.#file, `${text.padEnd(LENGTH_BYTES - 1)}\n`, 0);
    } catch {
      // disk full
    }
  }
}
