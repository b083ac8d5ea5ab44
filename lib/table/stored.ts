/** A row as a table of our own keeps it: checked, measured and frozen as DynamoDB would take it. */
import { OcciError } from '../errors.ts';
import { keyFits, ROW_BYTES, rowTooLarge, sizeOf } from './limits.ts';
import type { PutCondition, Row } from './table.ts';

/** The magnitudes of the numbers that DynamoDB holds, besides zero: from the first, and below the second. */
const SMALLEST = 1e-130;
const TOO_LARGE = 1e126;
/** How deep lists and maps may be nested. */
const MAX_LEVELS = 32;

export interface Stored {
  /** Deeply frozen. */
  readonly row: Row;
  /** Its size as DynamoDB counts it. */
  readonly bytes: number;
}

/**
 * A copy of a row that is to be written. Throws `tooLarge` for a row over 400 KB or a key that
 * does not fit, and `invalid` for a value that DynamoDB cannot hold.
 */
export const stored = (row: Row): Stored => {
  const bytes = sizeOf(row);
  if (bytes > ROW_BYTES || !keyFits(row)) throw rowTooLarge();
  return { row: frozenCopy(row, 0), bytes };
};

/** A row that was read from a journal and that nobody else has; it was checked when it was written. */
export const asRead = (row: Row): Stored => ({ row: frozen(row), bytes: sizeOf(row) });

const frozen = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
};

export const holds = (condition: PutCondition, present: Row | undefined): boolean =>
  condition === 'absent' ? present === undefined : present !== undefined && present.version === condition.version;

/** Members that are undefined are left out, as DynamoDB's marshaller does. */
const frozenCopy = <T>(value: T, level: number): T => {
  if (typeof value === 'number') refuseNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (level > MAX_LEVELS) throw cannotHold();
  if (Array.isArray(value)) {
    return Object.freeze(value.filter((item) => item !== undefined).map((item) => frozenCopy(item, level + 1))) as T;
  }
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) copy[name] = frozenCopy(member, level + 1);
  }
  return Object.freeze(copy) as T;
};

const refuseNumber = (value: number): void => {
  const magnitude = Math.abs(value);
  if (magnitude >= SMALLEST && magnitude < TOO_LARGE) return;
  if (!Number.isFinite(value)) throw new OcciError('internal', 'The store of this service failed.');
  if (magnitude !== 0) throw cannotHold();
};

const cannotHold = (): OcciError =>
  new OcciError('invalid', 'The store of this service cannot hold one of the values.');
