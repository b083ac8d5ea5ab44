/** Texts with at most one `*`, which stands for a word. */

/** What a star may stand for. A slash is not among it: `/vo/*` must not admit the members of `/vo/other/admins`. */
const WORD = /^[A-Za-z0-9._-]+$/;

export const hasOneStar = (text: string): boolean => text.split('*').length <= 2;

/** A pattern with a star: what stands before it and after it. */
export interface Starred {
  readonly before: string;
  readonly after: string;
}

/** The parts of a pattern; undefined for one without a star. */
export function starredIn(pattern: string): Starred | undefined {
  const star = pattern.indexOf('*');
  return star < 0 ? undefined : { before: pattern.slice(0, star), after: pattern.slice(star + 1) };
}

/** What the star of a pattern stands for in a text: empty for a pattern without star; undefined where it does not match. */
export function matched(pattern: string, text: string): string | undefined {
  const parts = starredIn(pattern);
  if (parts === undefined) return text === pattern ? '' : undefined;
  const { before, after } = parts;
  if (text.length <= before.length + after.length || !text.startsWith(before) || !text.endsWith(after))
    return undefined;
  const word = text.slice(before.length, text.length - after.length);
  return WORD.test(word) ? word : undefined;
}

/** Puts a word in the place of the star; `$` has no meaning in it. */
export const filled = (pattern: string, word: string): string => pattern.split('*').join(word);

/** True if a text that a pattern matches can begin with `start`. */
export function canBegin({ before, after }: Starred, start: string): boolean {
  if (before.startsWith(start)) return true;
  if (!start.startsWith(before)) return false;
  const rest = start.slice(before.length);
  return [...rest].some((_, index) => WORD.test(rest.slice(0, index + 1)) && after.startsWith(rest.slice(index + 1)));
}

/** True if two patterns can match the same text; also true for some that cannot, where one's word meets the other's end. */
export function canMeet(one: Starred, other: Starred): boolean {
  const [short, long] = one.before.length <= other.before.length ? [one, other] : [other, one];
  return canBegin(short, long.before) && (short.after.endsWith(long.after) || long.after.endsWith(short.after));
}
