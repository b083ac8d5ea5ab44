/** What this process did recently for a tenant: EC2 may not show it yet, or part of it is still to be done. */
import { BoundedCache } from '../../lib/adapter/cache.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import { type Cloud, memoryOf } from './cloud.ts';

/** Tenants that are remembered, and entries of each. */
const MAX_ENTRIES = 1000;

/** Entries about one kind, each kept for the same time. They belong to a tenant and a connection. Never calls EC2. */
export class Recent<T> {
  readonly #kind: KindTerm;
  readonly #ttlMs: number;
  /** By the tokens of a connection, which all its requests share. */
  readonly #connections = new WeakMap<Cloud['tokens'], BoundedCache<BoundedCache<T>>>();

  constructor(kind: KindTerm, ttlMs: number) {
    this.#kind = kind;
    this.#ttlMs = ttlMs;
  }

  /** Keeps a value under a name, from now on. */
  keep(cloud: Cloud, name: string, value: T): void {
    const tenants = this.#connections.get(cloud.tokens) ?? new BoundedCache({ maxEntries: MAX_ENTRIES });
    this.#connections.set(cloud.tokens, tenants);
    const tenant = memoryOf(cloud, this.#kind);
    const entries = tenants.get(tenant) ?? new BoundedCache<T>({ maxEntries: MAX_ENTRIES, ttlMs: this.#ttlMs });
    tenants.set(tenant, entries).set(name, value);
  }

  forget(cloud: Cloud, name: string): void {
    this.#of(cloud)?.delete(name);
  }

  /** The value under a name, unless its time is over. */
  get(cloud: Cloud, name: string): T | undefined {
    return this.#of(cloud)?.get(name);
  }

  /** All values of the tenant, the oldest first. */
  all(cloud: Cloud): T[] {
    return (this.#of(cloud)?.entries() ?? []).map(([, value]) => value);
  }

  #of(cloud: Cloud): BoundedCache<T> | undefined {
    return this.#connections.get(cloud.tokens)?.get(memoryOf(cloud, this.#kind));
  }
}
