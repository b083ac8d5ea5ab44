/** Text and XML's references: which texts a call can carry, and references decoded exactly once. */

/** Why no call can carry the text, as a predicate; undefined if one can (measured on 6.10: fault -503 for these). */
export function cannotSend(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text)) return 'has control characters';
  if (/[\ud800-\udfff]/.test(text)) return 'has characters above U+FFFF';
  if (/[\ufffe\uffff]/.test(text)) return 'has characters that XML does not have';
  return undefined;
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The character of a reference (`lt`, `#233`, `#x10D`); undefined for one that XML does not define. */
function referenced(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  const hex = /^#x([0-9a-fA-F]{1,6})$/.exec(name)?.[1];
  const decimal = /^#([0-9]{1,7})$/.exec(name)?.[1];
  const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal ?? Number.NaN);
  const valid = code <= 0x10ffff && code > 0 && (code < 0xd800 || code > 0xdfff);
  return valid ? String.fromCodePoint(code) : undefined;
}

/** The text with its references decoded, once. Throws an `Error` for a reference that XML does not define. */
export const decodeReferences = (text: string): string =>
  text.replace(/&([^;&]{0,10};)?/g, (_all, name: string | undefined) => {
    const character = name === undefined ? undefined : referenced(name.slice(0, -1));
    if (character === undefined) throw new Error('a reference that XML does not define');
    return character;
  });

const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
const [L, G, T] = [0x6c, 0x67, 0x74];
const [LESS, GREATER] = [0x3c, 0x3e];

/**
 * Decodes the references in the text between two places of `bytes`, once and in place; gives its new end. A page of
 * machines has a third of a million references, and this takes a tenth of the time that strings would.
 * Throws an `Error` for a reference that XML does not define.
 */
export function decodeInPlace(bytes: Buffer, start: number, end: number): number {
  // Within its own piece: to the end of an answer of many values it would be looked for again and again.
  const first = bytes.subarray(start, end).indexOf(AMPERSAND);
  if (first === -1) return end;
  let read = start + first;
  let write = read;
  while (read < end) {
    const byte = bytes[read]!;
    if (byte !== AMPERSAND) {
      bytes[write++] = byte;
      read += 1;
      continue;
    }
    // `&lt;` and `&gt;` are nearly all there are.
    const second = bytes[read + 1];
    if (bytes[read + 2] === T && (second === L || second === G) && bytes[read + 3] === SEMICOLON && read + 3 < end) {
      bytes[write++] = second === L ? LESS : GREATER;
      read += 4;
      continue;
    }
    const close = semicolonAfter(bytes, read, end);
    const character = referenced(bytes.toString('latin1', read + 1, close));
    if (character === undefined) throw new Error('a reference that XML does not define');
    write += bytes.write(character, write, 'utf8');
    read = close + 1;
  }
  return write;
}

function semicolonAfter(bytes: Buffer, from: number, end: number): number {
  const last = Math.min(end, from + 12);
  for (let at = from + 1; at < last; at += 1) if (bytes[at] === SEMICOLON) return at;
  throw new Error('a reference without end');
}
