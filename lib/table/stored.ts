/** A row as a table of our own keeps it: checked, measured and frozen. */
import { checkedRowBytes, rowBytes } from './row-size.ts';
import type { PutCondition, Row } from './table.ts';

export interface Stored {
  /** Deeply frozen. */
  readonly row: Row;
  /** Its size as DynamoDB counts it. */
  readonly bytes: number;
}

/** A copy of a row that is to be written. Throws what `checkedRowBytes` throws. */
export const stored = (row: Row): Stored => {
  const bytes = checkedRowBytes(row);
  return { row: frozenCopy(row), bytes };
};

/** A row that was read from a journal and that nobody else has; it was checked when it was written. */
export const asRead = (row: Row): Stored => ({ row: frozen(row), bytes: rowBytes(row) });

const frozen = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
};

export const holds = (condition: PutCondition, present: Row | undefined): boolean =>
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
