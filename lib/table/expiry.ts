import type { Row } from './table.ts';

/** Seconds since the epoch, with fractions. */
export const nowInSeconds = (): number => Date.now() / 1000;

/**
 * Whether a row counts as gone at `now` (seconds). Readers ask this themselves: DynamoDB sweeps expired rows days late.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
 */
export const isExpired = (row: Pick<Row, 'expires'>, now: number): boolean =>
  row.expires !== undefined && row.expires <= now;
