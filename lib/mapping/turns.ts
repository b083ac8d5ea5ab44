/**
 * A turn is a lock on an entity for a conditional change, so that no other conditional change checks its condition
 * while this one is on its way to the cloud. A turn expires at the deadline of its request: a crash blocks conditional
 * changes of that one entity until then (half a minute under `npm start`), and nothing else.
 */
import { randomInt } from 'node:crypto';
import { logger } from '../log.ts';
import type { PartitionKey, SiteTable } from '../table/partition-keys.ts';
import { PREFIX } from './rows.ts';

interface Turn {
  readonly uuid: string;
  readonly version: number;
}

/** How long a cloud may continue with a call after the deadline of its request. */
const GRACE_MS = 1000;
const MAX_TURN_MS = 60_000;
/** Versions are random: a turn that was taken over must not look like the one before. */
const VERSIONS = 2 ** 47;

export class Turns {
  readonly #table: SiteTable;
  readonly #pk: PartitionKey;

  constructor(table: SiteTable, pk: PartitionKey) {
    this.#table = table;
    this.#pk = pk;
  }

  /** Takes the turn until `deadline`, in milliseconds since the epoch; undefined while another request has it. */
  async take(uuid: string, deadline: number): Promise<Turn | undefined> {
    const until = Math.min(deadline, Date.now() + MAX_TURN_MS) + GRACE_MS;
    const turn = { uuid, version: randomInt(VERSIONS) };
    const row = { ...this.#key(uuid), ...turn, expires: Math.ceil(until / 1000) };
    return (await this.#table.put(row, 'absent')) ? turn : undefined;
  }

  /** Seconds until the turn expires, rounded up; at least 1, even if it has ended in the meantime. */
  async secondsLeft(uuid: string): Promise<number> {
    const row = await this.#table.get(this.#key(uuid));
    return Math.max(1, Math.ceil((row?.expires ?? 0) - Date.now() / 1000));
  }

  /** Ends a turn, unless another request has taken it over. Never throws, since a turn expires anyway. */
  async end({ uuid, version }: Turn): Promise<void> {
    const row = { ...this.#key(uuid), uuid, version, expires: 1 };
    await this.#table.put(row, { version }).catch((error: unknown) => {
      logger.warn('a turn ends by itself', { partition: this.#pk, error: error as Error });
    });
  }

  #key(uuid: string) {
    return { pk: this.#pk, sk: PREFIX.turn + uuid };
  }
}
