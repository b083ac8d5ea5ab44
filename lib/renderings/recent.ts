import { Remembered } from '../remembered.ts';

const LEAST = 250;
const LONGEST = 400;

/**
 * What was lately made of short texts: clients send the same few categories again and again. Long texts are not kept.
 */
export class Recent<V> {
  readonly #made = new Remembered<string, V>(LEAST);

  /** What was made of this text. On a miss `make` gets a copy of it, since a slice would keep a whole body alive. */
  get(text: string, make: (text: string) => V): V {
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    if (text.length > LONGEST) return make(text);
    const copy = Buffer.from(text).toString();
    const value = make(copy);
    this.#made.set(copy, value);
    return value;
  }
}
