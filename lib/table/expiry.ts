import type { Row } from './table.ts';

/** Seconds since the epoch, with fractions. */
export const nowInSeconds = (): number => Date.now() / 1000;

/**
 * True if a row has expired at `now` (seconds). Readers check this, because DynamoDB may delete expired rows days late.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
 */
export const isExpired = (row: Pick<Row, 'expires'>, now: number): boolean =>
  row.expires !== undefined && row.expires <= now;
