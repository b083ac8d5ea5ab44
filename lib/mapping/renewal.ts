/**
 * How often a catalogue is read again for the sake of a name that it lacks. Anybody can send such names, so the readings are
 * limited in the table, for all containers together.
 */
import { OcciError } from '../errors.ts';
import { memoByObject } from '../memo-by-object.ts';
import type { PartitionKey, SiteTable } from '../table/partition-keys.ts';
import { PREFIX } from './rows.ts';

/** A catalogue that was read within this time is not read again, and a reading that failed is not repeated. */
const RENEWAL_SECONDS = 15;
const ANOTHER_READS_SECONDS = 2;

/** The readings of this process. */
const readingsOf = memoByObject((_: SiteTable) => new Map<PartitionKey, Promise<unknown>>());

/** True if the stored catalogue is young enough for what it lacks not to be there. */
async function isYoung(table: SiteTable, shelf: PartitionKey): Promise<boolean> {
  const head = await table.get({ pk: shelf, sk: `${PREFIX.catalogue}0` });
  return typeof head?.asked === 'number' && Date.now() / 1000 < head.asked + RENEWAL_SECONDS;
}

/** True for the one request that may read within the time. Discovery may only write rows that have `mixins` (deploy/permissions). */
const claim = (table: SiteTable, shelf: PartitionKey): Promise<boolean> => {
  const expires = Math.ceil(Date.now() / 1000) + RENEWAL_SECONDS;
  return table.put({ pk: shelf, sk: PREFIX.renewal, expires, mixins: [] }, 'absent');
};

const beingRead = (): OcciError =>
  new OcciError('unavailable', 'What the cloud offers is being read again: repeat the request in a moment.', {
    headers: { 'Retry-After': String(ANOTHER_READS_SECONDS) },
  });

/**
 * Reads by `read`: with `true` from the cloud, with `false` what is stored, if that is young. Requests of one process wait for
 * the one that reads. Throws `unavailable` with Retry-After while another process reads, and after a reading that has failed.
 */
export async function mayRenew<T>(
  table: SiteTable,
  shelf: PartitionKey,
  read: (again: boolean) => Promise<T>,
): Promise<T> {
  const underway = readingsOf(table);
  const another = underway.get(shelf);
  await another?.catch(() => {});
  const reading = (async () => {
    if (await isYoung(table, shelf)) return await read(false);
    if (another !== undefined || !(await claim(table, shelf))) throw beingRead();
    return await read(true);
  })();
  if (another === undefined) underway.set(shelf, reading);
  try {
    return await reading;
  } finally {
    if (underway.get(shelf) === reading) underway.delete(shelf);
  }
}
