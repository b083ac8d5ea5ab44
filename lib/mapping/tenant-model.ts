/**
 * What a tenant adds to the model: the catalogue of its cloud, kept with its age (ADR-7), and its own mixins. Both have
 * one key prefix, so that the whole model costs one read. If callers of one tenant see different catalogues, each
 * audience has its own partition, and the model costs two parallel reads.
 */

import { randomUUID } from 'node:crypto';
import type { Catalogue } from '../adapter/contract.ts';
import { logger } from '../log.ts';
import { memoByObject } from '../memo-by-object.ts';
import type { Mixin } from '../occi/types.ts';
import { Remembered } from '../remembered.ts';
import type { PartitionKey, SiteTable } from '../table/partition-keys.ts';
import type { Row, RowPage } from '../table/table.ts';
import { definitionIn, PREFIX } from './rows.ts';

/** A catalogue older than this is fetched again. */
const CATALOGUE_TTL_SECONDS = 600;
/** The same for one of which a part could not be read, or to which a new template is still to come. */
const PASSING_TTL_SECONDS = 15;
/** Mixins per row: a row must stay under 400 KB. */
const MIXINS_PER_ROW = 500;

/** Tenants, or audiences of tenants, whose models a process caches. */
const MIN_CACHED_MODELS = 20;

export interface TenantModel {
  readonly catalogue: Catalogue;
  readonly user: readonly Mixin[];
  /** The current definition of each of the user's mixins, by type identifier. */
  readonly definitions: ReadonlyMap<string, string>;
}

/**
 * The cached model of a tenant and a shelf with the stamps of its rows. Every write gives a row a new stamp, so equal
 * stamps mean equal rows; a model with other stamps is dropped at once.
 */
const knownOf = memoByObject(
  (_: SiteTable) => new Remembered<string, { readonly stamps: string; readonly model: TenantModel }>(MIN_CACHED_MODELS),
);

export class TenantModels {
  readonly #table: SiteTable;
  readonly #pk: PartitionKey;
  /** The partition of the catalogue. */
  readonly #shelf: PartitionKey;

  /** The models of the tenant whose partition `pk` is; `shelf` is the partition of its catalogue, if different. */
  constructor(table: SiteTable, pk: PartitionKey, shelf = pk) {
    this.#table = table;
    this.#pk = pk;
    this.#shelf = shelf;
  }

