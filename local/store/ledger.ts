/**
 * A file beside the table that says that it is there, and how much was written to it. The same count stands in the
 * table: one that is behind has lost what was acknowledged, although all its files may be in order.
 */
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../refusal.ts';
import { reasonOf } from './fault.ts';
import type { Operation } from './level.ts';

export const LEDGER = 'table.json';
/** The key of the count in the table; those of dynalite begin in other ways. */
export const COUNT_KEY = 'serverless-occi~writes';
const FORMAT = 1;
/** The file is written in place: its length never changes. */
const LENGTH = 64;

/**
 * How many writes were acknowledged, `undefined` where there is no ledger.
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

/** Counts writes; open as long as the table is. */
export class Ledger {
  readonly #file: number;
  #writes: number;

  /** @param writes count that the table holds */
  constructor(dataDir: string, writes: number) {
    this.#writes = writes;
    this.#file = openSync(join(dataDir, LEDGER), constants.O_RDWR | constants.O_CREAT);
    this.#note();
  }

  /** What has to be written to the table together with the next write. */
  next(): Operation {
    return { type: 'put', key: COUNT_KEY, value: this.#writes + 1 };
  }

  /** To be called when that was written, before it is acknowledged. */
  written(): void {
    this.#writes += 1;
    this.#note();
  }

  close(): void {
    closeSync(this.#file);
  }

  /** A ledger that is behind is no fault: it says what is there at least. */
  #note(): void {
    try {
      const text = JSON.stringify({ format: FORMAT, writes: this.#writes });
      writeSync(this.#file, `${text.padEnd(LENGTH - 1)}\n`, 0);
    } catch {
      // the disk is full
    }
  }
}
