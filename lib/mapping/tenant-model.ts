/**
 * What a tenant adds to the model: the catalogue of its cloud, kept with its age (decision 7), and its own mixins.
 * Both stand under one prefix, so that the whole model costs one read; where callers of one tenant see different
 * catalogues, each audience has its own beside it, and it costs two at the same time.
 */

import type { Catalogue, Tenant } from '../adapter.ts';
import { logger } from '../log.ts';
import type { Mixin } from '../occi/types.ts';
import type { Row, Table } from '../table/table.ts';
import { PREFIX } from './rows.ts';

/** A catalogue older than this, in seconds, is asked for again. */
const CATALOGUE_SECONDS = 600;
/** Mixins per row: a row must stay under 400 KB. */
const MIXINS_PER_ROW = 500;

export interface TenantModel {
  readonly catalogue: Catalogue;
  readonly user: readonly Mixin[];
}

export class TenantModels {
  readonly #table: Table;
  readonly #tenant: Tenant;
  /** Where the catalogue stands. */
  readonly #shelf: string;

  constructor(table: Table, tenant: Tenant, audience?: string) {
    this.#table = table;
    this.#tenant = tenant;
    this.#shelf = audience === undefined ? tenant : `${tenant}/${audience}`;
  }

  /** The tenant's part of the model; `ask` is called only when no catalogue is stored or it is too old. */
  async read(ask: () => Promise<Catalogue>): Promise<TenantModel> {
    const shelves = [...new Set([this.#tenant, this.#shelf])];
    const rows = (await Promise.all(shelves.map((shelf) => this.#rows(shelf)))).flat();
    const user = rows.filter((row) => row.sk.startsWith(PREFIX.mixin)).map((row) => row.mixin as Mixin);
    return { catalogue: stored(rows) ?? (await this.#keep(await ask())), user };
  }

  async #rows(shelf: string): Promise<Row[]> {
    const rows: Row[] = [];
    let after: string | undefined;
    do {
      const page = await this.#table.query(shelf, PREFIX.model, after);
      rows.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return rows;
  }

  /** Adds or replaces a mixin of the user. */
  async add(mixin: Mixin): Promise<void> {
    await this.#table.put({ pk: this.#tenant, sk: PREFIX.mixin + mixin.scheme + mixin.term, mixin });
  }

  remove(id: string): Promise<void> {
    return this.#table.delete({ pk: this.#tenant, sk: PREFIX.mixin + id });
  }

  /** Makes the next reader ask the cloud: after `save` it has one template more. */
  dropCatalogue(): Promise<void> {
    return this.#table.delete({ pk: this.#shelf, sk: `${PREFIX.catalogue}0` });
  }

  /** The same catalogue, kept for the next reader if the table takes it: who asks now is answered either way. */
  async #keep(catalogue: Catalogue): Promise<Catalogue> {
    try {
      await this.#write(catalogue);
    } catch (error) {
      logger.warn('the catalogue was not kept', { tenant: this.#tenant, error: error as Error });
    }
    return catalogue;
  }

  async #write(catalogue: Catalogue): Promise<void> {
    const { mixins, ...rest } = catalogue;
    const rows = Math.max(1, Math.ceil(mixins.length / MIXINS_PER_ROW));
    const expires = Math.ceil(Date.now() / 1000) + CATALOGUE_SECONDS;
    // Row 0 tells how many there are, so it is written last: a reader that meets it finds the others.
    for (let n = rows - 1; n >= 0; n--) {
      const part = mixins.slice(n * MIXINS_PER_ROW, (n + 1) * MIXINS_PER_ROW);
      await this.#table.put({ pk: this.#shelf, sk: PREFIX.catalogue + n, expires, mixins: part, rows, rest });
    }
  }
}

/** The catalogue that the rows hold, if it is whole. */
function stored(rows: readonly Row[]): Catalogue | undefined {
  const parts = new Map(rows.filter((row) => row.sk.startsWith(PREFIX.catalogue)).map((row) => [row.sk, row]));
  const head = parts.get(`${PREFIX.catalogue}0`);
  if (!head) return undefined;
  const mixins: Mixin[] = [];
  for (let n = 0; n < (head.rows as number); n++) {
    const part = parts.get(PREFIX.catalogue + n);
    if (!part) return undefined;
    mixins.push(...(part.mixins as Mixin[]));
  }
  return { ...(head.rest as Omit<Catalogue, 'mixins'>), mixins };
}
