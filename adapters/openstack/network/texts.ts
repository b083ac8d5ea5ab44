/** Texts of Neutron. */
import type { AttributeValue } from '../../../lib/occi/types.ts';

/** Texts of other programs may have several lines, OCCI's have one. */
export const line = (text: string | null | undefined): string => (text ?? '').replace(/(?!\t)\p{Cc}+/gu, ' ');

const MAX_CHARS = 255;

/**
 * True for a text that Neutron keeps as it is: it refuses longer ones, blanks at the ends of a name, and characters of
 * four bytes in UTF-8 where the database is MySQL's `utf8`.
 */
export const isHeld = (value: AttributeValue): boolean =>
  typeof value === 'string' &&
  value.length <= MAX_CHARS &&
  value.trim() === value &&
  !/[\p{Cc}\u{10000}-\u{10ffff}]/u.test(value);
