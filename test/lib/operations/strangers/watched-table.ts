import type { Row, Table } from '../../../../lib/table/table.ts';

/** A memory table that can be taken back to an earlier moment, and tells what is asked of it. */
export async function watchedTable() {
  // Not above: what is imported before chance is taken away goes by chance.
  const { memoryTable } = await import('../../../../lib/table/memory.ts');
  const calls: string[] = [];
  const written = new Set<string>();
  const rows = new Map<string, Row>();
  const nameOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => `${pk}\n${sk}`;
  let inner = memoryTable();
  let kept: readonly Row[] = [];
  const table: Table = {
    get: (key) => {
      calls.push('get');
      return inner.get(key);
    },
    getAll: (keys) => {
      calls.push(`getAll ${keys.length}`);
      return inner.getAll(keys);
    },
    query: (...values) => {
      calls.push('query');
      return inner.query(...values);
    },
    queryKeys: (...values) => {
      calls.push('queryKeys');
      return inner.queryKeys(...values);
    },
    async put(row, condition) {
      calls.push('put');
      written.add(row.pk);
      const done = await inner.put(row, condition);
      if (done) rows.set(nameOf(row), row);
      return done;
    },
    delete: (key) => {
      calls.push('delete');
      written.add(key.pk);
      rows.delete(nameOf(key));
      return inner.delete(key);
    },
  };
  return {
    table,
    calls,
    written,
    keep() {
      kept = [...rows.values()];
    },
    /** Forgets the calls; with `back` it is what it was when it was kept. */
    async reset(back: boolean) {
      if (back && written.size > 0) {
        inner = memoryTable();
        rows.clear();
        for (const row of kept) {
          await inner.put(row);
          rows.set(nameOf(row), row);
        }
      }
      written.clear();
      calls.length = 0;
    },
  };
}
