/** The arguments after `--`: `--name value`, `--name=value`, and flags without a value. */
import type { Field } from '../../lib/config/fields.ts';
import { listFrom, plainFrom } from '../../lib/config/written.ts';
import { Refusal } from '../refusal.ts';

/** Arguments by name; those that are not taken are settings. */
interface Arguments {
  /** The text of an argument, once. */
  take(name: string, absent: string): string;
  /** The remaining arguments, as `{ bootDelay: 500, quota: { compute: 5 } }` for `--boot-delay 500 --quota.compute 5`. */
  settings(fields: readonly Field[]): Record<string, unknown>;
}

/** `boot-delay` and `bootDelay` name the same argument; a dot goes one level down. */
const NAME = /^--([a-z][a-z0-9]*(?:[-._][a-z0-9]+)*)(?:=(.*))?$/is;

/** Variables that are no arguments. */
const NO_ARGUMENTS = ['OCCI_CONFIG', 'OCCI_LIVE'];

/** An argument as it was written; without a value it may be a flag. */
interface Written {
  readonly name: string;
  readonly value: string | undefined;
}

/** The arguments among the variables: `OCCI_BOOT_DELAY` is `--boot-delay`, `OCCI_QUOTA__COMPUTE` is `--quota.compute`. */
const fromEnvironment = (env: Readonly<Record<string, string | undefined>>): Map<string, Written> => {
  const values = new Map<string, Written>();
  for (const [variable, value] of Object.entries(env)) {
    if (!/^OCCI_[A-Z0-9_]+$/.test(variable) || NO_ARGUMENTS.includes(variable) || value === undefined) continue;
    const name = variable.slice('OCCI_'.length).toLowerCase().replaceAll('__', '.').replaceAll('_', '-');
    values.set(camelCase(name), { name, value });
  }
  return values;
};

/**
 * Parses arguments. Where the environment has the same one, the argument wins.
 * @throws {Refusal} here or in a method, naming the argument that is wrong
 */
export const createArguments = (
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Arguments => {
  const values = new Map([...fromEnvironment(env), ...parseArguments(argv)]);
  return {
    take(name, absent) {
      const written = values.get(camelCase(name));
      values.delete(camelCase(name));
      return written === undefined ? absent : textOf(written);
    },
    settings: (fields) => nest(values, new Map(fields.map((field) => [field.key, field]))),
  };
};

const parseArguments = (argv: readonly string[]): Map<string, Written> => {
  const values = new Map<string, Written>();
  for (let at = 0; at < argv.length; at++) {
    const [, name, inline] = NAME.exec(argv[at] ?? '') ?? [];
    if (!name) throw new Refusal(`"${argv[at]}" is not an argument: they look like --name value`);
    const next = argv[at + 1];
    const isNextValue = inline === undefined && next !== undefined && !next.startsWith('--');
    if (isNextValue) at++;
    if (values.has(camelCase(name))) throw new Refusal(`--${name} stands twice`);
    values.set(camelCase(name), { name, value: isNextValue ? next : inline });
  }
  return values;
};

const textOf = ({ name, value }: Written): string => {
  if (value === undefined) throw new Refusal(`--${name} needs a value`);
  return value;
};

/** The value of a setting. A flag may stand without one; the text of a field for text is not read as a number. */
const settingOf = (written: Written, field: Field | undefined): unknown => {
  if (field?.isFlag && written.value === undefined) return true;
  const text = textOf(written);
  if (field?.isText) return text;
  try {
    return field?.list ? listFrom(text, field.list) : plainFrom(text);
  } catch (error) {
    throw new Refusal(`${text} is not JSON, though it begins like JSON`, { cause: error });
  }
};

const camelCase = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const nest = (values: Map<string, Written>, fields: ReadonlyMap<string, Field>): Record<string, unknown> => {
  const settings: Record<string, unknown> = {};
  for (const [name, written] of values) {
    const parts = name.split('.');
    const last = parts.pop() ?? name;
    const inside = parts.reduce<unknown>((level, part) => levelBelow(level, part), settings);
    if (!isLevel(inside) || Object.hasOwn(inside, last)) throw new Refusal(`--${name} contradicts another argument`);
    inside[last] = settingOf(written, fields.get(name));
  }
  return settings;
};

const levelBelow = (level: unknown, part: string): unknown => {
  if (!isLevel(level)) return level;
  if (!Object.hasOwn(level, part)) level[part] = {};
  return level[part];
};

const isLevel = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && !Array.isArray(value);
