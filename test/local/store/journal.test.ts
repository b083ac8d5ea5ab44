/** The journal over a real database that can be made to fail. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ClassicLevel } from 'classic-level';
import type { Change } from '../../../lib/table/embedded.ts';
import { LevelJournal } from '../../../local/store/journal.ts';
import { Ledger, readLedger } from '../../../local/store/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fails = { batch: false, open: false };
const batches: { readonly sync: unknown }[] = [];
/** What a batch does that fails. */
let failing = async (): Promise<void> => {};
const database = new ClassicLevel(join(folder, 'rows'));
const real = { batch: database.batch.bind(database), open: database.open.bind(database) };
Object.assign(database, {
  async batch(operations: never, options: { sync?: boolean }) {
    batches.push({ sync: options?.sync });
    if (fails.batch) {
      await failing();
      throw new Error('no batch');
    }
    await real.batch(operations, options);
  },
  async open(options: never) {
    if (fails.open) throw new Error('no open');
    await real.open(options);
  },
});

const until = async (holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 10_000; !holds() && Date.now() < end; ) await new Promise((r) => setTimeout(r, 10));
};
const change = (name: string, before?: string, after?: string): Change => {
  const row = (by: string | undefined) => (by === undefined ? undefined : { pk: 'p', sk: name, by });
  return { name, before: row(before), after: row(after) };
};

test('Every batch is synced; after one that failed none is tried until the database was opened again', async () => {
  const lines: string[] = [];
  await database.open();
  const journal = new LevelJournal(database, new Ledger(folder, 0), (line) => lines.push(line));
  await journal.write([change('a', undefined, '1'), change('b', undefined, '1')]);
  expect(batches).toEqual([{ sync: true }]);
  expect(readLedger(folder)).toEqual({ format: 2, writes: 1 });

  fails.batch = true;
  fails.open = true;
  // Such a batch may be in the log, though the database reported a failure.
  failing = async () => await real.batch([{ type: 'put', key: 'a', value: '"refused"' }] as never, {});
  await expect(journal.write([change('a', '1', 'refused'), change('c', undefined, 'refused')])).rejects.toThrow();
  failing = async () => {};
  await expect(journal.write([change('d', undefined, '1')])).rejects.toThrow(/cannot be written/);
  expect(batches).toHaveLength(2);
  expect(lines).toEqual([expect.stringMatching(/^the table cannot be written: no batch\./)]);

  await until(() => lines.length > 1);
  expect(lines[1]).toBe('the table cannot be opened again: no open');
  fails.open = false;
  await until(() => lines.length > 2);
  expect(lines[2]).toBe('the table cannot be opened again: no batch');
  await expect(journal.write([change('d', undefined, '1')])).rejects.toThrow(/cannot be written/);
  fails.batch = false;
  await until(() => lines.length > 3);
  expect(lines[3]).toBe('the table can be written again');

  expect(JSON.parse((await database.get('a')) as string)).toEqual({ pk: 'p', sk: 'a', by: '1' });
  expect(await database.get('c')).toBeUndefined();
  await journal.write([change('d', undefined, '2'), change('b', '1', undefined)]);
  expect(await database.get('b')).toBeUndefined();
  expect(readLedger(folder)).toEqual({ format: 2, writes: 3 });
  await journal.close();
  await expect(journal.write([change('e', undefined, '1')])).rejects.toThrow('the table is closed');
  expect(lines).toHaveLength(4);
});
