/** Texts as Nova takes them. */
import type { AttributeValue } from '../../../lib/occi/types.ts';

const MAX_CHARS = 255;
/** Nova's names hold what Unicode calls printable, of the BMP, without blanks at the ends (`parameter_types.name`). */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\u{ffff}]|[\u{10000}-\u{10ffff}]/u;

/** True for a text that Nova keeps as the name or the description of a server. */
export const isHeld = (value: AttributeValue): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  value.length <= MAX_CHARS &&
  value.trim() === value &&
  !UNPRINTABLE.test(value);

/** The attributes that Nova holds unless it cannot keep the value. */
const TEXTS = ['occi.core.title', 'occi.core.summary'];

export const cannotHoldText = (name: string, value: AttributeValue): boolean => TEXTS.includes(name) && !isHeld(value);
