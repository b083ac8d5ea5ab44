/**
 * DynamoDB's limits of rows, kept before every put by every table alike: what works in a test also works deployed, and no
 * client's answer depends on the words in which a table refuses.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
import { OcciError } from '../errors.ts';
import { BYTES_PER_UNIT, keyFits } from './limits.ts';
import type { Row } from './table.ts';

/** What every row may hold beside the caller's fields: the id of a conditional put in DynamoDB, a UUID. */
export const PUT_ID = '_put';
const PUT_ID_BYTES = PUT_ID.length + 36;

/** The largest row, as `rowBytes` counts. */
export const ROW_BYTES = 400 * 1024 - PUT_ID_BYTES;
const FIELD_NAME_BYTES = 64 * 1024;
/** How deep lists and maps may be nested: of AWS's 32 levels, the last may be that of the values in them. */
const MAX_LEVELS = 31;
/** The magnitudes of the numbers that DynamoDB holds, besides zero: from the first, and below the second. */
const SMALLEST = 1e-130;
const TOO_LARGE = 1e126;

/** The error for a put over `ROW_BYTES`, or with a key that is too long. */
export const rowTooLarge = (cause?: unknown): OcciError =>
  new OcciError('tooLarge', 'This is more than the store of this service can hold of one entity.', { cause });

/** The error for a value that no table holds. */
export const cannotHold = (cause?: unknown): OcciError =>
  new OcciError('invalid', 'The store of this service cannot hold one of the values.', { cause });

/**
 * The size in bytes of a row that is to be written. Throws `tooLarge` for a row over `ROW_BYTES` or a key that is too
 * long, `invalid` for a value that DynamoDB does not hold, and `internal` for a number that JSON does not have either.
 */
export const checkedRowBytes = (row: Row): number => {
  if (row.pk === '' || row.sk === '') throw cannotHold();
  if (!keyFits(row)) throw rowTooLarge();
  refuseValue(row, 0);
  const bytes = rowBytes(row);
  if (bytes > ROW_BYTES) throw rowTooLarge();
  return bytes;
};

const refuseValue = (value: unknown, level: number): void => {
  if (typeof value === 'number') refuseNumber(value);
  if (typeof value !== 'object' || value === null) return;
  if (level > MAX_LEVELS) throw cannotHold();
  const isList = Array.isArray(value);
  for (const [name, member] of Object.entries(value)) {
    if (!isList) refuseName(name);
    refuseValue(member, level + 1);
  }
};

const refuseName = (name: string): void => {
  if (name === '') throw cannotHold();
  if (name.length * BYTES_PER_UNIT >= FIELD_NAME_BYTES && Buffer.byteLength(name) >= FIELD_NAME_BYTES)
    throw rowTooLarge();
};

const refuseNumber = (value: number): void => {
  const magnitude = Math.abs(value);
  if (magnitude >= SMALLEST && magnitude < TOO_LARGE) return;
  if (!Number.isFinite(value)) throw new OcciError('internal', 'The store of this service failed.');
  if (magnitude !== 0) throw cannotHold();
};

/**
 * The size of a row as DynamoDB counts it: UTF-8 of names and values, 3 bytes for a list or a map and 1 for each of
 * their members. A number takes "approximately" a byte for every two digits and one more: this is never less.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const rowBytes = (row: Row): number => sizeOfMembers(row, 0);

const sizeOf = (value: unknown): number => {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value);
    case 'number':
      return 2 + (String(value).length >> 1);
    case 'object':
      return value === null ? 1 : 3 + (Array.isArray(value) ? sizeOfItems(value) : sizeOfMembers(value, 1));
    default:
      return 1;
  }
};

/** Items and members that are undefined are not written. */
const sizeOfItems = (items: readonly unknown[]): number => {
  let bytes = 0;
  for (const item of items) if (item !== undefined) bytes += 1 + sizeOf(item);
  return bytes;
};

const sizeOfMembers = (members: object, overhead: number): number => {
  let bytes = 0;
  for (const name of Object.keys(members)) {
    const value = (members as Record<string, unknown>)[name];
    if (value !== undefined) bytes += overhead + Buffer.byteLength(name) + sizeOf(value);
  }
  return bytes;
};
