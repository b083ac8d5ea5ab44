/**
 * How often the cloud is scanned for ids that the table does not hold. A scan is a listing of everything, and anybody can ask for
 * ids that are not there; so the scans of a minute are counted in the table, for all containers together.
 */
import { isFailure, OcciError } from '../errors.ts';
import type { PartitionKey, SiteTable } from '../table/partition-keys.ts';
import { RequestRate } from './rate.ts';

/** Twelve a minute is what one process needs at most for one kind: its scans are shared for five seconds. */
export const SCANS_PER_MINUTE = 30;

/**
 * Counts one: a read and a conditional write, which a scan is expensive enough for. Throws `tooManyRequests` with Retry-After
 * when those of the minute are used up, from memory until it ends.
 */
export async function admitScan(table: SiteTable, pk: PartitionKey): Promise<void> {
  try {
    await new RequestRate(table, pk, SCANS_PER_MINUTE).admit();
  } catch (error) {
    if (!isFailure(error, 'tooManyRequests')) throw error;
    const { headers } = error;
    const message = `Too many ids were asked for in this minute that this endpoint does not know yet: try again in ${headers['Retry-After']} s.`;
    throw new OcciError('tooManyRequests', message, { headers, cause: error });
  }
}
