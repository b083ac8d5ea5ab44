/** The embedded store in this process, without the rest of the server. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Row, Table } from '../../../lib/table/table.ts';
import { openStore, type Store } from '../../../local/store/open.ts';

const made = new Set<string>();

export const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  made.add(folder);
  return folder;
};

export const removeFolders = (): void => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
};

const opened = new Set<Store>();

export const open = async (folder: string): Promise<Store> => {
  const store = await openStore(folder);
  opened.add(store);
  return store;
};

export const closeStores = async (): Promise<void> => {
  for (const store of opened) await store.close();
  opened.clear();
};

export const rowOf = (at: number): Row => ({ pk: 'tenant', sk: `row ${at}`, at, text: 'text '.repeat(100) });

/** Makes a table with these rows in files of both kinds: each start turns the log of the one before into a table. */
export const fill = async (folder: string, rows: number): Promise<void> => {
  for (const half of [0, 1]) {
    const { table } = await open(folder);
    for (let at = half; at < rows; at += 2) await table.put(rowOf(at));
    await closeStores();
  }
};

/** Every row, as far as it can be read. */
export const readAll = async (table: Table): Promise<Row[]> => {
  const rows: Row[] = [];
  let after: string | undefined;
  do {
    const page = await table.query('tenant', '', after);
    rows.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return rows;
};

/** By their path in the folder. */
export type Files = ReadonlyMap<string, Buffer>;

export const filesIn = (folder: string): Files =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path)]),
  );

export const putBack = (folder: string, files: Files): void => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
};
