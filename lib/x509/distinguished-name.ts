/** Distinguished names as certificates hold them, and the one way in which we write them (RFC 4514). */
import { typeName } from './attribute-types.ts';
import { contentOf, type Element, elementsIn, inside, oidIn, TAG, textIn } from './der.ts';

/** One attribute: its type as a dotted object identifier, and its value as RFC 4514 §2.4 writes it. */
export interface Attribute {
  readonly type: string;
  readonly value: string;
}

/** In the order of the certificate: the country comes first, the person last. Most parts have one attribute. */
export type DistinguishedName = readonly (readonly Attribute[])[];

/** What a log line or a key must not hold as it is. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const hexPairs = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => `\\${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');

/** Text as the value of an attribute. Different texts give different values. */
export const escaped = (text: string): string =>
  text
    .replace(/[\\",+;<>]/g, '\\$&')
    .replace(/(?<=.) $/s, '\\ ')
    .replace(/^[ #]/, '\\$&')
    .replace(HIDDEN, hexPairs);

/** The value of an attribute from its DER; one that is no text stays in hexadecimal. */
export function valueIn(element: Element): string {
  const text = textIn(element);
  return text === undefined ? `#${element.whole.toString('hex')}` : escaped(text);
}

/** A name from its DER, `Name` of RFC 5280 §4.1.2.4. Throws a `RangeError` for other bytes. */
export const nameIn = (element: Element | undefined): DistinguishedName =>
  inside(element, TAG.sequence).map((part) =>
    elementsIn(contentOf(part, TAG.set)).map((attribute) => {
      const [type, value] = inside(attribute, TAG.sequence);
      if (value === undefined) throw new RangeError('An attribute of a name has no value.');
      return { type: oidIn(type), value: valueIn(value) };
    }),
  );

/**
 * A name as RFC 4514 writes it, the person first. Two names have the same text only if they are the same: the attributes
 * of one part have no order, so they are sorted; values are compared character by character.
 */
export const textOf = (name: DistinguishedName): string =>
  name
    .map((part) =>
      part
        .map(({ type, value }) => `${typeName(type)}=${value}`)
        .sort()
        .join('+'),
    )
    .reverse()
    .join(',');
