const MAX_ENTRIES = 500;
const MAX_TEXT_CHARS = 400;

/**
 * What was lately made of short texts: clients send the same few categories again and again. Long texts are not kept,
 * and when it is full it begins afresh, so that nobody can make it grow. (What is `Remembered` is under the key that
 * was asked with last, which here is a slice of a body as a rule.)
 */
export class TextCache<V> {
  readonly #made = new Map<string, V>();

  /** What was made of this text. On a miss `make` gets a copy of it, since a slice would keep a whole body alive. */
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
