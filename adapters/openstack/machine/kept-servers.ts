/**
 * The servers of a project as a process has read them: listing them again costs what has changed. Nova makes a server of
 * a listing in 10 ms of its CPU (measured on 2026.2), and tells what changed since a time, deleted ones included.
 *
 * Only the record of the server itself is kept. Nova does not count it as changed when a volume, an interface or a tag
 * comes or goes, so nothing of these may be read from what is kept.
 */
import { BoundedCache } from '../../../lib/adapter/cache.ts';
import type { Server } from '../native/server.ts';
import { isDeleted } from '../states.ts';

export interface Kept {
  /** By id, the newest first as Nova lists them. */
  readonly servers: ReadonlyMap<string, Server>;
  /** Nova's time when the listing began, in milliseconds since the epoch. */
  readonly asOf: number;
  /** False where Nova could not reach a part of the cloud: it says little of the servers there, and nothing later. */
  readonly isWhole: boolean;
}

/** A project with more servers is listed page by page each time: what is kept must fit a function's memory. */
export const MAX_KEPT_SERVERS = 5000;

/** Nova's status of a server in a part of the cloud that does not answer (from 2.69 on). */
const UNREACHED = 'UNKNOWN';

/** A listing as it was at a time. */
export const keptOf = (servers: Kept['servers'], asOf: number): Kept => ({
  servers,
  asOf,
  isWhole: [...servers.values()].every(({ status }) => status !== UNREACHED),
});

/** A listing that is being read page by page, to be kept when it is whole. */
interface Reading {
  readonly servers: Map<string, Server>;
  readonly asOf: number;
}

const MAX_VIEWS = 20;
/** Servers of all listings, whole or begun: some 2 KiB each. */
const MAX_KEPT_IN_ALL = 10_000;
/** Nova forgets deleted servers when its operator archives them, at most daily. */
const WHOLE_TTL_MS = 3_600_000;
const BEGUN_TTL_MS = 60_000;
const MAX_ADDRESSED = 1000;
const ADDRESSED_TTL_MS = 60_000;

/**
 * The listings of servers that a process keeps, by who sees them. Their number of servers is bounded: the oldest listing
 * goes first.
 */
export class ServerListings {
  readonly #whole = new BoundedCache<Kept>({ maxEntries: MAX_VIEWS, ttlMs: WHOLE_TTL_MS });
  /** Under the cursor of the next page. */
  readonly #begun = new BoundedCache<Reading>({ maxEntries: MAX_VIEWS, ttlMs: BEGUN_TTL_MS });
  /** Servers that have got a floating address a moment ago, which Nova shows a second later. */
  readonly addressed = new BoundedCache<true>({ maxEntries: MAX_ADDRESSED, ttlMs: ADDRESSED_TTL_MS });

  /** The listing that a view has, if it is kept. */
  whole(view: string): Kept | undefined {
    return this.#whole.get(view);
  }

  /** Keeps a listing that is whole and not too long; otherwise the view has none. */
  keep(view: string, listing: Kept): void {
    if (!listing.isWhole || listing.servers.size > MAX_KEPT_SERVERS) {
      this.#whole.delete(view);
      return;
    }
    this.#whole.set(view, listing);
    this.#fit();
  }

  /** Takes what was read of a listing before this cursor. */
  takeBegun(view: string, cursor: string | undefined): Reading | undefined {
    const key = `${view} ${cursor}`;
    const reading = this.#begun.get(key);
    this.#begun.delete(key);
    return reading;
  }

  /** Keeps what was read of a listing before this cursor, unless it is too long. */
  begin(view: string, cursor: string, reading: Reading): void {
    if (reading.servers.size >= MAX_KEPT_SERVERS) return;
    this.#begun.set(`${view} ${cursor}`, reading);
    this.#fit();
  }

  /** Servers of all listings. */
  get size(): number {
    const listings = [...this.#begun.entries(), ...this.#whole.entries()];
    return listings.reduce((sum, [, { servers }]) => sum + servers.size, 0);
  }

  /** Drops listings until they fit: those that were only begun before those that are whole. */
  #fit(): void {
    for (const cache of [this.#begun, this.#whole]) {
      for (const [key] of cache.entries().slice(0, -1)) {
        if (this.size <= MAX_KEPT_IN_ALL) return;
        cache.delete(key);
      }
    }
  }
}

/** Clocks of a cloud's hosts differ, and Nova compares seconds: changes of so long before are asked for again. */
const SKEW_MS = 30_000;

/** The time to ask for changes since, in the form that Nova reads: whole seconds. */
export const sinceOf = ({ asOf }: Kept): string => new Date(asOf - SKEW_MS).toISOString().replace(/\.\d+Z$/, 'Z');

/** Nova's default order: the newest first, and those of one second by id (nova/compute/instance_list.py). */
const inOrder = (one: Server, other: Server): number =>
  one.created === other.created ? (one.id < other.id ? -1 : 1) : one.created < other.created ? 1 : -1;

/**
 * What is kept with what has changed. Nova does not count as changed what no host has touched yet: a new server, and one
 * that is deleted so early. So those that are being built are what Nova lists as `building`, read before the changes.
 */
export function withChanges(
  { servers }: Pick<Kept, 'servers'>,
  building: readonly Server[],
  changed: readonly Server[],
): ReadonlyMap<string, Server> {
  const fresh = new Map([...building, ...changed].map((server) => [server.id, server]));
  const stays = ({ id, status }: Server): boolean => !fresh.has(id) && status !== 'BUILD';
  const kept = [...servers.values()].filter(stays);
  const news = [...fresh.values()].filter((server) => !isDeleted(server));
  if (news.length === 0 && kept.length === servers.size) return servers;
  const all = [...kept, ...news].sort(inOrder);
  return new Map(all.map((server) => [server.id, server]));
}
