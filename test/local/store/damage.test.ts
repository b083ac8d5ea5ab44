/** Damaged and missing files: the store does not open, or it has every row. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Refusal } from '../../../local/refusal.ts';
import {
  closeStores,
  type Files,
  filesIn,
  fill,
  makeFolder,
  open,
  putBack,
  readAll,
  removeFolders,
  rowOf,
} from './data.ts';

const ROWS = 40;
const folder = makeFolder();
let whole: Files;
beforeAll(async () => {
  await fill(folder, ROWS);
  whole = filesIn(folder);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeStores();
});
afterAll(removeFolders);

/** The path of the only file of this kind that holds something. */
const pathOf = (kind: RegExp, files = whole): string =>
  [...files].filter(([path, { length }]) => kind.test(path) && length > 0).at(-1)?.[0] as string;

/** Opens the folder with one file replaced, or without it. Resolves to all rows. */
const openWith = async (path: string, bytes: Buffer | undefined): Promise<number> => {
  putBack(folder, whole);
  if (bytes) writeFileSync(join(folder, path), bytes);
  else rmSync(join(folder, path));
  const rows = await readAll((await open(folder)).table);
  await closeStores();
  return rows.length;
};

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ 0x10;
  return copy;
};
const zeros = (bytes: Buffer): Buffer => Buffer.alloc(bytes.length);
const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);
const empty = (): Buffer => Buffer.alloc(0);
const middle = (bytes: Buffer): Buffer => flipped(bytes, Math.floor(bytes.length / 2));
const removed = (): undefined => undefined;

describe('A start on damaged data', () => {
  test('is a start like any other when nothing is damaged', async () => {
    expect(pathOf(/\.ldb$/)).toBeDefined();
    expect(pathOf(/\.log$/)).toBeDefined();
    const path = pathOf(/\.log$/);
    expect(await openWith(path, whole.get(path))).toBe(ROWS);
  });

  test.each([
    ['no CURRENT', /CURRENT$/, removed, /CURRENT is missing, beside \d+\.(ldb|log)/],
    ['an empty CURRENT', /CURRENT$/, empty, /CURRENT names no manifest/],
    ['a CURRENT of zeros', /CURRENT$/, zeros, /CURRENT names no manifest/],
    ['no manifest', /MANIFEST/, removed, /MANIFEST-\d+ is missing/],
    ['an empty manifest', /MANIFEST/, empty, /MANIFEST-\d+ is empty/],
    ['half a manifest', /MANIFEST/, half, /is damaged|is missing/],
    ['a manifest of zeros', /MANIFEST/, zeros, /MANIFEST-\d+ has a record with a wrong checksum/],
    ['a flipped bit in the manifest', /MANIFEST/, middle, /MANIFEST-\d+ has a record with a wrong checksum/],
    ['no table', /\.ldb$/, removed, /\d+\.ldb is missing/],
    ['an empty table', /\.ldb$/, empty, /\d+\.ldb has 0 bytes where \d+ were written/],
    ['half a table', /\.ldb$/, half, /\d+\.ldb has \d+ bytes where \d+ were written/],
    ['a table of zeros', /\.ldb$/, zeros, /\d+\.ldb has no proper end/],
    ['a flipped bit in a table', /\.ldb$/, middle, /\d+\.ldb has a block with a wrong checksum/],
    ['no log', /\.log$/, removed, /\d+\.log is missing/],
    ['an empty log', /\.log$/, empty, /has lost its last \d+ writes/],
    ['half a log', /\.log$/, half, /has lost its last \d+ writes/],
    ['a log of zeros', /\.log$/, zeros, /\d+\.log has a record with a wrong checksum/],
    ['a flipped bit in a log', /\.log$/, middle, /\d+\.log has a record with a wrong checksum/],
    ['a ledger of zeros', /^table.json$/, zeros, /table.json cannot be understood/],
    ['a ledger of a newer version', /^table.json$/, () => Buffer.from('{"format":3}'), /written by another version/],
  ])('is refused for %s', async (_, kind, damage, message) => {
    const path = pathOf(kind);
    const opened = openWith(path, damage(whole.get(path) as Buffer));
    await expect(opened).rejects.toThrow(Refusal);
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toThrow(/^DATA_DIR [^\n]+(copy|version)[^\n]+$/);
  });

  test('is refused when the folder of the table is empty or gone', async () => {
    putBack(folder, new Map([['table.json', whole.get('table.json') as Buffer]]));
    await expect(open(folder)).rejects.toThrow(/has lost its table .* or remove table.json to begin/);
    rmSync(join(folder, 'rows'), { recursive: true });
    await expect(open(folder)).rejects.toThrow(/has lost its table/);
  });

  test('is refused for a folder in place of a file', async () => {
    putBack(folder, whole);
    rmSync(join(folder, pathOf(/\.ldb$/)));
    mkdirSync(join(folder, pathOf(/\.ldb$/)));
    await expect(open(folder)).rejects.toThrow(/\d+\.ldb is a folder/);
  });

  test('leaves damaged files as they are', async () => {
    const path = pathOf(/\.log$/);
    await openWith(path, middle(whole.get(path) as Buffer)).catch(() => {});
    const left = filesIn(folder);
    for (const [name, bytes] of whole) {
      if (name !== path && !/LOG/.test(name)) expect(left.get(name)?.equals(bytes)).toBe(true);
    }
  });

  test('accepts half a record at the end of a log: nothing of it was acknowledged', async () => {
    const path = pathOf(/\.log$/);
    const bytes = whole.get(path) as Buffer;
    const began = Buffer.concat([bytes, bytes.subarray(0, 50)]);
    expect(await openWith(path, began)).toBe(ROWS);
  });

  test('goes on without a ledger, and makes one', async () => {
    putBack(folder, whole);
    rmSync(join(folder, 'table.json'));
    expect(await readAll((await open(folder)).table)).toHaveLength(ROWS);
    expect(filesIn(folder).get('table.json')?.toString()).toMatch(/"format":2/);
  });

  test('is refused or has every row, whatever happens to any file', async () => {
    const damages = [removed, empty, zeros, half];
    const spoiled = fc.record({
      path: fc.constantFrom(...[...whole.keys()].filter((path) => !/LOCK|LOG/.test(path))),
      way: fc.oneof(fc.constantFrom(...damages), fc.double({ min: 0, max: 0.999, noNaN: true })),
    });
    await fc.assert(
      fc.asyncProperty(spoiled, async ({ path, way }) => {
        const bytes = whole.get(path) as Buffer;
        const damage = typeof way === 'number' ? () => flipped(bytes, Math.floor(way * bytes.length)) : way;
        const rows = await openWith(path, damage(bytes)).catch((error) => error);
        if (!(rows instanceof Refusal)) expect(rows).toBe(ROWS);
      }),
      { numRuns: 60 },
    );
  });
});

describe('A folder that is removed under a running server', () => {
  test('takes no more writes', async () => {
    const fresh = makeFolder();
    const complain = jest.spyOn(console, 'error').mockImplementation(() => {});
    const { table } = await open(fresh);
    await table.put(rowOf(0));
    rmSync(join(fresh, 'rows'), { recursive: true });
    await expect(table.put(rowOf(1))).rejects.toMatchObject({ status: 503 });
    expect(complain.mock.calls.flat()).toEqual([expect.stringMatching(/cannot be written: \S+CURRENT is missing/)]);
  });
});
