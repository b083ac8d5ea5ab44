/** The arguments after `--`: `--name value`, `--name=value`, and flags without a value. */
import { Refusal } from '../refusal.ts';

/** The arguments, handed out by name; whatever nobody asked for is the adapter's. */
export interface Arguments {
  text(name: string, absent: string): string;
  /** One of the choices; the first stands for an absent argument. */
  oneOf<T extends string>(name: string, choices: readonly [T, ...T[]]): T;
  /** A whole number, not negative. */
  count(name: string, absent: number): number;
  truth(name: string, absent: boolean): boolean;
  /** All that is left, as `{ bootDelay: 500, quota: { compute: 5 } }` for `--boot-delay 500 --quota.compute 5`. */
  others(): Record<string, unknown>;
}

/** `boot-delay` and `bootDelay` name the same; a dot goes one level down. */
const NAME = /^--([a-z][a-z0-9]*(?:[-.][a-z0-9]+)*)(?:=(.*))?$/is;

/** These may stand without a value. */
const FLAGS = ['trustProxy'];

/** Variables that are no arguments. */
const NO_ARGUMENTS = ['OCCI_CONFIG', 'OCCI_LIVE'];

/** The arguments among the variables: `OCCI_BOOT_DELAY` is `--boot-delay`, `OCCI_QUOTA__COMPUTE` is `--quota.compute`. */
const fromEnvironment = (env: Readonly<Record<string, string | undefined>>): Map<string, string> => {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (!/^OCCI_[A-Z0-9_]+$/.test(name) || NO_ARGUMENTS.includes(name) || value === undefined) continue;
    const written = name.slice('OCCI_'.length).toLowerCase().replaceAll('__', '.').replaceAll('_', '-');
    values.set(camelCase(written), value);
  }
  return values;
};

/**
 * Takes the arguments apart; one that stands in the environment as well is what the arguments say.
 * @throws {Refusal} here or in a method, naming the argument that is wrong
 */
export const createArguments = (
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Arguments => {
  const values = new Map([...fromEnvironment(env), ...takeApart(argv)]);
  const take = (name: string): string | undefined => {
    const key = camelCase(name);
    const value = values.get(key);
    values.delete(key);
    return value;
  };
  const oneOf = <T extends string>(name: string, choices: readonly [T, ...T[]]): T => {
    const value = take(name) ?? choices[0];
    const choice = choices.find((one) => one === value);
    if (!choice) throw new Refusal(`--${name} "${value}" is not one of: ${choices.join(', ')}`);
    return choice;
  };
  return {
    text: (name, absent) => take(name) ?? absent,
    oneOf,
    count: (name, absent) => {
      const value = take(name) ?? String(absent);
      if (!/^\d{1,15}$/.test(value)) throw new Refusal(`--${name} "${value}" is not a whole number`);
      return Number(value);
    },
    truth: (name, absent) => {
      const value = take(name) ?? String(absent);
      if (value !== 'true' && value !== 'false') throw new Refusal(`--${name} "${value}" is neither true nor false`);
      return value === 'true';
    },
    others: () => nest(values),
  };
};

const takeApart = (argv: readonly string[]): Map<string, string> => {
  const values = new Map<string, string>();
  for (let at = 0; at < argv.length; at++) {
    const [, written, inline] = NAME.exec(argv[at] ?? '') ?? [];
    if (!written) throw new Refusal(`"${argv[at]}" is not an argument: they look like --name value`);
    const name = camelCase(written);
    const next = argv[at + 1];
    let value = inline;
    if (value === undefined && next !== undefined && isValueOf(name, next)) {
      value = next;
      at++;
    }
    if (value === undefined && FLAGS.includes(name)) value = 'true';
    if (value === undefined) throw new Refusal(`--${written} needs a value`);
    if (values.has(name)) throw new Refusal(`--${written} stands twice`);
    values.set(name, value);
  }
  return values;
};

const isValueOf = (name: string, next: string): boolean =>
  FLAGS.includes(name) ? next === 'true' || next === 'false' : !next.startsWith('--');

const camelCase = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const nest = (values: Map<string, string>): Record<string, unknown> => {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of values) {
    const parts = name.split('.');
    const last = parts.pop() ?? name;
    const inside = parts.reduce<unknown>((level, part) => levelBelow(level, part), settings);
    if (!isLevel(inside) || Object.hasOwn(inside, last)) throw new Refusal(`--${name} contradicts another argument`);
    inside[last] = fromText(value);
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

/** Numbers, true and false as such, lists and objects as JSON; anything else, also `007`, stays text. */
const fromText = (text: string): unknown => {
  if (/^[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Refusal(`${text} is not JSON, though it begins as if it were`, { cause: error });
    }
  }
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
};
