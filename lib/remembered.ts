/**
 * What a process keeps in mind because it never changes or may be forgotten: a map of at most twice `least` values. The
 * last `least` that were put or asked for are there; older ones go all at once. (A map whose oldest key is deleted
 * whenever one is added walks over all that were deleted before, which costs more than everything around it once it is
 * large.) The key that is kept is the one that was asked with last: a slice of a large text would keep all of it.
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
