/**
 * Texts that come again and again in an answer: the names of its elements, and values such as 0, YES or a gateway. Each
 * is made once and found by its bytes, which takes less time and memory than to make it again.
 */

/** Number of cached texts; a text takes the place of an earlier one. */
const PLACES = 4096;
/** Longest cached text, in bytes. */
const MAX_BYTES = 32;

export class Texts {
  readonly #texts = new Array<string>(PLACES).fill('');

  /** The text between two places, which must be ASCII if it is to be found again. */
  at(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > MAX_BYTES) return bytes.toString('utf8', start, end);
    let hash = length;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const known = this.#texts[place]!;
    if (isAt(known, bytes, start, length)) return known;
    const text = bytes.toString('utf8', start, end);
    this.#texts[place] = text;
    return text;
  }
}

/** True if the text is what these bytes are. One with characters beyond ASCII is never found. */
function isAt(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}
