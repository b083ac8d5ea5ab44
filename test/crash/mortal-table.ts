import type { RowKey, Table } from '../../lib/table/table.ts';
import type { Life } from './life.ts';

/** What a row is, without whose: the beginning of its key. */
const sortOf = ({ sk }: RowKey): string => sk.replace(/[#-].*/, '');

/** A table as one process sees it: its writes are steps of its life. `onKey` is told of every row that is written. */
export const mortalTable = (table: Table, life: Life, onKey: (key: RowKey) => void): Table => ({
  get: (key) => life.read(() => table.get(key)),
  getAll: (keys) => life.read(() => table.getAll(keys)),
  query: (pk, prefix, after) => life.read(() => table.query(pk, prefix, after)),
  queryKeys: (pk, prefix, after) => life.read(() => table.queryKeys(pk, prefix, after)),
  put: (row, condition) =>
    life.change(`put ${sortOf(row)}`, () => {
      onKey({ pk: row.pk, sk: row.sk });
      return table.put(row, condition);
    }),
  delete: (key) => life.change(`delete ${sortOf(key)}`, () => table.delete(key)),
});
