/** The table of `npm start` as a process opens it, with its files. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import { ClassicLevel } from 'classic-level';
import type { Row } from '../../../lib/table/table.ts';
import { openStore } from '../../../local/store/open.ts';
import { mappingStoreContract } from '../../contract/mapping-store.ts';
import { tableContract } from '../../contract/table.ts';
import { closeStores, makeFolder, open, readAll, removeFolders, rowOf } from './data.ts';

afterEach(() => void jest.restoreAllMocks());
afterAll(async () => {
  await closeStores();
  removeFolders();
});

const start = async () => {
  const { table, close } = await openStore(makeFolder());
  return { table, stop: close };
};
tableContract({ name: 'the embedded table', start });
mappingStoreContract({ name: 'the embedded table', start });

const ROWS: readonly Row[] = [
  {
    pk: 'tenant',
    sk: 'a \u0000 ü \u{1F600}',
    version: 7,
    fraction: -0.1,
    large: 2 ** 60,
    yes: true,
    nothing: null,
    list: [1, 'two', [], {}, [{ three: 3 }]],
    map: { 'occi.core.title': '', constructor: 'a name like any' },
  },
  { pk: 'tenant', sk: 'b', expires: 4_000_000_000 },
];

describe('The embedded table', () => {
  test('has what was written when it is opened again and again', async () => {
    const folder = makeFolder();
    for (let time = 0; time < 3; time++) {
      const { table } = await open(folder);
      if (time === 0) await Promise.all([...ROWS, rowOf(1)].map((row) => table.put(row)));
      else expect(await readAll(table)).toEqual([...ROWS, rowOf(1)].slice(0, time === 2 ? 2 : 3));
      if (time === 1) await table.delete(rowOf(1));
      await closeStores();
    }
  });

  test('is one process only', async () => {
    const folder = makeFolder();
    await open(folder);
    const program = `import('classic-level').then(async ({ ClassicLevel }) => {
      await new ClassicLevel(process.argv[1]).open().then(() => console.log('open'), (e) => console.log(e.cause.code));
    })`;
    const { stdout } = spawnSync(process.execPath, ['-e', program, join(folder, 'rows')], { encoding: 'utf8' });
    expect(stdout).toBe('LEVEL_LOCKED\n');
    const locked = await openStore(folder).catch((error: Error) => error.message);
    expect(locked).toMatch(/^DATA_DIR \S+ is in use by another server: end it, or choose another with DATA_DIR=…$/);
    await closeStores();
  });

  test('takes no more writes once it is closed, and has all that it took', async () => {
    const folder = makeFolder();
    const complain = jest.spyOn(console, 'error').mockImplementation(() => {});
    const store = await open(folder);
    const puts = Array.from({ length: 50 }, (_, at) => store.table.put(rowOf(at)).catch(() => 'refused'));
    await closeStores();
    const results = await Promise.all(puts);
    await expect(store.table.put(rowOf(50))).rejects.toMatchObject({ status: 503 });
    const rows = await readAll((await open(folder)).table);
    expect(rows).toHaveLength(results.filter((result) => result === true).length);
    expect(complain).not.toHaveBeenCalled();
    await closeStores();
  });

  test('removes what has expired from its files when it is opened', async () => {
    const folder = makeFolder();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    await (await open(folder)).table.put({ pk: 'p', sk: 'short', expires: 1001 });
    await closeStores();
    clock.mockReturnValue(2_000_000);
    const { table } = await open(folder);
    expect(await table.get({ pk: 'p', sk: 'short' })).toBeUndefined();
    await table.put({ pk: 'p', sk: 'lasting' });
    await closeStores();
    const database = new ClassicLevel(join(folder, 'rows'));
    const keys = await database.keys().all();
    await database.close();
    expect(keys).toEqual(['["p","lasting"]', 'serverless-occi~writes']);
  });
});
