/**
 * The contract of a table: the storage of the mapping store and the embedded cloud. Deployed it is one DynamoDB table,
 * on one machine memory with a journal on disk, and in tests and benchmarks memory. Reads are strongly consistent.
 */

/** A row: partition key, sort key, and fields that JSON can hold. Rows that come out of a table must not be changed. */
export interface Row<P extends string = string> {
  readonly pk: P;
  readonly sk: string;
  /** Seconds since the epoch after which readers no longer see the row, whether it was deleted or not. */
  readonly expires?: number;
  readonly [field: string]: unknown;
}

export interface RowKey<P extends string = string> {
  readonly pk: P;
  readonly sk: string;
}

/** `absent`: only if no row (or only an expired one) is there; a number: only if the row's `version` field equals it. */
export type PutCondition = 'absent' | { readonly version: number };

export interface RowPage<T> {
  readonly items: readonly T[];
  /** The sort key at which the next page starts; absent after the last page. */
  readonly next?: string;
}

/** `P` is the type of its partition keys. An endpoint's are `PartitionKey`s, so that it cannot address other rows. */
export interface Table<P extends string = string> {
  get(key: RowKey<P>): Promise<Row | undefined>;
  /** The existing rows, in no particular order, for any number of keys (DynamoDB: 100 a call). */
  getAll(keys: readonly RowKey<P>[]): Promise<readonly Row[]>;
  /**
   * Writes a whole row. Resolves to false when the condition does not hold. Throws `tooLarge` for a row over 400 KB (less
   * 40 bytes) or a key that is too long, `invalid` for a value that no table holds, `unavailable` if the table throttles
   * or cannot be reached: then the row may have been written.
   */
  put(row: Row<P>, condition?: PutCondition): Promise<boolean>;
  delete(key: RowKey<P>): Promise<void>;
  /** Rows of a partition whose sort key begins with `prefix`, in the order of sort keys; a page holds up to 1 MB. */
  query(pk: P, prefix: string, after?: string): Promise<RowPage<Row>>;
  /** The same, but the sort keys only. */
  queryKeys(pk: P, prefix: string, after?: string): Promise<RowPage<string>>;
}
