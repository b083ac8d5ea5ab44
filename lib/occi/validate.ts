/**
 * Attribute values checked against the tables. The zod schemas are made from the definitions on first use.
 */
import { isIP } from 'node:net';
import * as z from 'zod';
import { OcciError } from '../errors.ts';
import { memoByObject } from '../memo-by-object.ts';
import { sentInstead } from './sent-instead.ts';
import type { AttributeDefinition, AttributeDefinitions, Attributes, AttributeValue, Format } from './types.ts';
import { hint } from './unknown.ts';

const MAX_STRING_CHARS = 65_536;

/** An address with a prefix length: `10.0.0.0/24`, `2001:db8::/64`. */
function isCidr(text: string): boolean {
  const [address, length, more] = text.split('/');
  const version = isIP(address ?? '');
  return (
    version !== 0 &&
    more === undefined &&
    /^\d{1,3}$/.test(length ?? '') &&
    Number(length) <= (version === 4 ? 32 : 128)
  );
}

/** What each format admits, and how a message calls it. Total: a format without a row does not compile. */
const FORMATS = {
  uri: { admits: (text) => /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(text) || /^[^\s]+$/.test(text), called: 'a URI' },
  ip: { admits: (text) => isIP(text) !== 0, called: 'an IPv4 or IPv6 address' },
  cidr: { admits: isCidr, called: 'an IPv4 or IPv6 network in CIDR notation' },
  mac: { admits: (text) => /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$/.test(text), called: 'a MAC address' },
  // Blanks go first: an expression that allows them anywhere takes quadratic time on hostile input.
  base64: { admits: (text) => /^[A-Za-z0-9+/_-]*={0,2}$/.test(text.replaceAll(/\s/g, '')), called: 'base64' },
  'ssh-key': {
    admits: (text) => /^[A-Za-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\r\n]*)?$/.test(text),
    called: 'an OpenSSH public key',
  },
  line: { admits: (text) => !/[\r\n]/.test(text), called: 'one line of text' },
} as const satisfies Record<Format, { admits: (text: string) => boolean; called: string }>;

const NUMERIC = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/** Old clients quote their numbers (ADR-18). */
const quotedNumber = (value: unknown) => (typeof value === 'string' && NUMERIC.test(value) ? Number(value) : value);

/** In text, arrays and objects come as JSON in a quoted string. */
function quotedJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const mostChars = ({ maxLength = MAX_STRING_CHARS }: AttributeDefinition): number => maxLength;

function stringSchema(definition: AttributeDefinition): z.ZodType<AttributeValue> {
  if (definition.values) return z.enum(definition.values as [string, ...string[]]);
  const text = z.string().max(mostChars(definition), { abort: true });
  return definition.format ? text.refine(FORMATS[definition.format].admits) : text;
}

function numberSchema(definition: AttributeDefinition): z.ZodType<AttributeValue> {
  const number = z
    .number()
    .min(definition.minimum ?? -Number.MAX_VALUE)
    .max(definition.maximum ?? Number.MAX_VALUE);
  return z.preprocess(quotedNumber, definition.type === 'integer' ? number.int() : number);
}

function memberSchema(items: AttributeDefinitions): z.ZodType<AttributeValue> {
  const members = Object.entries(items).map(([name, definition]) => {
    const schema = schemaOf(definition);
    return [name, definition.required ? schema : schema.optional()];
  });
  return z.strictObject(Object.fromEntries(members)) as unknown as z.ZodType<AttributeValue>;
}

/** Table from attribute type to schema. */
const SCHEMAS = {
  string: stringSchema,
  integer: numberSchema,
  number: numberSchema,
  boolean: () => z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean()),
  array: (definition) =>
    z.preprocess(
      quotedJson,
      z.array(definition.items ? memberSchema(definition.items) : z.json()).max(1000),
    ) as z.ZodType<AttributeValue>,
  object: () => z.preprocess(quotedJson, z.record(z.string(), z.json())) as z.ZodType<AttributeValue>,
} as const satisfies Record<
  AttributeDefinition['type'],
  (definition: AttributeDefinition) => z.ZodType<AttributeValue>
