import type { AttributeType, AttributeValue } from '../../occi/types.ts';
import { attributeType } from '../attribute-types.ts';
import { excerpt } from '../characters.ts';
import { isAttributeValue, parseJson } from '../json-text.ts';
import type { Cursor } from './cursor.ts';
import { checkText, readQuotedText } from './quoted.ts';
import { quote } from './quoting.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

/** An unquoted value that seems to contain the next attribute: the comma between them is missing. */
const HOLDS_ANOTHER = /[ \t][\w.-]+[ \t]*=/;

/**
 * Reads the value of an attribute (TXT-9). Text has no arrays or objects: where the tables want one, a string that
 * holds its JSON text is read as such (ADR-18). Throws `OcciError('invalid')`.
 */
export function readValue(cursor: Cursor, name: string, type: AttributeType | undefined): AttributeValue {
  const text = cursor.isQuoted() ? readQuotedText(cursor, name) : undefined;
  if (text === undefined) return readUnquoted(cursor, name, type);
  return type === 'array' || type === 'object' ? readStructure(cursor, name, text) : text;
}

/**
 * A number, true or false, or a string without quotes up to the next comma or semicolon: GFD.185 §3.6.6 itself shows
 * one (`occi.compute.hostname=foobar`), and ooi's documents show URLs. An attribute of type string keeps it verbatim:
 * `occi.core.title=007` is not the number 7. This endpoint never writes such values.
 */
function readUnquoted(cursor: Cursor, name: string, type: AttributeType | undefined): AttributeValue {
  const text = cursor.unquoted();
  if (text === '') return cursor.fail(`${excerpt(name)} has no value`);
  if (type !== 'string') {
    if (text === 'true') return true;
    if (text === 'false') return false;
    if (NUMBER.test(text)) {
      const value = Number(text);
      return Number.isFinite(value) ? value : cursor.fail(`the number given for ${excerpt(name)} is out of range`);
    }
  }
  if (text.includes('"') || text.startsWith("'")) {
    cursor.fail(`the value of ${excerpt(name)} must begin and end with a double quote, or hold no quote at all`);
  }
  if (type === 'number' || type === 'integer') cursor.fail(`the value of ${excerpt(name)} is not a number`);
  if (type === 'boolean') cursor.fail(`the value of ${excerpt(name)} is neither true nor false`);
  if (HOLDS_ANOTHER.test(text)) {
    cursor.fail(
      `the value of ${excerpt(name)} holds an equals sign after a blank: quote it, or separate attributes by commas`,
    );
  }
  checkText(cursor, name, text);
  return type === 'array' || type === 'object' ? readStructure(cursor, name, text) : text;
}

function readStructure(cursor: Cursor, name: string, text: string): AttributeValue {
  if (!/^\s*[[{]/.test(text)) return text;
  const value = parseJson(text, `The value of ${excerpt(name)}`);
  return isAttributeValue(value) ? value : cursor.fail(`the value of ${excerpt(name)} holds a null`);
}

/** Writes a value: strings and structures quoted, numbers and booleans bare, never an exponent (TXT-9, ADR-19). */
export function writeValue(name: string, value: AttributeValue): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return writeNumber(value, attributeType(name) === 'number');
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return quote(JSON.stringify(value));
}

/** A number in digits; `fraction` forces a decimal point even for whole numbers. */
function writeNumber(value: number, fraction: boolean): string {
  const short = String(value);
  const digits = short.includes('e') ? withoutExponent(short) : short;
  return fraction && !digits.includes('.') ? `${digits}.0` : digits;
}

/** `1.5e-7` as `0.00000015`: the shortest digits of the number with the point moved to its place. */
function withoutExponent(short: string): string {
  const [mantissa = '', power = ''] = short.split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.slice(sign.length).split('.');
  const point = whole.length + Number(power);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}
