/** The characters that are allowed in each place. Every check is a single character class, and so takes linear time. */

const NOT_PLAIN = /[^ !#-[\]-~]/;
const UNUSUAL = /[^\t -~]/;
const FORBIDDEN = /(?!\t)[\p{Cc}\p{Cs}]/u;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const URI_REFERENCE = /^[!#-;=?-[\]_a-z~]+$/;
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-[\]_a-z~]+$/;

/**
 * The index of the first character that no rendering can carry: a control character other than TAB, or half of a
 * surrogate pair, which UTF-8 cannot express. -1 if there is none.
 */
export const forbiddenAt = (text: string): number => (UNUSUAL.test(text) ? text.search(FORBIDDEN) : -1);

/** `U+0007`, for messages: the character itself must not be echoed. */
export const codePoint = (text: string, at: number): string =>
  `U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`;

/** A term or attribute name (TXT-3). */
export const isName = (text: string): boolean => NAME.test(text);

/** Only characters that RFC 3986 allows in a URI or a relative reference. */
export const isUriReference = (text: string): boolean => URI_REFERENCE.test(text);

/** Longer texts are checked with a regular expression; for shorter ones its overhead is higher than that of a loop. */
const MAX_LOOP_CHARS = 64;

/** Printable ASCII without quotes and backslashes: what stands between quotes as it is, in text and in JSON alike. */
export function isPlain(text: string): boolean {
  if (text.length > MAX_LOOP_CHARS) return !NOT_PLAIN.test(text);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

/** A URI with its scheme. */
export const isUri = (text: string): boolean => URI.test(text);

const UNPRINTABLE = /[\p{Cc}\p{Cs}]/gu;

/** The beginning of what a client sent, short and clean enough to stand in a sentence. */
export const excerpt = (text: string, longest = 40): string =>
  (text.length > longest ? `${text.slice(0, longest)}…` : text).replace(UNPRINTABLE, '?');
