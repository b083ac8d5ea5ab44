/** The fields of a settings schema as a reader wants them: key, allowed values, default, description. */
import { type Check, definitionOf, describedAs, innermost, layersOf, type Schema } from './schema.ts';
import { type WrittenList, writtenList } from './written.ts';

export interface Field {
  /** `limits.bodyBytes`; `[]` stands for a place in a list, `<name>` for a key that may be chosen. */
  readonly key: string;
  /** What the map around the field must hold for it to apply, such as `from: jwt`. */
  readonly condition?: string;
  /** What may be written, such as `whole number, 1 to 28`. */
  readonly values: string;
  /** The default; absent for a field without one. */
  readonly default?: unknown;
  readonly isRequired: boolean;
  readonly isFlag: boolean;
  /** Whether the field holds text, also text that looks like a number. */
  readonly isText: boolean;
  /** How its text is read, for a field that takes a list of plain values. */
  readonly list?: WrittenList;
  readonly description: string | undefined;
}

const code = (value: unknown): string => `\`${value}\``;

const checksOf = (schema: Schema): readonly Check[] => {
  const { checks = [] } = definitionOf(schema);
  return checks.map(({ _zod }) => _zod.def);
};

/** What a rule's message allows: the part after `must be`. */
function ruleOf(schema: Schema): string | undefined {
  const errors = [definitionOf(schema).error, ...checksOf(schema).map(({ error }) => error)];
  const sentences = errors.map((error) => error?.({}));
  const rule = sentences.find((one): one is string => typeof one === 'string' && one.startsWith('must be '));
  return rule?.slice('must be '.length);
}

/** `1 to 28`, `at least 1`; empty where there is no bound. */
function rangeOf(schema: Schema): string {
  const limit = (check: string) => checksOf(schema).find((one) => one.check === check);
  const [least, most] = [limit('greater_than'), limit('less_than')];
  if (least && most) return `${least.inclusive === false ? 'over ' : ''}${least.value} to ${most.value}`;
  if (least) return least.inclusive === false ? `over ${least.value}` : `at least ${least.value}`;
  return most ? `at most ${most.value}` : '';
}

const FORMATS: Readonly<Record<string, string>> = { url: 'URL', ipv4: 'IPv4 address', ipv6: 'IPv6 address' };

/** What may be written at a schema. */
function valuesOf(schema: Schema): string {
  const written = innermost(schema);
  const { type, entries, values = [], element, options = [], format = '' } = definitionOf(written);
  if (type === 'array') return `list: ${valuesOf(element!)}`;
  if (type === 'object' || type === 'record') return 'map';
  const rule = ruleOf(written);
  if (rule !== undefined) return rule;
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'enum') return Object.values(entries!).map(code).join(', ');
  if (type === 'literal') return values.map(code).join(', ');
  if (type === 'number') {
    const range = rangeOf(written);
    return `${format === 'safeint' ? 'whole number' : 'number'}${range === '' ? '' : `, ${range}`}`;
  }
  if (type === 'union') return [...new Set(options.map(valuesOf))].join(' or ');
  return FORMATS[format] ?? 'text';
}

/** The default of a schema; undefined where it has none. */
const defaultOf = (schema: Schema): unknown =>
  layersOf(schema)
    .map(definitionOf)
    .find(({ type }) => type === 'default')?.defaultValue;

const mayBeAbsent = (schema: Schema): boolean =>
  layersOf(schema).some((layer) => ['optional', 'default', 'prefault'].includes(definitionOf(layer).type));

function fieldOf(key: string, schema: Schema, condition?: string): Field {
  const value = defaultOf(schema);
  const { type } = definitionOf(innermost(schema));
  const list = writtenList(schema);
  return {
    key,
    values: valuesOf(schema),
    isRequired: !mayBeAbsent(schema),
    isFlag: type === 'boolean',
    isText: type === 'string' || type === 'enum',
    description: describedAs(schema),
    ...(list && { list }),
    ...(value !== undefined && { default: value }),
    ...(condition !== undefined && { condition }),
  };
}

/** The options of a union by its discriminator: one field for the discriminator, the others under their condition. */
function optionsOf(schema: Schema, at: string): readonly Field[] {
  const { options = [], discriminator } = definitionOf(schema);
  if (discriminator === undefined) return options.flatMap((one) => fieldsOf(one, at));
  const tags = options.map((one) => definitionOf(one).shape![discriminator]!);
  const tag = { ...fieldOf(`${at}.${discriminator}`, tags[0]!), values: tags.map(valuesOf).join(', ') };
  const others = options.flatMap((one, index) =>
    Object.entries(definitionOf(one).shape!)
      .filter(([name]) => name !== discriminator)
      .flatMap(([name, field]) => {
        const condition = `${discriminator}: ${definitionOf(tags[index]!).values!.join()}`;
        return [fieldOf(`${at}.${name}`, field, condition), ...fieldsOf(field, `${at}.${name}`)];
      }),
  );
  return [tag, ...others];
}

/** The fields of a schema, each followed by those inside it. `at` is the key of the schema itself. */
export function fieldsOf(schema: Schema, at = ''): readonly Field[] {
  const written = innermost(schema);
  const { type, shape = {}, element, valueType } = definitionOf(written);
  if (type === 'array') return fieldsOf(element!, `${at}[]`);
  if (type === 'record') return fieldsOf(valueType!, `${at}.<name>`);
  // A reference to a secret has a sentence of its own, which names its fields.
  if (type === 'union') return ruleOf(written)?.startsWith('{') ? [] : optionsOf(written, at);
  return Object.entries(shape).flatMap(([name, field]) => {
    const key = at === '' ? name : `${at}.${name}`;
    return [fieldOf(key, field), ...fieldsOf(field, key)];
  });
}
