/**
 * DynamoDB's limits of keys and pages, kept by every table alike; `row-size.ts` has those of rows. Transactions and
 * batches of writes have no limits here, because nothing sends them.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
import type { RowKey } from './table.ts';

/** The most bytes of rows in a page of a query. */
export const PAGE_BYTES = 1024 * 1024;
/** The most keys in one BatchGetItem. */
export const BATCH_KEYS = 100;
const PARTITION_KEY_BYTES = 2048;
const SORT_KEY_BYTES = 1024;

/** Bytes of UTF-8 that one unit of a JavaScript string can take at most. */
export const BYTES_PER_UNIT = 3;

const fits = (key: string, bytes: number): boolean =>
  key.length * BYTES_PER_UNIT <= bytes || Buffer.byteLength(key) <= bytes;

/** True if sort keys of a partition can begin with the prefix, which may be empty. */
export const prefixFits = (pk: string, prefix: string): boolean =>
  pk !== '' && fits(pk, PARTITION_KEY_BYTES) && fits(prefix, SORT_KEY_BYTES);

/**
 * True if the key fits DynamoDB's limits. Keys contain names chosen by clients; a key that is too long is treated as
 * not found, where DynamoDB would answer a read with an error.
 */
export const keyFits = ({ pk, sk }: RowKey): boolean => sk !== '' && prefixFits(pk, sk);
