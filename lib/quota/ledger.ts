/**
 * The ledger of a tenant: what it has created in this hour, what it had of each kind when the cloud was last listed, and
 * an entry for each change since then. One row, changed by conditional writes; beside it a mark for each kind, which a
 * delete writes without reading anything.
 */
import { randomInt } from 'node:crypto';
import { OcciError } from '../errors.ts';
import { memoByObject } from '../memo-by-object.ts';
import type { PartitionKey, SiteTable } from '../table/partition-keys.ts';
import type { Amounts, CountedKind } from './quantities.ts';

/** A change that the count of its kind may not include: a create, a growth or a copy. */
export interface Entry {
  /** The token of the create. */
  readonly token: string;
  readonly kind: CountedKind;
  readonly amounts: Amounts;
  /**
   * While it is under way: when it counts as crashed. Afterwards: until when the cloud may not show it. In milliseconds
   * since the epoch.
   */
  readonly until: number;
  /** The entity that was created, or that grows. */
  readonly uuid?: string;
  /** Of a growth: what the entity has in all afterwards. */
  readonly to?: Amounts;
  /** The change has succeeded. */
  readonly done?: true;
  /** A listing after it has succeeded did not show it yet. */
  readonly unlisted?: true;
  /** The cloud was listed while the change was under way, so that the count may include it. */
  readonly unsure?: true;
}

/** What a listing of the cloud found. */
export interface Count {
  /** That of the listing. */
  readonly id: number;
  readonly amounts: Amounts;
  /** When the listing began, in milliseconds since the epoch. */
  readonly at: number;
  /** The mark of the kind when the listing began: another one means that something was deleted since. */
  readonly mark?: number | undefined;
  /** Set, to a random number, when the count is known to be wrong. */
  readonly stale?: number | undefined;
}

export interface Ledger {
  readonly version: number;
  /** Entities created in the hour that began at `start`, in milliseconds since the epoch. */
  readonly hour?: { readonly start: number; readonly made: number };
  readonly counts: { readonly [K in CountedKind]?: Count };
  readonly entries: readonly Entry[];
}

/** A ledger with the marks beside it, as they were read. */
export interface State {
  readonly ledger: Ledger;
  readonly marks: { readonly [K in CountedKind]?: number };
}

/** What becomes of a ledger: its new content, if it changes, and what the caller gets. */
export interface Step<T> {
  readonly ledger?: Ledger | undefined;
  readonly value: T;
}

const EMPTY: Ledger = { version: 0, counts: {}, entries: [] };

const SK = 'ledger';
const MARK = `${SK}#mark#`;

/** How long a write that collides with others is repeated; shorter than the deadline of a request. */
const RETRY_TIMEOUT_MS = 10_000;
const MAX_BACKOFF_MS = 40;
export const RANDOM = 2 ** 47;

/** Exponential backoff with jitter, so that writers that collided are unlikely to collide again. */
export const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** attempt, MAX_BACKOFF_MS)));

/** The answer to a request that loses every race for a row. */
export const crowded = (): OcciError =>
  new OcciError('unavailable', 'Too many requests of your tenant come at the same time: try again.', {
    headers: { 'Retry-After': '1' },
  });

/** The last change of each ledger in this process: changes of one ledger wait for each other instead of colliding. */
const lastChanges = memoByObject((_: SiteTable) => new Map<string, Promise<unknown>>());

export class LedgerRows {
  readonly #table: SiteTable;
  readonly #pk: PartitionKey;
  /** The state after the last change by this request. */
  #written: State | undefined;

  constructor(table: SiteTable, pk: PartitionKey) {
    this.#table = table;
    this.#pk = pk;
  }

  /** The ledger as it is: one query. */
  async read(): Promise<State> {
    const { items } = await this.#table.query(this.#pk, SK);
    const row = items.find(({ sk }) => sk === SK);
    const marks = items.filter(({ sk }) => sk.startsWith(MARK)).map(({ sk, mark }) => [sk.slice(MARK.length), mark]);
    return { ledger: (row as unknown as Ledger | undefined) ?? EMPTY, marks: Object.fromEntries(marks) };
  }

  /**
   * Changes the ledger: a query and a conditional write. `step` runs again when another request was faster. With `known`
   * it is first tried on what this request has written before, without the query; the marks are then those of that time.
   * Throws `unavailable` when others are faster too often.
   */
  async change<T>(step: (state: State) => Step<T>, known?: 'known'): Promise<T> {
    const lanes = lastChanges(this.#table);
    const run = () => this.#change(step, known && this.#written);
    const mine = (lanes.get(this.#pk) ?? Promise.resolve()).then(run, run);
    lanes.set(this.#pk, mine);
    try {
      return await mine;
    } finally {
      if (lanes.get(this.#pk) === mine) lanes.delete(this.#pk);
    }
  }

  async #change<T>(step: (state: State) => Step<T>, known: State | undefined): Promise<T> {
    const started = Date.now();
    for (let attempt = 0; ; attempt++) {
      const state = (attempt === 0 && known) || (await this.read());
      const { ledger, value } = step(state);
      if (!ledger) return value;
      const { version } = state.ledger;
      const { hour, counts, entries } = ledger;
      const next = { hour, counts, entries, version: version + 1 };
      const row = { pk: this.#pk, sk: SK, ...next };
      if (await this.#table.put(row, version === 0 ? 'absent' : { version })) {
        this.#written = { ledger: next as Ledger, marks: state.marks };
        return value;
      }
      if (Date.now() - started > RETRY_TIMEOUT_MS) throw crowded();
      await pause(attempt);
    }
  }

  /** Marks that something of a kind was deleted or has shrunk: one write, which never collides. */
  async mark(kind: CountedKind): Promise<void> {
    await this.#table.put({ pk: this.#pk, sk: MARK + kind, mark: randomInt(RANDOM) });
  }
}
