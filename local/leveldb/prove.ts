/**
 * Checks that a database on disk is complete and undamaged. LevelDB reports a missing table or an unreadable manifest,
 * but silently skips a missing log, a damaged log or table, and a missing CURRENT, and opens what is left.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Damage } from './damage.ts';
import { readManifest } from './manifest.ts';
import { recordsOf } from './records.ts';
import { proveTable } from './table-file.ts';

/**
 * Checks every file that counts in the folder and changes none. No process may have the database open.
 * @returns whether there is a database at all
 * @throws {Damage} naming the file
 */
export const proveDatabase = (folder: string): boolean => {
  const names = readdirSync(folder);
  if (!names.includes('CURRENT')) {
    // The first manifest is written before CURRENT, so a killed process may leave a manifest alone.
    const data = names.find((name) => /\.(?:ldb|sst|log)$/.test(name));
    if (data) throw new Damage(`CURRENT is missing, beside ${data}`);
    return false;
  }
  const read = <T>(name: string, use: (file: Buffer) => T): T => {
    try {
      return use(readFileSync(join(folder, name)));
    } catch (error) {
      throw new Damage(`${name} ${whatIsWrong(error)}`, { cause: error });
    }
  };
  const current = read('CURRENT', (file) => {
    const name = /^(MANIFEST-\d+)\n$/.exec(file.toString('latin1'))?.[1];
    if (!name) throw new Damage('names no manifest');
    return name;
  });
  const { log, tables } = read(current, readManifest);
  for (const [number, size] of tables) {
    const name = [fileName(number, 'ldb'), fileName(number, 'sst')].find((each) => existsSync(join(folder, each)));
    read(name ?? fileName(number, 'ldb'), (file) => {
      if (file.length !== size) throw new Damage(`has ${file.length} bytes where ${size} were written`);
      proveTable(file);
    });
  }
  const logs = names.filter((name) => name.endsWith('.log') && Number.parseInt(name, 10) >= log);
  if (log > 0 && !logs.includes(fileName(log, 'log'))) throw new Damage(`${fileName(log, 'log')} is missing`);
  for (const name of logs) read(name, (file) => [...recordsOf(file)].length);
  return true;
};

const fileName = (number: number, extension: string): string => `${String(number).padStart(6, '0')}.${extension}`;

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'is missing',
  EISDIR: 'is a folder',
  EACCES: 'cannot be read by this user',
};

const whatIsWrong = (error: unknown): string => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return error instanceof Damage ? message : (SYSTEM_ERRORS[code] ?? `cannot be read (${code || message})`);
};
