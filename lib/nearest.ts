/** The name that was probably meant. */

/** How much of a name is compared, so that an error about a long name stays cheap. */
const MAX_COMPARED_CHARS = 200;
/** Longer words are compared for equality only: most of them are generated, not typed. */
const MAX_WORD_CHARS = 64;
/** A name that needs more edits than this is a different name. */
const MAX_EDITS = 4;
/** Stands for a distance above every limit, with room to add to it. */
const FAR = 200;

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Three rows of the distance table, reused for every pair. */
const rows = Array.from({ length: 3 }, () => new Uint8Array(MAX_WORD_CHARS + MAX_EDITS + 1));

/**
 * The edit distance of two words with transpositions (Damerau-Levenshtein). `FAR` if it is more than `most`; takes at
 * most `most` times the length in steps.
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
  /** The text before the last word: the scheme of a category, the prefix of an attribute. */
  readonly place: string;
  readonly word: string;
}

/** A name split before its last word: `…/infrastructure#` and `compute`, `occi.compute.` and `cores`. */
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

/**
 * The distance of a name from the one wanted: below 1 for the right word with another prefix, else the edits in the
 * last word.
 */
function farness(wanted: Name, name: Name): number {
  if (name.whole === wanted.whole) return 0;
  if (name.word === wanted.word) return 1 - commonLength(name.place, wanted.place) / (MAX_COMPARED_CHARS + 1);
  if (name.place !== wanted.place || wanted.word.length > MAX_WORD_CHARS) return FAR;
  const most = Math.min(MAX_EDITS, Math.max(1, Math.floor(wanted.word.length / 3)));
  return distance(wanted.word, name.word, most);
}

/**
 * The one of `names` that `written` most resembles, or undefined: the same but for case and punctuation, the same last
 * word with another prefix, or a last word that is a few edits away.
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
