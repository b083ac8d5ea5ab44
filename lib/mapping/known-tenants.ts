/**
 * The tenants of a site, for callers that see all of them: those that have changed something through this endpoint, and
 * those that the settings name. A cloud cannot list them: to it they are one account, or users among others.
 */
import type { Tenant } from '../adapter/contract.ts';
import { Remembered } from '../remembered.ts';
import type { PartitionKey, partitionsOf, SiteTable } from '../table/partition-keys.ts';
import { PREFIX } from './rows.ts';

/** Tenants of which a container knows that they are in the table. */
const MAX_REMEMBERED = 10_000;

export interface KnownTenant {
  /** Its name, by which the adapter is asked for it. */
  readonly name: string;
  /** The tenant in keys, as the adapter calls it; absent for one that has changed nothing. */
  readonly tenant?: Tenant;
}

/** Where an entity may be: its OCCI id, or a path that a client chose. */
export type Whereabouts = { readonly uuid: string } | { readonly path: string };

export class KnownTenants {
  readonly #table: SiteTable;
  readonly #partitions: ReturnType<typeof partitionsOf>;
  readonly #named: ReadonlySet<string>;
  readonly #remembered = new Remembered<string, true>(MAX_REMEMBERED);

  /** `named` are those that the settings name. */
  constructor(table: SiteTable, partitions: ReturnType<typeof partitionsOf>, named: readonly string[]) {
    this.#table = table;
    this.#partitions = partitions;
    this.#named = new Set(named);
  }

  /** Remembers a tenant before it changes something for the first time: one write per container. */
  async remember(name: string, tenant: Tenant): Promise<void> {
    const memory = JSON.stringify([name, tenant]);
    if (this.#remembered.get(memory)) return;
    await this.#table.put({ pk: this.#partitions.tenants, sk: name, tenant }, 'absent');
    this.#remembered.set(memory, true);
  }

  /** All of them, by name. */
  async all(): Promise<readonly KnownTenant[]> {
    const known = new Map<string, KnownTenant>([...this.#named].map((name) => [name, { name }]));
    let after: string | undefined;
    do {
      const page = await this.#table.query(this.#partitions.tenants, '', after);
      for (const { sk, tenant } of page.items) known.set(sk, { name: sk, tenant: tenant as Tenant });
      after = page.next;
    } while (after !== undefined);
    return [...known.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** The tenant with a name; undefined if there is none. */
  async find(name: string): Promise<KnownTenant | undefined> {
    const row = name === '' ? undefined : await this.#table.get({ pk: this.#partitions.tenants, sk: name });
    if (row) return { name, tenant: row.tenant as Tenant };
    return this.#named.has(name) ? { name } : undefined;
  }

  /** Those whose records have an entity. */
  async having(where: Whereabouts, among: readonly KnownTenant[]): Promise<readonly KnownTenant[]> {
    const sk = 'uuid' in where ? PREFIX.mapping + where.uuid : PREFIX.alias + where.path;
    const byKey = new Map<PartitionKey, KnownTenant>();
    for (const one of among) if (one.tenant !== undefined) byKey.set(this.#partitions.tenant(one.tenant), one);
    const rows = await this.#table.getAll([...byKey.keys()].map((pk) => ({ pk, sk })));
    const found = new Set(rows.filter(({ mixin }) => mixin === undefined).map(({ pk }) => pk));
    return [...byKey].filter(([pk]) => found.has(pk)).map(([, one]) => one);
  }
}
