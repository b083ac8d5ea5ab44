/** Databases that LevelDB itself has written, whole and damaged. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ClassicLevel } from 'classic-level';
import * as fc from 'fast-check';
import { Damage } from '../../../local/leveldb/damage.ts';
import { readManifest } from '../../../local/leveldb/manifest.ts';
import { proveDatabase } from '../../../local/leveldb/prove.ts';
import { recordsOf } from '../../../local/leveldb/records.ts';
import { proveTable } from '../../../local/leveldb/table-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'leveldb-'));
let table: Buffer;
let log: Buffer;
let manifest: Buffer;

/** Long keys that begin alike, so that the index of a table is packed; and records longer than a block of the log. */
const put = async (from: number, to: number): Promise<void> => {
  const database = new ClassicLevel(folder);
  await database.open();
  for (let at = from; at < to; at++) await database.put(`${'a key '.repeat(20)}${at}`, String(at).repeat(900));
  await database.put('long', 'long '.repeat(20_000));
  await database.close();
};

beforeAll(async () => {
  await put(0, 400);
  await put(400, 450);
  const files = readdirSync(folder);
  const read = (end: RegExp) => readFileSync(join(folder, files.filter((name) => end.test(name)).at(-1) as string));
  [table, log, manifest] = [read(/\.ldb$/), read(/\.log$/), read(/^MANIFEST/)];
});
afterAll(() => rmSync(folder, { recursive: true }));

const records = (file: Buffer): string[] => [...recordsOf(file)].map((record) => record.toString('latin1'));

const flipped = (file: Buffer, at: number, bit: number): Buffer => {
  const copy = Buffer.from(file);
  copy[at] = copy[at]! ^ (1 << bit);
  return copy;
};
const bits = fc.record({ place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), bit: fc.nat(7) });

describe('A database', () => {
  test('as LevelDB wrote it is whole', () => {
    expect(proveDatabase(folder)).toBe(true);
    expect(() => proveTable(table)).not.toThrow();
    expect(readManifest(manifest).tables.size).toBeGreaterThan(0);
    expect(records(log).length).toBeGreaterThan(50);
    expect(Math.max(...records(log).map(({ length }) => length))).toBeGreaterThan(2 * 32_768);
  });

  test('any flipped bit of a table is found, but for what stands unused before its end', () => {
    fc.assert(
      fc.property(bits, ({ place, bit }) => {
        const at = Math.floor(place * (table.length - 48));
        expect(() => proveTable(flipped(table, at, bit))).toThrow(Damage);
      }),
    );
  });

  test('any flipped bit of a log is found, or cuts off its end, which the count of writes shows', () => {
    const all = records(log);
    fc.assert(
      fc.property(bits, ({ place, bit }) => {
        let read: string[];
        try {
          read = records(flipped(log, Math.floor(place * log.length), bit));
        } catch (error) {
          return expect(error).toBeInstanceOf(Damage);
        }
        expect(all.slice(0, read.length)).toEqual(read);
        if (read.length === all.length) expect(log.length % 32_768).toBeGreaterThan(32_768 - 7);
      }),
    );
  });

  test('a log that breaks off at any byte has the records before', () => {
    const all = records(log);
    fc.assert(
      fc.property(fc.nat(log.length), (length) => {
        const read = records(log.subarray(0, length));
        expect(all.slice(0, read.length)).toEqual(read);
      }),
    );
  });
});
