const MAX_ENTRIES = 500;
const MAX_TEXT_CHARS = 400;

/**
 * A cache of values parsed from short texts, since clients send the same few categories repeatedly. Long texts are not
 * cached, and a full cache is cleared, so its size is bounded. (`Remembered` is unsuitable: it retains the most recent
 * key, which here is usually a slice of a body.)
 */
export class TextCache<V> {
  readonly #made = new Map<string, V>();

  /** The value for a text. On a miss, `make` gets a copy of the text, since a slice would keep the whole body alive. */
  get(text: string, make: (text: string) => V): V {
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    if (text.length > MAX_TEXT_CHARS) return make(text);
    const copy = Buffer.from(text).toString();
    const value = make(copy);
    if (this.#made.size >= MAX_ENTRIES) this.#made.clear();
    this.#made.set(copy, value);
    return value;
  }
}
