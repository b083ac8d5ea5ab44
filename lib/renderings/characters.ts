/** What characters may stand where; every check is one character class, hence linear. */

const UNUSUAL = /[^\t -~]/;
const FORBIDDEN = /(?!\t)[\p{Cc}\p{Cs}]/u;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const URI_REFERENCE = /^[!#-;=?-[\]_a-z~]+$/;
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-[\]_a-z~]+$/;

/**
 * Where a text holds a character that no rendering carries: a control character other than TAB, or half of a
 * surrogate pair, which UTF-8 cannot express. -1 if nowhere.
 */
export const forbiddenAt = (text: string): number => (UNUSUAL.test(text) ? text.search(FORBIDDEN) : -1);

/** `U+0007`, for messages: the character itself must not be echoed. */
export const codePoint = (text: string, at: number): string =>
  `U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`;

/** A term or attribute name (TXT-3). */
export const isName = (text: string): boolean => NAME.test(text);

/** Only characters that RFC 3986 allows in a URI or a relative reference. */
export const isUriReference = (text: string): boolean => URI_REFERENCE.test(text);

/** A URI with its scheme. */
export const isUri = (text: string): boolean => URI.test(text);

const UNPRINTABLE = /[\p{Cc}\p{Cs}]/gu;

/** The beginning of what a client sent, short and clean enough to stand in a sentence. */
export const excerpt = (text: string, longest = 40): string =>
  (text.length > longest ? `${text.slice(0, longest)}…` : text).replace(UNPRINTABLE, '?');