>;

const schemas = new WeakMap<AttributeDefinition, z.ZodType<AttributeValue>>();

function schemaOf(definition: AttributeDefinition): z.ZodType<AttributeValue> {
  let schema = schemas.get(definition);
  if (!schema) {
    schema = SCHEMAS[definition.type](definition);
    schemas.set(definition, schema);
  }
  return schema;
}

/** What a definition wants, in words for a message. */
function wanted(definition: AttributeDefinition): string {
  if (definition.values) return `one of ${definition.values.join(', ')}`;
  if (definition.format) return FORMATS[definition.format].called;
  if (definition.items) {
    const members = Object.entries(definition.items).map(
      ([name, item]) => `${name} (${wanted(item)}${item.required ? '' : ', optional'})`,
    );
    return `a list of objects with ${members.join(', ')}`;
  }
  if (definition.type === 'string') return `text of at most ${mostChars(definition)} characters`;
  if (definition.type !== 'integer' && definition.type !== 'number')
    return `${/^[aeiou]/.test(definition.type) ? 'an' : 'a'} ${definition.type}`;
  const noun = definition.type === 'integer' ? 'a whole number' : 'a number';
  const { minimum, maximum } = definition;
  if (minimum !== undefined && maximum !== undefined) return `${noun} from ${minimum} to ${maximum}`;
  return minimum !== undefined ? `${noun} of at least ${minimum}` : noun;
}

/** The end of a message about a number or truth value where quotes are all that is missing. */
function whatWasSent(value: AttributeValue, definition: AttributeDefinition): string {
  if (definition.type === 'string') {
    const end = sentInstead(value);
    return end !== '' && schemaOf(definition).safeParse(String(value)).success ? end : '';
  }
  const list = definition.items ? quotedJson(value) : undefined;
  if (!Array.isArray(list)) return '';
  for (const [name, item] of Object.entries(definition.items!)) {
    for (const [at, member] of list.entries()) {
      const end =
        item.type === 'string'
          ? sentInstead((member as Record<string, unknown> | null)?.[name], `[${at}].${name}`)
          : '';
      if (end !== '') return end;
    }
  }
  return '';
}

/** The value as its definition types it. Throws `invalid` naming the attribute and what it may be. */
export function checkedValue(name: string, value: AttributeValue, definition: AttributeDefinition): AttributeValue {
  const result = schemaOf(definition).safeParse(value);
  if (result.success) return result.data;
  const most = mostChars(definition);
  // A format does not say how long.
  if (definition.format && typeof value === 'string' && value.length > most) {
    throw new OcciError('invalid', `The attribute ${name} may have ${most} characters, and has ${value.length}.`);
  }
  throw new OcciError(
    'invalid',
    `The attribute ${name} must be ${wanted(definition)}${whatWasSent(value, definition)}.`,
  );
}

/** All values checked; an unknown name is refused. `owner` names in the message what the attributes belong to. */
export function checkedAttributes(values: Attributes, definitions: AttributeDefinitions, owner: string): Attributes {
  const checked: Record<string, AttributeValue> = {};
  for (const name of Object.keys(values)) {
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (!definition) {
      const end = hint(name, Object.keys(definitions));
      throw new OcciError('invalid', `The attribute ${name.slice(0, 200)} is not defined by ${owner}${end}`);
    }
    checked[name] = checkedValue(name, values[name]!, definition);
  }
  return checked;
}

/** The names that clients must send; most definitions are a table's own, so they are looked for once. */
const requiredNames = memoByObject((definitions: AttributeDefinitions): readonly string[] =>
  Object.keys(definitions).filter((name) => definitions[name]!.required && definitions[name]!.mutable),
);

/** Throws `invalid` naming the first required attribute that has no value. */
export function checkRequired(values: Attributes, definitions: AttributeDefinitions, owner: string): void {
  const missing = requiredNames(definitions).find((name) => values[name] === undefined);
  if (missing !== undefined) throw new OcciError('invalid', `The attribute ${missing} is required by ${owner}.`);
}
