/**
 * Writes templates. oned accepts text or XML; only XML preserves every storable value, with one escaped text node per
 * value (measured on 6.10: the text form loses a value that ends in a backslash, and lets it swallow what follows).
 * Values that oned would lose, change or let break out of their element are refused here, since oned reports success
 * for some of them.
 */
import { cannotSend } from '../api/xml-text.ts';

/** A value read from a template of the site. It is sent back unchanged, including `$USER[…]`. */
export class Present {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * An empty value, with which an update removes an attribute: oned keeps an empty CDATA section and drops an empty
 * element (measured on 6.10).
 */
export const EMPTY = new Present('');

export type TemplateValue = string | number | Present;

/** A vector attribute: `DISK=[…]`. Undefined entries are left out. */
export interface Vector {
  readonly [key: string]: TemplateValue | undefined;
}

/** Attributes by name; a list is a repeated attribute. Undefined entries are left out. */
export interface Template {
  readonly [name: string]: TemplateValue | Vector | readonly (TemplateValue | Vector)[] | undefined;
}

/** A value that oned cannot keep exactly. */
export class CannotStore extends Error {
  override readonly name = 'CannotStore';
  /** Path of the attribute: `CONTEXT/USER_DATA`. */
  readonly attribute: string;
  /** A predicate: `contains ]]>`. */
  readonly reason: string;

  constructor(attribute: string, reason: string) {
    super(`${attribute} ${reason}`);
    this.attribute = attribute;
    this.reason = reason;
  }
}

/** Longest value, in bytes of UTF-8. oned silently loses values above about 10 MB; OCCI values are far shorter. */
export const MAX_VALUE_BYTES = 65_536;

/**
 * Why oned cannot keep the value exactly, as a predicate; undefined if it can. `]]>` ends the CDATA section in which
 * oned writes it; CR becomes LF; empty values are dropped.
 */
export function cannotStore(value: string): string | undefined {
  if (value === '') return 'is empty';
  if (value.includes(']]>')) return 'contains ]]>';
  if (value.includes('\r')) return 'contains a carriage return';
  if (Buffer.byteLength(value, 'utf8') > MAX_VALUE_BYTES) return `is longer than ${MAX_VALUE_BYTES} bytes`;
  return cannotSend(value);
}

/** The same for a value in CONTEXT, where oned substitutes `$NAME` and `$USER[…]`. */
export const cannotStoreInContext = (value: string): string | undefined =>
  cannotStore(value) ?? (value.includes('$') ? 'contains $' : undefined);

/**
 * Why an object cannot have this name, as a predicate; undefined if it can. Names are at most 128 bytes long; those of
 * machines may repeat, those of images, networks, templates and groups are unique per owner.
 */
export function cannotName(value: string): string | undefined {
  if (Buffer.byteLength(value, 'utf8') > 128) return 'is longer than 128 bytes';
  const forbidden = /[&|:\\";/'#{}$<>]/.exec(value)?.[0];
  return forbidden === undefined ? cannotStore(value) : `contains ${forbidden}`;
}

/** Form of the attribute names that we write. oned would change others to upper case, or put ONE_ before a digit. */
const NAME = /^[A-Z][A-Z0-9_]{0,127}$/;
/** Form of attribute names in existing templates. */
const PRESENT_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replace(/[&<>]/g, (character) => ESCAPES[character]!);

function writeText(path: string, value: string | number): string {
  const text = typeof value === 'number' ? decimal(path, value) : value;
  const why = path.startsWith('CONTEXT/') && typeof value === 'string' ? cannotStoreInContext(text) : cannotStore(text);
  if (why !== undefined) throw new CannotStore(path, why);
  return escaped(text);
}

/** Decimal form without an exponent, which oned cannot read. */
function decimal(path: string, value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15)
    throw new CannotStore(path, 'is no number that can be stored');
  return Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/0+$/, '').replace(/\.$/, '');
}

function writeElement(path: string, name: string, value: TemplateValue | Vector): string {
  if (value instanceof Present) {
    if (!PRESENT_NAME.test(name)) throw new CannotStore(path, 'is no name of an attribute');
    return `<${name}>${value === EMPTY ? '<![CDATA[]]>' : escaped(value.text)}</${name}>`;
  }
  if (!NAME.test(name)) throw new CannotStore(path, 'is no name of an attribute');
  if (typeof value !== 'object') return `<${name}>${writeText(path, value)}</${name}>`;
  const children = Object.entries(value).map(([key, one]) =>
    one === undefined ? '' : writeElement(`${path}/${key}`, key, one),
  );
  return `<${name}>${children.join('')}</${name}>`;
}

/**
 * The template in XML form. oned reads back exactly these attributes and values.
 * Throws `CannotStore` for the first value that oned would not preserve.
 */
export function writeTemplate(template: Template): string {
  const elements = Object.entries(template).map(([name, value]) => {
    if (value === undefined) return '';
    const list: readonly (TemplateValue | Vector)[] = Array.isArray(value) ? value : [value as TemplateValue | Vector];
    return list.map((one) => writeElement(name, name, one)).join('');
  });
  return `<TEMPLATE>${elements.join('')}</TEMPLATE>`;
}