  /**
   * The tenant's part of the model. Returns the same object while its rows are unchanged, so that derived values can be
   * memoized by it. Calls `ask` only if no catalogue is stored or it is too old, or if it is to be read `again`.
   */
  async read(ask: () => Promise<Catalogue>, again = false): Promise<TenantModel> {
    const rows = await this.#allRows();
    const stamps = stampsOf(rows);
    const known = knownOf(this.#table);
    const before = known.get(this.#shelf);
    if (!again && before && before.stamps === stamps) return before.model;
    const own = rows.filter((row) => row.sk.startsWith(PREFIX.mixin));
    const user = own.map((row) => row.mixin as Mixin);
    const definitions = new Map(own.map((row) => [row.sk.slice(PREFIX.mixin.length), definitionIn(row)]));
    const saved = savedIn(rows);
    const catalogue = again ? undefined : stored(rows, saved);
    if (!catalogue) return { catalogue: await this.#keep(await ask(), saved), user, definitions };
    const model = { catalogue, user, definitions };
    if (stamps !== undefined) known.set(this.#shelf, { stamps, model });
    return model;
  }

  /**
   * The tenant's part of the model for a request that names a mixin which the kept catalogue lacks: asks the cloud again, for
   * all containers together at most once in 15 seconds.
   */
  async readNewest(ask: () => Promise<Catalogue>): Promise<TenantModel> {
    const { mayRenew } = await import('./renewal.ts');
    return await mayRenew(this.#table, this.#shelf, (again) => this.read(ask, again));
  }

  async #allRows(): Promise<readonly Row[]> {
    if (this.#shelf === this.#pk) return await this.#rows(this.#pk);
    const [own, shared] = await Promise.all([this.#rows(this.#pk), this.#rows(this.#shelf)]);
    // The tenant's own catalogue is that of callers without an audience.
    return [...own.filter(({ sk }) => !sk.startsWith(PREFIX.catalogue)), ...shared];
  }

  async #rows(shelf: PartitionKey): Promise<readonly Row[]> {
    const first = await this.#table.query(shelf, PREFIX.model);
    if (first.next === undefined) return first.items;
    const rows = [...first.items];
    for (let after: string | undefined = first.next; after !== undefined; ) {
      const page: RowPage<Row> = await this.#table.query(shelf, PREFIX.model, after);
      rows.push(...page.items);
      after = page.next;
    }
    return rows;
  }

  /**
   * Invalidates the catalogues of all audiences: after `save` the cloud has one more template. Clouds show it only once it
   * is whole, so for a while catalogues are kept for a short time.
   */
  async dropCatalogue(): Promise<void> {
    const expires = Math.ceil(Date.now() / 1000) + CATALOGUE_TTL_SECONDS;
    await this.#table.put({ pk: this.#pk, sk: PREFIX.saved, expires, stamp: randomUUID() });
  }

  /** Stores the catalogue for the next reader, and returns it even if the table cannot be written. */
  async #keep(catalogue: Catalogue, saved: string | undefined): Promise<Catalogue> {
    try {
      await this.#write(catalogue, saved);
    } catch (error) {
      logger.warn('the catalogue was not kept', { partition: this.#shelf, error: error as Error });
    }
    return catalogue;
  }

  async #write(catalogue: Catalogue, saved: string | undefined): Promise<void> {
    const { mixins, ...rest } = catalogue;
    const rows = Math.max(1, Math.ceil(mixins.length / MIXINS_PER_ROW));
    const isPassing = catalogue.unread !== undefined || saved !== undefined;
    const asked = Math.ceil(Date.now() / 1000);
    const expires = asked + (isPassing ? PASSING_TTL_SECONDS : CATALOGUE_TTL_SECONDS);
    const stamp = randomUUID();
    // Row 0 holds the number of rows, so it is written last: a reader that finds it finds the others.
    for (let n = rows - 1; n >= 0; n--) {
      const part = mixins.slice(n * MIXINS_PER_ROW, (n + 1) * MIXINS_PER_ROW);
      const fields = { mixins: part, rows, rest, asked, stamp, ...(saved !== undefined && { saved }) };
      await this.#table.put({ pk: this.#shelf, sk: PREFIX.catalogue + n, expires, ...fields });
    }
  }
}

/** The stamps of all rows, in order; undefined if a row has no stamp. */
function stampsOf(rows: readonly Row[]): string | undefined {
  let stamps = '';
  for (const { stamp } of rows) {
    if (typeof stamp !== 'string') return undefined;
    stamps += stamp;
  }
  return stamps;
}

/** The stamp of the last `save` within the life of a catalogue. */
const savedIn = (rows: readonly Row[]): string | undefined =>
  rows.find(({ sk }) => sk === PREFIX.saved)?.stamp as string | undefined;

/** The catalogue in the rows; undefined if it is incomplete, or was asked for before the last `save`. */
function stored(rows: readonly Row[], saved: string | undefined): Catalogue | undefined {
  const parts = new Map(rows.filter((row) => row.sk.startsWith(PREFIX.catalogue)).map((row) => [row.sk, row]));
  const head = parts.get(`${PREFIX.catalogue}0`);
  if (!head || (saved !== undefined && head.saved !== saved)) return undefined;
  const mixins: Mixin[] = [];
  for (let n = 0; n < (head.rows as number); n++) {
    const part = parts.get(PREFIX.catalogue + n);
    if (!part) return undefined;
    mixins.push(...(part.mixins as Mixin[]));
  }
  return { ...(head.rest as Omit<Catalogue, 'mixins'>), mixins };
}
