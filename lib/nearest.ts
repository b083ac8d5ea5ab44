/** The name that was probably meant. */

/** What of a name is compared, in characters: an error about a long one must not take long. */
const MAX_COMPARED_CHARS = 200;
/** Longer words are compared for equality only, since most of what is this long was made by a machine. */
const MAX_WORD_CHARS = 64;
/** A name with more slips than this is another name. */
const MAX_EDITS = 4;
/** A distance beyond all that are asked for, with room to add to it. */
const FAR = 200;

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Three rows of the table of distances, used again for every pair. */
const rows = Array.from({ length: 3 }, () => new Uint8Array(MAX_WORD_CHARS + MAX_EDITS + 1));

/**
 * How many letters must be changed, added, left out or exchanged with their neighbour to come from one to the other.
 * `FAR` where it is more than `most`; the work is at most `most` times the length.
 */
function distance(from: string, to: string, most: number): number {
  if (from.length > to.length + most || to.length > from.length + most) return FAR;
  let [before, row, next] = rows as [Uint8Array, Uint8Array, Uint8Array];
  for (let j = 0; j <= to.length; j++) row[j] = j;
  for (let i = 1; i <= from.length; i++) {
    const first = i > most ? i - most : 1;
    const last = i + most < to.length ? i + most : to.length;
    next[first - 1] = first === 1 ? i : FAR;
    let fewest = FAR;
    for (let j = first; j <= last; j++) {
      let least = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      if (row[j]! + 1 < least) least = row[j]! + 1;
      if (next[j - 1]! + 1 < least) least = next[j - 1]! + 1;
      const exchanged = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (exchanged && before[j - 2]! + 1 < least) least = before[j - 2]! + 1;
      next[j] = least;
      if (least < fewest) fewest = least;
    }
    if (last < to.length) next[last + 1] = FAR;
    if (fewest > most) return FAR;
    [before, row, next] = [row, next, before];
  }
  return row[to.length]! <= most ? row[to.length]! : FAR;
}

interface Name {
  readonly whole: string;
  /** What stands before the last word: the scheme of a category, the prefix of an attribute. */
  readonly place: string;
  readonly word: string;
}

/** A name cut before its last word: `…/infrastructure#` and `compute`, `occi.compute.` and `cores`. */
function nameOf(text: string): Name {
  const separator = ['#', '/', '.'].find((one) => text.includes(one));
  const cut = separator === undefined ? 0 : text.lastIndexOf(separator) + 1;
  return { whole: plain(text), place: plain(text.slice(0, cut)), word: plain(text.slice(cut)) };
}

function commonLength(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

/** How far a name is from the one wanted: less than 1 for the right word in another place, else the slips in the word. */
function farness(wanted: Name, name: Name): number {
  if (name.whole === wanted.whole) return 0;
  if (name.word === wanted.word) return 1 - commonLength(name.place, wanted.place) / (MAX_COMPARED_CHARS + 1);
  if (name.place !== wanted.place || wanted.word.length > MAX_WORD_CHARS) return FAR;
  const most = Math.min(MAX_EDITS, Math.max(1, Math.floor(wanted.word.length / 3)));
  return distance(wanted.word, name.word, most);
}

/**
 * The one of `names` that `written` most resembles, if it resembles any: the same but for capitals and punctuation, the
 * right last word in another place, or a last word that is a few letters off.
 */
export function nearest(written: string, names: Iterable<string>): string | undefined {
  const wanted = nameOf(written.slice(0, MAX_COMPARED_CHARS));
  if (wanted.word === '') return undefined;
  let best: string | undefined;
  let least: number = FAR;
  for (const name of names) {
    const far = farness(wanted, nameOf(name));
    if (far < least) [best, least] = [name, far];
  }
  return best;
}
