import { Partition } from './partition.ts';
import type { Row, RowKey, RowPage } from './table.ts';

const EMPTY_PAGE = Object.freeze({ items: Object.freeze([]) });

/** The rows of a table in memory, by partition. Expired rows are never returned. */
export class MemoryRows {
  readonly #partitions = new Map<string, Partition>();

  get({ pk, sk }: RowKey): Row | undefined {
    return this.#partitions.get(pk)?.get(sk);
  }

  getAll(keys: readonly RowKey[]): Row[] {
    const found = new Set<Row>();
    for (const key of keys) {
      const row = this.get(key);
      if (row !== undefined) found.add(row);
    }
    return [...found];
  }

  /** Keeps the row itself, not a copy; `bytes` is its size as DynamoDB counts it. */
  put(row: Row, bytes: number): void {
    let partition = this.#partitions.get(row.pk);
    if (partition === undefined) {
      partition = new Partition();
      this.#partitions.set(row.pk, partition);
    }
    partition.put(row, bytes);
  }

  delete({ pk, sk }: RowKey): void {
    const partition = this.#partitions.get(pk);
    partition?.delete(sk);
    if (partition?.isEmpty) this.#partitions.delete(pk);
  }

  page(pk: string, prefix: string, after?: string): RowPage<Row> {
    return this.#partitions.get(pk)?.rows(prefix, after) ?? EMPTY_PAGE;
  }

  keys(pk: string, prefix: string, after?: string): RowPage<string> {
    return this.#partitions.get(pk)?.keys(prefix, after) ?? EMPTY_PAGE;
  }
}
