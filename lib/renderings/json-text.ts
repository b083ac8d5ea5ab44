import { OcciError } from '../errors.ts';
import type { AttributeValue } from '../occi/types.ts';

/** No OCCI document is nested this deep. The limit protects recursive code from a stack overflow. */
const MAX_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * The number of object members in a JSON text, including duplicates; undefined if it is nested too deep. Both are
 * counted on the text itself, without recursion: in JSON, a colon outside of strings is a member. The text need not be
 * valid.
 */
function membersWritten(text: string): number | undefined {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      if (at < 0) return members;
    } else if (code === COLON) members++;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_DEPTH) return undefined;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return members;
}

/** The number of object members in a value that is no deeper than `MAX_DEPTH`. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const within = Object.values(value);
  let members = Array.isArray(value) ? 0 : within.length;
  for (const one of within) members += membersOf(one);
  return members;
}

/** Where the string that begins at a quote ends; a quote behind an odd number of backslashes does not end it. */
function endOfString(text: string, start: number): number {
  let end = start;
  let backslashes = 0;
  do {
    end = text.indexOf('"', end + 1);
    backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
  } while (end >= 0 && backslashes % 2 === 1);
  return end;
}

/** Reduces the engine's error message to a position, because the message quotes the input. */
function whyBroken(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (message.includes('Unterminated string')) return ': a string has no closing quote';
  if (message.includes('end of JSON')) return ': it ends too early';
  const position = /at position (\d+)/.exec(message);
  return position ? ` at character ${Number(position[1]) + 1}` : '';
}

/**
 * Parses a JSON text that nests at most 32 levels deep, so that its result may be walked by recursion. `JSON.parse`
 * silently keeps only the last of several members with the same name; here they are refused (RFC 8259 §4, RFC 7493
 * §2.3). Throws `OcciError('invalid')`; `what` names the text in the sentence.
 */
export function parseJson(text: string, what: string): unknown {
  const members = membersWritten(text);
  if (members === undefined) throw new OcciError('invalid', `${what} nests more than ${MAX_DEPTH} levels deep.`);
  const value = parsed(text, what);
  if (membersOf(value) === members) return value;
  throw new OcciError('invalid', `${what} has an object with the same member twice: send each member once.`);
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OcciError('invalid', `${what} is not valid JSON${whyBroken(cause)}.`, { cause });
  }
}

/** True for a JSON object, which neither a list nor null is. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for what may be the value of an attribute (JSON-15): anything without null and without numbers out of range. */
export function isAttributeValue(value: unknown): value is AttributeValue {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return value !== undefined;
  return value !== null && Object.values(value).every(isAttributeValue);
}
