/** A map of bounded size whose entries expire: what a process may keep between requests, and can do without. */

interface CacheOptions {
  /** The oldest entry is evicted when there would be more. */
  readonly maxEntries: number;
  /** How long an entry counts, in milliseconds; without it an entry never expires. */
  readonly ttlMs?: number;
  /** The time in milliseconds; tests pass a clock of their own. */
  readonly now?: () => number;
}

interface Entry<V> {
  readonly value: V;
  /** On the clock of `now`. */
  readonly expires: number;
}

/** Entries are as old as their last `set`; reading one does not make it younger. */
export class BoundedCache<V> {
  readonly #maxEntries: number;
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry<V>>();

  constructor({ maxEntries, ttlMs = Number.POSITIVE_INFINITY, now = () => Date.now() }: CacheOptions) {
    this.#maxEntries = maxEntries;
    this.#ttlMs = ttlMs;
    this.#now = now;
  }

  /** The value under this key, unless it has expired. */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#now() < entry.expires ? entry.value : undefined;
  }

  /** Keeps a value as the youngest entry, and returns it. */
  set(key: string, value: V): V {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#maxEntries) this.#entries.delete(this.#entries.keys().next().value!);
    this.#entries.set(key, { value, expires: this.#now() + this.#ttlMs });
    return value;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** All entries that have not expired, the oldest first. */
  entries(): [key: string, value: V][] {
    for (const [key, { expires }] of this.#entries) if (this.#now() >= expires) this.#entries.delete(key);
    return [...this.#entries].map(([key, { value }]) => [key, value]);
  }
}

/**
 * The cached result for this key, else that of `load`, which callers at the same time share. A failed load is not kept:
 * the next caller tries again.
 */
export function loadOnce<T>(cache: BoundedCache<Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known) return known;
  const loaded = cache.set(key, load());
  loaded.catch(() => {
    if (cache.get(key) === loaded) cache.delete(key);
  });
  return loaded;
}

/**
 * As `loadOnce`, for loads that need something of their caller: its credentials, its time. Where the load of another caller
 * has failed for the sake of that one, as `isOwnFault` says, this caller does not share the failure, and loads itself.
 */
export async function loadForEach<T>(
  cache: BoundedCache<Promise<T>>,
  key: string,
  load: () => Promise<T>,
  isOwnFault: (error: unknown) => boolean,
): Promise<T> {
  for (;;) {
    const others = cache.get(key);
    if (!others) return await loadOnce(cache, key, load);
    try {
      return await others;
    } catch (error) {
      if (!isOwnFault(error)) throw error;
    }
  }
}
