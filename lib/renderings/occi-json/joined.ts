/**
 * Texts of a listing put together. Those of entities that have not changed are the very strings that came before
 * (`listed.ts`), so that a listing in which nothing has changed is found by comparing a thousand references, and is
 * the very same text again: nothing has to be copied, and its entity tag is known.
 */
interface Listing {
  readonly opening: string;
  readonly texts: readonly string[];
  readonly closing: string;
  readonly whole: string;
}

/**
 * Limits of the listing cache. With their parts the cached listings take at most 16 MB, or twice that with characters
 * beyond Latin-1. Short listings are not worth caching.
 */
const MAX_LISTINGS = 8;
const MAX_LISTING_CHARS = 1024 * 1024;
const MIN_TEXTS = 20;

let recent: readonly Listing[] = [];

const isSame = (one: readonly string[], other: readonly string[]): boolean => {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
};

/** The texts joined by commas, between an opening and a closing text. */
export function joined(opening: string, texts: readonly string[], closing: string): string {
  if (texts.length < MIN_TEXTS) return put(opening, texts, closing);
  const known = recent.find((one) => one.opening === opening && one.closing === closing && isSame(one.texts, texts));
  if (known) return known.whole;
  const whole = put(opening, texts, closing);
  if (whole.length <= MAX_LISTING_CHARS)
    recent = [{ opening, texts, closing, whole }, ...recent.slice(0, MAX_LISTINGS - 1)];
  return whole;
}

/** What stands around goes into the first and the last text: the whole is large, and to add to it copies it. */
function put(opening: string, texts: readonly string[], closing: string): string {
  if (texts.length === 0) return opening + closing;
  const all = [...texts];
  all[0] = opening + all[0];
  all[all.length - 1] += closing;
  return all.join(',');
}
