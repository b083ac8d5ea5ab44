/** LevelDB (https://github.com/Level/classic-level), which this process alone has open. */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { ClassicLevel } from 'classic-level';
import { Refusal } from '../refusal.ts';
import { reasonOf } from './reason.ts';

/** Keys and values are text. */
export type Database = ClassicLevel<string, string>;

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

export const databaseAt = (path: string): Database => new ClassicLevel(path);

export const cannotBeUsed = (dataDir: string, error: unknown): Refusal =>
  new Refusal(`DATA_DIR ${dataDir} cannot be used (${reasonOf(error)})`, { cause: error });

/**
 * LevelDB takes its lock before it notices that it may neither create a database nor open the existing one.
 * @throws {Refusal} when another process has the database open, or the folder cannot be written
 */
export const proveUnused = async (dataDir: string, path: string): Promise<void> => {
  const probe = new ClassicLevel(path, { createIfMissing: false, errorIfExists: true });
  const error = await probe.open().catch((e) => e);
  const { code } = (error?.cause ?? {}) as { code?: string };
  if (code === 'LEVEL_LOCKED') {
    throw new Refusal(`DATA_DIR ${dataDir} is in use by another server: end it, or choose another with DATA_DIR=…`);
  }
  if (code === 'LEVEL_IO_ERROR') throw cannotBeUsed(dataDir, error);
};

/** Makes the names in a folder last over a power failure. Windows has no such call, and does it by itself. */
export const syncFolder = (path: string): void => {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};
