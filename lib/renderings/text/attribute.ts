import type { Attributes, AttributeValue } from '../../occi/types.ts';
import { PARAMETER_TYPES, TABLED } from '../attribute-types.ts';
import { type AttributeBag, sameValue } from '../attributes.ts';
import { excerpt } from '../characters.ts';
import type { Cursor } from './cursor.ts';
import { readValue, writeValue } from './value.ts';

/**
 * Reads the value of an attribute whose name was just read, up to the next separator. The same attribute with two
 * different values is a contradiction; said twice it is not.
 */
export function readAttribute(cursor: Cursor, sent: string, attributes: AttributeBag): void {
  const tabled = TABLED.get(sent);
  const name = tabled ? tabled.name : sent;
  const value = readValue(cursor, name, tabled?.type ?? PARAMETER_TYPES.get(sent));
  const kept = attributes[name];
  if (kept !== undefined && !sameValue(kept, value)) cursor.fail(`${excerpt(name)} is given two different values`);
  attributes[name] = value;
}

/** Reads one line or header of `name=value` elements (TXT-9), or of nothing. Throws `OcciError('invalid')`. */
export function readAttributes(cursor: Cursor, attributes: AttributeBag): void {
  while (cursor.nextElement()) {
    const name = cursor.name();
    if (name === '') cursor.fail(`"${cursor.rest()}" does not begin with the name of an attribute`);
    if (!cursor.equals()) cursor.fail(`${excerpt(name)} is not followed by an equals sign and a value`);
    readAttribute(cursor, name, attributes);
    if (cursor.nextParameter()) cursor.fail(`"${cursor.rest()}" stands after the value of ${excerpt(name)}`);
  }
}

/** `name=value` (TXT-9). */
export const writeAttribute = (name: string, value: AttributeValue): string => `${name}=${writeValue(name, value)}`;

/** Adds `name=value` for each attribute to a list of lines. */
export function writeAttributes(attributes: Attributes, lines: string[]): void {
  for (const name in attributes) lines.push(writeAttribute(name, attributes[name]!));
}
