/** The guarded database over a real one that can be made to fail. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { Fault } from '../../../local/store/fault.ts';
import { guarded } from '../../../local/store/guarded-level.ts';
import type { LevelClass, Operation } from '../../../local/store/level.ts';

const packages = createRequire(import.meta.url);
const { Level } = createRequire(packages.resolve('dynalite'))('level') as { Level: LevelClass };
const folder = mkdtempSync(join(tmpdir(), 'guarded-level-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fails = { batch: false, open: false };
class Failing extends Level {
  batches = 0;

  override async batch(operations: readonly Operation[]): Promise<void> {
    this.batches += 1;
    if (fails.batch) throw new Error('no batch');
    await super.batch(operations);
  }

  override async open(): Promise<void> {
    if (fails.open) throw new Error('no open');
    await super.open();
  }
}

const until = async (holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 10_000; !holds() && Date.now() < end; ) await new Promise((r) => setTimeout(r, 10));
};

test('After a write that failed none is tried until the database was opened again', async () => {
  const lines: string[] = [];
  const Guarded = guarded(Failing, () => ({ report: (line) => lines.push(line) }));
  const database = new Guarded(folder) as InstanceType<typeof Guarded> & Failing;
  await database.open();
  await database.put('a', '1');
  expect(database.batches).toBe(1);

  fails.batch = true;
  fails.open = true;
  const writes = await Promise.allSettled(['b', 'c', 'd'].map((key) => database.put(key, '1')));
  expect(writes.map((write) => write.status === 'rejected' && write.reason.statusCode)).toEqual([507, 507, 507]);
  expect(database.batches).toBe(2);
  expect(await database.get('a')).toBe('1');
  expect(lines).toEqual([expect.stringMatching(/^the table cannot be written: no batch\./)]);

  await until(() => lines.length > 1);
  expect(lines[1]).toBe('the table cannot be read: no open');
  await expect(database.get('a')).rejects.toBeInstanceOf(Fault);
  await expect(database.values().next()).rejects.toMatchObject({ statusCode: 500 });
  await expect(database.del('a')).rejects.toMatchObject({ statusCode: 507 });
  expect(database.batches).toBe(2);

  fails.batch = false;
  fails.open = false;
  await until(() => lines.length > 3);
  expect(lines.slice(2)).toEqual(['the table cannot be read: Database is not open', 'the table can be written again']);
  await database.put('b', '2');
  expect([await database.get('a'), await database.get('b')]).toEqual(['1', '2']);
  await database.close();
});
