import { keyFits, ROW_BYTES, rowTooLarge, sizeOf } from './limits.ts';
import { Partition } from './partition.ts';
import type { PutCondition, Row, Table } from './table.ts';

const EMPTY_PAGE = Object.freeze({ items: Object.freeze([]) });

/**
 * A table in memory, with DynamoDB's order, page size, limits and conditions: for unit tests, and for benchmarks of
 * everything but the table. Rows are returned by reference and deeply frozen. Nothing is persisted.
 */
export const memoryTable = (): Table => {
  const partitions = new Map<string, Partition>();

  const partitionFor = (pk: string): Partition => {
    let partition = partitions.get(pk);
    if (partition === undefined) {
      partition = new Partition();
      partitions.set(pk, partition);
    }
    return partition;
  };

  return {
    async get({ pk, sk }) {
      return partitions.get(pk)?.get(sk);
    },

    async getAll(keys) {
      const found = new Set<Row>();
      for (const { pk, sk } of keys) {
        const row = partitions.get(pk)?.get(sk);
        if (row !== undefined) found.add(row);
      }
      return [...found];
    },

    async put(row, condition) {
      const bytes = sizeOf(row);
      if (bytes > ROW_BYTES || !keyFits(row)) throw rowTooLarge();
      if (condition !== undefined && !holds(condition, partitions.get(row.pk)?.get(row.sk))) return false;
      partitionFor(row.pk).put(frozenCopy(row), bytes);
      return true;
    },

    async delete({ pk, sk }) {
      const partition = partitions.get(pk);
      partition?.delete(sk);
      if (partition?.isEmpty) partitions.delete(pk);
    },

    async query(pk, prefix, after) {
      return partitions.get(pk)?.rows(prefix, after) ?? EMPTY_PAGE;
    },

    async queryKeys(pk, prefix, after) {
      return partitions.get(pk)?.keys(prefix, after) ?? EMPTY_PAGE;
    },
  };
};

const holds = (condition: PutCondition, present: Row | undefined): boolean =>
  condition === 'absent' ? present === undefined : present !== undefined && present.version === condition.version;

/** Members that are undefined are left out, as DynamoDB's marshaller does. */
const frozenCopy = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.filter((item) => item !== undefined).map(frozenCopy)) as T;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) copy[name] = frozenCopy(member);
  }
  return Object.freeze(copy) as T;
};
