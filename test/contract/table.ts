import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Failure } from '../../lib/errors.ts';
import { ROW_BYTES, rowBytes } from '../../lib/table/row-size.ts';
import type { Row, RowPage, Table } from '../../lib/table/table.ts';

export interface TableUnderTest {
  readonly name: string;
  readonly start: () => Promise<{ readonly table: Table; readonly stop: () => Promise<void> }>;
  /** Reasons to skip cases that the underlying store cannot pass, by the name of the case. */
  readonly skip?: Readonly<Record<string, string>>;
}

const PAST = 1_000_000_000;
const FUTURE = 4_000_000_000;
const KB = 1024;

/** What every table does, whatever its store. */
export const tableContract = ({ name, start, skip = {} }: TableUnderTest): void => {
  const reasons = new Map(Object.entries(skip));

  /** Declares a case, or skips it with its reason. A reason that matches no case is an error. */
  const holds = (what: string, check: () => Promise<void>) => {
    const reason = reasons.get(what);
    reasons.delete(what);
    if (reason === undefined) test(what, check);
    else test.todo(`${what} (${reason})`);
  };

  describe(`${name} keeps the contract of a table`, () => {
    let table: Table;
    let stop: () => Promise<void>;
    let partitions = 0;
    const ownPartition = () => `tenant#${++partitions}`;

    beforeAll(async () => {
      ({ table, stop } = await start());
    });
    afterAll(() => stop());

    /** Twenty at a time, because these cases do not test many connections. */
    const putAll = async (rows: readonly Row[]) => {
      for (let at = 0; at < rows.length; at += 20)
        await Promise.all(rows.slice(at, at + 20).map((row) => table.put(row)));
    };

    describe('get, put, delete', () => {
      holds('a row that was put comes out as it went in', async () => {
        const row = {
          pk: ownPartition(),
          sk: 'compute#1',
          version: 1,
          text: 'a "quoted", text',
          empty: '',
          nothing: null,
          yes: true,
          no: false,
          zero: 0,
          fraction: -0.1,
          beyondIntegers: 2 ** 60,
          beyondDecimals: 1.7976931348623157e100,
          list: [1, 'two', null, [], {}, [{ three: 3 }]],
          map: { 'occi.core.title': 'x', deeper: { still: { deeper: [false] } }, constructor: 'a name like any' },
        };
        expect(await table.put(row)).toBe(true);
        expect(await table.get(row)).toEqual(row);
      });

      holds('what is not there is undefined', async () => {
        const pk = ownPartition();
        expect(await table.get({ pk, sk: 'a' })).toBeUndefined();
        await table.put({ pk, sk: 'a' });
        expect(await table.get({ pk, sk: 'b' })).toBeUndefined();
        expect(await table.get({ pk: ownPartition(), sk: 'a' })).toBeUndefined();
      });

      holds('a put replaces the whole row', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        await table.put({ ...key, old: 1, both: 1 });
        await table.put({ ...key, both: 2 });
        expect(await table.get(key)).toEqual({ ...key, both: 2 });
      });

      holds('fields that are undefined are left out', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        await table.put({ ...key, expires: undefined, map: { inner: undefined, kept: 1 } });
        expect(await table.get(key)).toStrictEqual({ ...key, map: { kept: 1 } });
      });

      holds('what the caller does to a row after the put is not seen', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        const row = { ...key, list: ['before'], map: { name: 'before' } };
        await table.put(row);
        row.list.push('after');
        row.map.name = 'after';
        expect(await table.get(key)).toEqual({ ...key, list: ['before'], map: { name: 'before' } });
      });

      holds('a deleted row is gone, and may be deleted again', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        await table.put(key);
        await table.delete(key);
        expect(await table.get(key)).toBeUndefined();
        expect((await table.queryKeys(key.pk, '')).items).toEqual([]);
        await table.delete(key);
      });

      holds('keys and values are any Unicode', async () => {
        const row = {
          pk: `${ownPartition()}ü\u{1F600}`,
          sk: 'straße/\u6F22\u{1F680} "x"',
          'naïve\u{1F389}': '\u0000\u{1F984}\uFFFD',
        };
        await table.put(row);
        expect(await table.get(row)).toEqual(row);
        expect((await table.query(row.pk, 'straße/\u6F22')).items).toEqual([row]);
      });
    });

    describe('conditions', () => {
      holds('absent: the first put wins, the second changes nothing', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        expect(await table.put({ ...key, by: 'first' }, 'absent')).toBe(true);
        expect(await table.put({ ...key, by: 'second' }, 'absent')).toBe(false);
        expect(await table.get(key)).toEqual({ ...key, by: 'first' });
      });

      holds('absent: of 50 competing writers one wins, and its row is the one that stays', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        const writers = Array.from({ length: 50 }, (_, by) => by);
        const won = await Promise.all(writers.map((by) => table.put({ ...key, by }, 'absent')));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await table.get(key)).toEqual({ ...key, by: won.indexOf(true) });
      });

      holds('absent: holds again after a delete', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        await table.put(key);
        await table.delete(key);
        expect(await table.put(key, 'absent')).toBe(true);
      });

      holds('version: only the version that is there', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        await table.put({ ...key, version: 1 });
        expect(await table.put({ ...key, version: 3, by: 'late' }, { version: 2 })).toBe(false);
        expect(await table.put({ ...key, version: 2, by: 'me' }, { version: 1 })).toBe(true);
        expect(await table.get(key)).toEqual({ ...key, version: 2, by: 'me' });
      });

      holds('version: of 20 writers who read the same version one wins', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        await table.put({ ...key, version: 7 });
        const writers = Array.from({ length: 20 }, (_, by) => by);
        const won = await Promise.all(writers.map((by) => table.put({ ...key, version: 8, by }, { version: 7 })));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await table.get(key)).toEqual({ ...key, version: 8, by: won.indexOf(true) });
      });

      holds('version: does not hold where there is no row, or none with a version', async () => {
        const pk = ownPartition();
        await table.put({ pk, sk: 'a' });
        expect(await table.put({ pk, sk: 'a', version: 2 }, { version: 1 })).toBe(false);
        expect(await table.put({ pk, sk: 'b', version: 2 }, { version: 1 })).toBe(false);
        expect((await table.query(pk, '')).items).toEqual([{ pk, sk: 'a' }]);
      });
    });

    describe('expiry', () => {
      holds('an expired row is seen by no reader', async () => {
        const pk = ownPartition();
        await putAll([
          { pk, sk: 'a', expires: PAST },
          { pk, sk: 'b', expires: FUTURE },
          { pk, sk: 'c' },
        ]);
        expect(await table.get({ pk, sk: 'a' })).toBeUndefined();
        expect(await table.get({ pk, sk: 'b' })).toEqual({ pk, sk: 'b', expires: FUTURE });
        expect((await table.getAll(['a', 'b', 'c'].map((sk) => ({ pk, sk })))).map(({ sk }) => sk).sort()).toEqual([
          'b',
          'c',
        ]);
        expect((await table.query(pk, '')).items.map(({ sk }) => sk)).toEqual(['b', 'c']);
        expect((await table.queryKeys(pk, '')).items).toEqual(['b', 'c']);
      });

      holds('an expired row counts as absent, one that has time left does not', async () => {
        const pk = ownPartition();
        await putAll([
          { pk, sk: 'old', expires: PAST },
          { pk, sk: 'young', expires: FUTURE },
        ]);
        expect(await table.put({ pk, sk: 'young', by: 'me' }, 'absent')).toBe(false);
        expect(await table.put({ pk, sk: 'old', by: 'me' }, 'absent')).toBe(true);
        expect(await table.get({ pk, sk: 'old' })).toEqual({ pk, sk: 'old', by: 'me' });
      });

      holds('an expired row has no version to hold', async () => {
        const pk = ownPartition();
        await table.put({ pk, sk: 'a', version: 1, expires: PAST });
        expect(await table.put({ pk, sk: 'a', version: 2 }, { version: 1 })).toBe(false);
      });
    });

    describe('query', () => {
      holds('gives the rows under a prefix in order, and no others', async () => {
        const pk = ownPartition();
        const sks = [
          'compute',
          'compute#10',
          'compute#2',
          'compute#',
          'computeX#1',
          'compute$1',
          'network#1',
          'Compute#1',
        ];
        await putAll(sks.map((sk) => ({ pk, sk, of: sk })));
        await table.put({ pk: `${pk}#`, sk: 'compute#3' });
        const under = async (prefix: string) => (await table.query(pk, prefix)).items.map(({ sk }) => sk);
        expect(await under('compute#')).toEqual(['compute#', 'compute#10', 'compute#2']);
        expect(await under('computeX#')).toEqual(['computeX#1']);
        expect(await under('compute')).toEqual([
          'compute',
          'compute#',
          'compute#10',
          'compute#2',
          'compute$1',
          'computeX#1',
        ]);
        expect(await under('')).toEqual([...sks].sort());
        expect(await under('storage#')).toEqual([]);
        expect((await table.query(ownPartition(), 'compute#')).items).toEqual([]);
        expect((await table.query(pk, 'network#')).items).toEqual([{ pk, sk: 'network#1', of: 'network#1' }]);
      });

      holds('orders by the bytes of UTF-8', async () => {
        const pk = ownPartition();
        const ordered = [
          'a',
          'a\u0000',
          'z',
          '\u00E9',
          '\u6F22',
          '\uE000',
          '\uFFFD',
          '\u{10000}',
          '\u{1F600}',
          '\u{1F600}a',
        ];
        await putAll(ordered.toReversed().map((sk) => ({ pk, sk: `k${sk}` })));
        expect((await table.queryKeys(pk, 'k')).items).toEqual(ordered.map((sk) => `k${sk}`));
        expect((await table.queryKeys(pk, 'k\u{1F600}')).items).toEqual(['k\u{1F600}', 'k\u{1F600}a']);
      });

      holds('sees a put and a delete at once', async () => {
        const pk = ownPartition();
        await putAll([
          { pk, sk: 'a', n: 1 },
          { pk, sk: 'c', n: 1 },
        ]);
        expect((await table.queryKeys(pk, '')).items).toEqual(['a', 'c']);
        await table.put({ pk, sk: 'b', n: 1 });
        await table.put({ pk, sk: 'a', n: 2 });
        await table.delete({ pk, sk: 'c' });
        expect((await table.query(pk, '')).items).toEqual([
          { pk, sk: 'a', n: 2 },
          { pk, sk: 'b', n: 1 },
        ]);
        expect((await table.queryKeys(pk, '')).items).toEqual(['a', 'b']);
      });

      holds('pages of up to 1 MB give every row once, and queryKeys the same keys', async () => {
        const pk = ownPartition();
        const rows = Array.from({ length: 130 }, (_, i) => ({
          pk,
          sk: `row#${String(i).padStart(3, '0')}`,
          filling: 'x'.repeat(9 * KB),
        }));
        await putAll([...rows, { pk, sk: 'row' }, { pk, sk: 'rox#' }]);

        const pages = await allPages((after) => table.query(pk, 'row#', after));
        expect(pages.length).toBeGreaterThan(1);
        for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(1100 * KB);
        expect(pages.flat()).toEqual(rows);

        const keys = await allPages((after) => table.queryKeys(pk, 'row#', after));
        expect(keys.flat()).toEqual(rows.map(({ sk }) => sk));
      });

      holds('a page whose rows have all expired is not the end', async () => {
        const pk = ownPartition();
        const filling = 'x'.repeat(300 * KB);
        const expired = Array.from({ length: 8 }, (_, i) => ({ pk, sk: `a${i}`, filling, expires: PAST }));
        await putAll([...expired, { pk, sk: 'b' }]);
        expect((await table.query(pk, '')).items).toEqual([{ pk, sk: 'b' }]);
        expect((await table.queryKeys(pk, '')).items).toEqual(['b']);
      });
    });

    describe('getAll', () => {
      holds('finds those of 250 keys that are there, each once', async () => {
        const pk = ownPartition();
        const rows = Array.from({ length: 250 }, (_, i) => ({ pk, sk: `k${i}`, i }));
        await putAll(rows.filter(({ i }) => i % 5 !== 0));
        const found = await table.getAll([...rows, ...rows.slice(0, 60)].map(({ sk }) => ({ pk, sk })));
        expect([...found].sort((a, b) => Number(a.i) - Number(b.i))).toEqual(rows.filter(({ i }) => i % 5 !== 0));
      });

      holds('finds more than one answer can hold, in several partitions', async () => {
        const filling = 'x'.repeat(300 * KB);
        const rows = Array.from({ length: 8 }, (_, i) => ({ pk: ownPartition(), sk: 'a', i, filling }));
        await putAll(rows);
        const found = await table.getAll(rows.map(({ pk, sk }) => ({ pk, sk })));
        expect([...found].sort((a, b) => Number(a.i) - Number(b.i))).toEqual(rows);
      });

      holds('of no keys is nothing', async () => {
        expect(await table.getAll([])).toEqual([]);
      });
    });

    describe('limits', () => {
      const refused = async (put: Promise<boolean>, failure: Failure) => {
        const error = await put.catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ failure, message: expect.stringMatching(/^[A-Z][^.]+\.$/) });
      };
      const tooLarge = (put: Promise<boolean>) => refused(put, 'tooLarge');

      holds('a row of 400 KB is held, a larger one refused as tooLarge and not written', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        expect(await table.put({ ...key, filling: 'x'.repeat(399 * KB) })).toBe(true);
        await tooLarge(table.put({ ...key, filling: 'x'.repeat(400 * KB) }));
        await tooLarge(
          table.put({ ...key, list: Array.from({ length: 41 }, () => ({ filling: 'x'.repeat(10 * KB) })) }),
        );
        expect((await table.get(key))?.filling).toHaveLength(399 * KB);
      });

      holds('a row of as many bytes as fit is held, put in any way, and one of a byte more in none', async () => {
        const key = { pk: ownPartition(), sk: 'a', version: 1 };
        const room = ROW_BYTES - rowBytes({ ...key, filling: '' });
        for (const condition of [undefined, 'absent', { version: 1 }] as const) {
          if (condition === 'absent') await table.delete(key);
          await tooLarge(table.put({ ...key, filling: 'x'.repeat(room + 1) }, condition));
          expect(await table.put({ ...key, filling: 'x'.repeat(room) }, condition)).toBe(true);
        }
        expect((await table.get(key))?.filling).toHaveLength(room);
      });

      holds('the size is that of UTF-8, of values and of the names of fields at any depth', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        await tooLarge(table.put({ ...key, filling: '\u20AC'.repeat(140_000) }));
        await tooLarge(table.put({ ...key, list: [{ filling: '\u{1F600}'.repeat(110_000) }] }));
        const named = Array.from({ length: 140 }, (_, n) => [`${n}${'\u20AC'.repeat(1000)}`, 0]);
        await tooLarge(table.put({ ...key, map: Object.fromEntries(named) }));
        await tooLarge(table.put({ ...key, ['n'.repeat(64 * KB)]: 0 }));
        expect(await table.get(key)).toBeUndefined();
      });

      holds('numbers have a magnitude that is held, or are refused as invalid', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        const held = { ...key, list: [9.99e125, -9.99e125, 1e-130, -1e-130, 0] };
        expect(await table.put(held)).toBe(true);
        for (const n of [1e126, -1e126, 9e-131, -5e-324]) await refused(table.put({ ...key, map: { n } }), 'invalid');
        for (const n of [Number.NaN, Number.NEGATIVE_INFINITY]) await refused(table.put({ ...key, n }), 'internal');
        expect(await table.get(key)).toEqual(held);
      });

      holds('lists and maps are nested up to 31 levels, deeper ones refused as invalid', async () => {
        const key = { pk: ownPartition(), sk: 'a' };
        const nested = (levels: number): unknown =>
          levels === 0 ? 'x' : levels % 2 === 0 ? [nested(levels - 1)] : { in: nested(levels - 1) };
        expect(await table.put({ ...key, nested: nested(31) })).toBe(true);
        await refused(table.put({ ...key, nested: nested(32) }), 'invalid');
        expect(await table.get(key)).toEqual({ ...key, nested: nested(31) });
      });

      holds('an empty key is found nowhere; it is refused as invalid, and so is a field without a name', async () => {
        const pk = ownPartition();
        for (const key of [
          { pk, sk: '' },
          { pk: '', sk: 'a' },
        ]) {
          await refused(table.put(key), 'invalid');
          expect(await table.get(key)).toBeUndefined();
          expect(await table.getAll([key])).toEqual([]);
          await table.delete(key);
        }
        expect((await table.query('', '')).items).toEqual([]);
        await refused(table.put({ pk, sk: 'a', map: { '': 1 } }), 'invalid');
        expect((await table.query(pk, '')).items).toEqual([]);
      });

      holds('a partition key is up to 2048 bytes; a longer one is found nowhere and refused as tooLarge', async () => {
        const own = ownPartition();
        const pk = `${own}${'\u6F22'.repeat((2048 - own.length) / 3)}`;
        const fits = { pk: pk + 'x'.repeat(2048 - Buffer.byteLength(pk)), sk: 'a' };
        const tooLong = { pk: `${fits.pk}y`, sk: 'a' };
        expect(await table.put(fits)).toBe(true);
        expect(await table.get(fits)).toEqual(fits);
        await tooLarge(table.put(tooLong));
        expect(await table.get(tooLong)).toBeUndefined();
        expect(await table.getAll([tooLong, fits])).toEqual([fits]);
        expect((await table.query(tooLong.pk, '')).items).toEqual([]);
        await table.delete(tooLong);
      });

      holds('a sort key is up to 1024 bytes; a longer one is found nowhere and refused as tooLarge', async () => {
        const pk = ownPartition();
        const fits = { pk, sk: `${'\u6F22'.repeat(341)}x` };
        const tooLong = { pk, sk: `${'\u6F22'.repeat(341)}xy` };
        expect(await table.put(fits)).toBe(true);
        expect(await table.get(fits)).toEqual(fits);
        await tooLarge(table.put(tooLong));
        expect(await table.get(tooLong)).toBeUndefined();
        expect(await table.getAll([tooLong, fits])).toEqual([fits]);
        expect((await table.query(pk, tooLong.sk)).items).toEqual([]);
        await table.delete(tooLong);
      });
    });

    if (reasons.size > 0) {
      test('skips only existing cases', () => expect([...reasons.keys()]).toEqual([]));
    }
  });
};

const allPages = async <T>(read: (after?: string) => Promise<RowPage<T>>): Promise<(readonly T[])[]> => {
  const pages: (readonly T[])[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await read(after);
    pages.push(items);
    after = next;
  } while (after !== undefined);
  return pages;
};
