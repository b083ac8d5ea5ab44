/** What this process did lately for a tenant: EC2 may not show it yet, or something of it is left to do. */
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import { type Cloud, memoryOf } from './cloud.ts';

/** Tenants that are known, and things of each: the oldest go first. */
const MOST = 1000;

interface Kept<T> {
  readonly value: T;
  /** In milliseconds since the epoch. */
  readonly until: number;
}

/** Things of one kind, each for the same time. They are a tenant's, and those of one connection: no call. */
export class Lately<T> {
  readonly #kind: KindTerm;
  readonly #time: number;
  /** By the tokens of a connection, which all its requests share. */
  readonly #connections = new WeakMap<Cloud['tokens'], Map<string, Map<string, Kept<T>>>>();

  /** `time` in milliseconds. */
  constructor(kind: KindTerm, time: number) {
    this.#kind = kind;
    this.#time = time;
  }

  /** Keeps a value under a name, from now on. */
  keep(cloud: Cloud, name: string, value: T): void {
    const tenants = this.#connections.get(cloud.tokens) ?? new Map<string, Map<string, Kept<T>>>();
    this.#connections.set(cloud.tokens, tenants);
    const tenant = memoryOf(cloud, this.#kind);
    const things = tenants.get(tenant) ?? new Map<string, Kept<T>>();
    tenants.delete(tenant);
    things.delete(name);
    if (tenants.size >= MOST) tenants.delete(tenants.keys().next().value!);
    if (things.size >= MOST) things.delete(things.keys().next().value!);
    tenants.set(tenant, things.set(name, { value, until: Date.now() + this.#time }));
  }

  forget(cloud: Cloud, name: string): void {
    this.#of(cloud)?.delete(name);
  }

  /** What is kept under a name, if its time is not over. */
  get(cloud: Cloud, name: string): T | undefined {
    const kept = this.#of(cloud)?.get(name);
    return kept && Date.now() < kept.until ? kept.value : undefined;
  }

  /** All that is kept for the tenant, the oldest first. */
  all(cloud: Cloud): T[] {
    const things = this.#of(cloud) ?? new Map<string, Kept<T>>();
    for (const [name, { until }] of things) if (Date.now() >= until) things.delete(name);
    return [...things.values()].map(({ value }) => value);
  }

  #of(cloud: Cloud): Map<string, Kept<T>> | undefined {
    return this.#connections.get(cloud.tokens)?.get(memoryOf(cloud, this.#kind));
  }
}
