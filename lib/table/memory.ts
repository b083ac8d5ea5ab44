import { MemoryRows } from './memory-rows.ts';
import { holds, stored } from './stored.ts';
import type { Table } from './table.ts';

/**
 * A table in memory, with DynamoDB's order, page size, limits and conditions: for unit tests, and for benchmarks of
 * everything but the table. Rows are returned by reference and deeply frozen. Nothing is persisted.
 */
export const memoryTable = (): Table => {
  const rows = new MemoryRows();
  return {
    get: async (key) => rows.get(key),
    getAll: async (keys) => rows.getAll(keys),
    async put(given, condition) {
      const { row, bytes } = stored(given);
      if (condition !== undefined && !holds(condition, rows.get(row))) return false;
      rows.put(row, bytes);
      return true;
    },
    delete: async (key) => rows.delete(key),
    query: async (pk, prefix, after) => rows.page(pk, prefix, after),
    queryKeys: async (pk, prefix, after) => rows.keys(pk, prefix, after),
  };
};
