/**
 * DynamoDB's limits, enforced by every table, so that what works in a test also works deployed.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
import { OcciError } from '../errors.ts';
import type { RowKey } from './table.ts';

export const ROW_BYTES = 400 * 1024;
export const PAGE_BYTES = 1024 * 1024;
const PARTITION_KEY_BYTES = 2048;
const SORT_KEY_BYTES = 1024;

/** Bytes of UTF-8 that one unit of a JavaScript string can take at most. */
const BYTES_PER_UNIT = 3;

const fits = (key: string, bytes: number): boolean =>
  key.length * BYTES_PER_UNIT <= bytes || Buffer.byteLength(key) <= bytes;

/**
 * True if the key fits DynamoDB's limits. Keys contain names chosen by clients; a key that is too long is treated as
 * not found, where DynamoDB would answer a read with an error.
 */
export const keyFits = ({ pk, sk }: RowKey): boolean => fits(pk, PARTITION_KEY_BYTES) && fits(sk, SORT_KEY_BYTES);

/** The error for a put over `ROW_BYTES`, or with a key that does not fit. */
export const rowTooLarge = (cause?: unknown): OcciError =>
  new OcciError('tooLarge', 'This is more than the store of this service can hold of one entity.', { cause });

/** The size of a field's value, or of a whole row, as DynamoDB counts it: names and values, in bytes. */
export const sizeOf = (value: unknown): number => {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value);
    case 'number':
      return 2 + (String(value).length >> 1);
    case 'object':
      return value === null ? 1 : sizeOfMembers(value);
    default:
      return 1;
  }
};

const sizeOfMembers = (value: object): number => {
  let bytes = 3;
  if (Array.isArray(value)) {
    for (const item of value) bytes += 1 + sizeOf(item);
  } else {
    const members = value as Record<string, unknown>;
    for (const name of Object.keys(members)) bytes += 1 + Buffer.byteLength(name) + sizeOf(members[name]);
  }
  return bytes;
};
