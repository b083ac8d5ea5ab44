/** Reads distinguished names that people write: in the form of RFC 2253 and 4514, and in the slash form of OpenSSL. */
import { oidOf } from './attribute-types.ts';
import { elementsIn } from './der.ts';
import { type Attribute, type DistinguishedName, escaped, valueIn } from './distinguished-name.ts';

/** A text that is no distinguished name, or one that can be read in two ways. The message continues "must …". */
export class NotAName extends Error {
  override readonly name = 'NotAName';
}

const OPENSSL = 'openssl x509 -noout -subject -nameopt RFC2253';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const NO_SUBJECT = 'must be a subject: CN=Alice,O=Grid or /O=Grid/CN=Alice';

/** The name in a text: with slashes if it begins with one, else as RFC 2253. Throws `NotAName`. */
export const readName = (text: string): DistinguishedName => (text.startsWith('/') ? slashed(text) : commaed(text));

const typeIn = (written: string): string => {
  const oid = oidOf(written);
  if (oid === undefined) throw new NotAName(`must have known types: write ${written} as its object identifier`);
  return oid;
};

/** Type and `=` of an attribute, with the spaces that RFC 2253 §4 allows. */
const TYPE = / *([A-Za-z][\w.-]*|\d[\d.]*) *= */y;
const QUOTED = /"((?:[^"\\]|\\.)*)" */suy;
const HEX = /#((?:[0-9a-f]{2})+) */iy;
/** A value up to a separator; a space at its end counts only behind a backslash. */
const PLAIN = /((?:[^"+,;<>\\]|\\.)*)/suy;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Removes the escapes of a value: a backslash before a character, or before two hexadecimal digits that are a byte. */
const unescaped = (value: string): string => fromBytes(value, /\\([0-9a-f]{2})|\\?(.)/gisu);

/** Without the spaces at its end, except for one behind a backslash. */
function trimmed(value: string): string {
  const end = value.replace(/ +$/, '');
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(end) ? `${end} ` : end;
}

function fromHex(digits: string): string {
  try {
    const [element, more] = elementsIn(Buffer.from(digits, 'hex'));
    if (element && !more) return valueIn(element);
  } catch {
    // the same as two elements
  }
  throw new NotAName('must have one DER element after #');
}

/** The value that begins at `at`, and where it ends. */
function valueAt(text: string, at: number): readonly [value: string, end: number] {
  const hex = matchAt(HEX, text, at);
  if (hex) return [fromHex(hex[1]!), at + hex[0].length];
  const quoted = matchAt(QUOTED, text, at);
  if (quoted) return [escaped(unescaped(quoted[1]!)), at + quoted[0].length];
  const plain = matchAt(PLAIN, text, at)![0];
  if (plain.startsWith('#')) throw new NotAName('must have hexadecimal digits after #, or a backslash before it');
  return [escaped(unescaped(trimmed(plain))), at + plain.length];
}

function commaed(text: string): DistinguishedName {
  const parts: Attribute[][] = [[]];
  for (let at = 0; ; at++) {
    const type = matchAt(TYPE, text, at);
    if (!type) throw new NotAName(NO_SUBJECT);
    const [value, end] = valueAt(text, at + type[0].length);
    parts.at(-1)!.push({ type: typeIn(type[1]!), value });
    at = end;
    if (at === text.length) break;
    if (text[at] === ',' || text[at] === ';') parts.push([]);
    else if (text[at] !== '+') throw new NotAName(`must have a backslash before ${text[at]} in a value`);
  }
  refuseReversed(parts);
  return parts.reverse();
}

const isOneOf = (part: readonly Attribute[] | undefined, names: readonly string[]): boolean =>
  part?.some(({ type }) => names.some((name) => oidOf(name) === type)) === true;

/** OpenSSL prints commas in the order of the certificate by default, so such a text is the reverse of a subject. */
function refuseReversed(parts: readonly (readonly Attribute[])[]): void {
  if (parts.length < 2 || !isOneOf(parts[0], ['C', 'DC']) || isOneOf(parts.at(-1), ['C', 'DC'])) return;
  throw new NotAName(`must have the person first, as \`${OPENSSL}\` prints it`);
}

/** What the slash form does not decide. */
const ambiguous = (what: string): NotAName =>
  new NotAName(`must not have ${what}, which may be a type or a part of a value: write it as \`${OPENSSL}\` prints it`);

/**
 * The slash form of OpenSSL 1 escapes neither slash nor plus, that of OpenSSL 3 does (`\/`), so a value may look like two
 * attributes. It is always read as two, and a slash that no type follows as a part of the value
 * (`CN=host/a.example.org`): each text then stands for one name, and a certificate whose value only looks like this name
 * is another one. Bytes outside ASCII are `\xC3`.
 */
function slashed(text: string): DistinguishedName {
  const values: { readonly type: string; value: string }[] = [];
  for (const part of text.slice(1).split(/(?<!\\)\//)) {
    const [, written = '', value = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    const type = oidOf(written);
    if (type !== undefined) values.push({ type, value });
    else if (values.length === 0) throw new NotAName(NO_SUBJECT);
    else if (/^[A-Za-z0-9.-]+$/.test(written)) throw ambiguous(`/${written}=`);
    else values.at(-1)!.value += `/${part}`;
  }
  return values.map(({ type, value }) => [{ type, value: escaped(unslashed(value)) }]);
}

function unslashed(value: string): string {
  const [, joined] = /(?<!\\)(\+[A-Za-z0-9.-]+=)/.exec(value) ?? [];
  if (joined !== undefined) throw ambiguous(joined);
  return fromBytes(value, /\\x([0-9a-f]{2})|\\(?=[/+])|(.)/gisu);
}

/** The text of a value in which the first group of `pattern` is a byte in hexadecimal, and the second a character. */
function fromBytes(value: string, pattern: RegExp): string {
  const bytes: number[] = [];
  for (const [, pair, character = ''] of value.matchAll(pattern)) {
    if (pair === undefined) bytes.push(...Buffer.from(character));
    else bytes.push(Number.parseInt(pair, 16));
  }
  try {
    return decoder.decode(Uint8Array.from(bytes));
  } catch {
    throw new NotAName(`must have escapes that are UTF-8 in ${value}`);
  }
}
