/**
 * A bounded cache for values that never change. It guarantees the `least` most recently used entries and holds at most
 * twice as many; older ones are dropped a generation at a time. (Deleting the oldest key of a large `Map` on each
 * insertion is slow, because iteration steps over all deleted entries.) It retains the key of the most recent access,
 * so a key must not be a slice of a large text, which would keep the whole text alive.
 */
export class Remembered<K, V> {
  readonly #least: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  constructor(least: number) {
    this.#least = least;
  }

  get(key: K): V | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#least && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  delete(key: K): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
