import { codePoint, excerpt, forbiddenAt } from '../characters.ts';
import { BACKSLASH, isSeparator, QUOTE } from './alphabet.ts';
import type { Cursor } from './cursor.ts';

/**
 * Reads a quoted string that may hold any text but control characters (ADR-5); the cursor stands on its first
 * quote. `what` names the value in messages. Throws `OcciError('invalid')`.
 */
export function readQuotedText(cursor: Cursor, what: string): string {
  const value = readQuoted(cursor, what);
  checkText(cursor, what, value);
  return value;
}

/** Throws `OcciError('invalid')` for a value with a character that no rendering can carry. */
export function checkText(cursor: Cursor, what: string, value: string): void {
  const at = forbiddenAt(value);
  if (at >= 0) cursor.fail(`the value of ${excerpt(what)} holds the character ${codePoint(value, at)}`);
}

/**
 * Reads a quoted string, whatever it holds, with its quoted-pairs resolved (TXT-28). Every character is looked at once
 * or twice. Throws `OcciError('invalid')` where the quotes do not match.
 */
export function readQuoted(cursor: Cursor, what: string): string {
  const { text, end } = cursor;
  const start = cursor.at + 1;
  const close = text.indexOf('"', start);
  if (close < 0 || close >= end) return failUnclosed(cursor, what);
  const plain = text.slice(start, close);
  cursor.at = close + 1;
  const value = plain.includes('\\') ? readEscaped(cursor, start, what) : plain;
  if (cursor.at < end && !isSeparator(text.charCodeAt(cursor.at))) checkEnd(cursor, what);
  return value;
}

const failUnclosed = (cursor: Cursor, what: string): never =>
  cursor.fail(`the value of ${excerpt(what)} has no closing quote`);

function readEscaped(cursor: Cursor, start: number, what: string): string {
  const { text, end } = cursor;
  let value = '';
  let from = start;
  let at = start;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      cursor.at = at + 1;
      return value + text.slice(from, at);
    }
    if (code === BACKSLASH) {
      value += text.slice(from, at);
      from = ++at;
    }
  }
  return failUnclosed(cursor, what);
}

/** Text that looks like the next parameter after a missing separator. */
const BEGINS_PARAMETER = /^[\w.-]+\s*=/;

/**
 * Looks at what follows a closing quote where no separator does. Quotes there mean that this one does not close the
 * value: it stands inside (`"a "quoted" word"`), or closes a value of which the client forgot the closing quote, as in
 * two header lines that the gateway has joined (`a="b, c="d"`).
 */
function checkEnd(cursor: Cursor, what: string): void {
  if (!cursor.more() || isSeparator(cursor.text.charCodeAt(cursor.at))) return;
  const rest = cursor.remainder();
  const quotes = rest.split('"').length - 1;
  if (quotes % 2 === 1) {
    cursor.fail(
      `the value of ${excerpt(what)} has no closing quote before "${cursor.rest()}", or holds a quote that is not written \\"`,
    );
  }
  if (quotes === 0 || BEGINS_PARAMETER.test(rest)) return;
  cursor.fail(
    `the value of ${excerpt(what)} ends at the quote before "${cursor.rest()}"; a quote inside a value is written \\"`,
  );
}
