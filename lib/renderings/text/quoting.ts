import { OcciError } from '../../errors.ts';
import { codePoint, forbiddenAt, isPlain } from '../characters.ts';

const SPECIAL = /["\\]/g;

/**
 * A quoted string; `"` and `\` become quoted-pairs (TXT-28). Throws `OcciError('notAcceptable')` for a text that holds
 * a line break or another control character: no text rendering can carry it (H11-26), JSON can.
 */
export function quote(text: string): string {
  if (isPlain(text)) return `"${text}"`;
  const at = forbiddenAt(text);
  if (at >= 0) {
    const what = `A value holds the character ${codePoint(text, at)}, which text cannot carry`;
    throw new OcciError('notAcceptable', `${what}; ask for application/occi+json.`);
  }
  return `"${text.replace(SPECIAL, '\\$&')}"`;
}
