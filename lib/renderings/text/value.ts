import type { AttributeType, AttributeValue } from '../../occi/types.ts';
import { attributeType } from '../attribute-types.ts';
import { excerpt } from '../characters.ts';
import { isAttributeValue, parseJson } from '../json-text.ts';
import type { Cursor } from './cursor.ts';
import { quote } from './quoting.ts';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const TOKEN = /^[!#$%&'*+.0-9A-Z^_`a-z|~-]+$/;

/**
 * Reads the value of an attribute (TXT-9). Text has no arrays or objects: where the tables want one, a quoted string
 * that holds its JSON text is read as such (4.2). Link parameters may be bare tokens (TXT-7).
 */
export function readValue(
  cursor: Cursor,
  name: string,
  type: AttributeType | undefined,
  tokens: boolean,
): AttributeValue {
  if (cursor.isQuoted()) {
    const text = cursor.quotedText(name);
    return type === 'array' || type === 'object' ? readStructure(cursor, name, text) : text;
  }
  const text = cursor.bare();
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (NUMBER.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : cursor.fail(`the number given for ${excerpt(name)} is out of range`);
  }
  if (text === '') return cursor.fail(`${excerpt(name)} has no value`);
  if (tokens && TOKEN.test(text)) return text;
  return cursor.fail(`the value of ${excerpt(name)} is neither a quoted string nor a number nor true or false`);
}

function readStructure(cursor: Cursor, name: string, text: string): AttributeValue {
  if (!/^\s*[[{]/.test(text)) return text;
  const value = parseJson(text, `The value of ${excerpt(name)}`);
  return isAttributeValue(value) ? value : cursor.fail(`the value of ${excerpt(name)} holds a null`);
}

/** Writes a value: strings and structures quoted, numbers and booleans bare, never an exponent (TXT-9, 4.3). */
export function writeValue(name: string, value: AttributeValue): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return writeNumber(value, attributeType(name) === 'number');
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return quote(JSON.stringify(value));
}

/** A number in digits; `fraction` asks for a decimal point even where there is nothing behind it. */
export function writeNumber(value: number, fraction: boolean): string {
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
