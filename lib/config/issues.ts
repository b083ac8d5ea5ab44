/** Errors found by zod, as lines for people: each names the key, the value found, what is allowed, and what it is for. */
import * as z from 'zod';
import { nearest } from '../nearest.ts';
import { allowed, type RawIssue } from './allowed.ts';
import { descriptionAt } from './schema.ts';
import { SECRET_RULE } from './secret.ts';

/** Wrong settings: `lines` has one for each, `message` all of them under a title. */
export class WrongSettings extends Error {
  override readonly name = 'WrongSettings';
  readonly lines: readonly string[];

  constructor(title: string, lines: readonly string[]) {
    super([title, ...lines].join('\n  '));
    this.lines = lines;
  }
}

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** Names under which a value may be a secret, even where a secret does not belong. */
const SECRET_NAME = /^key$|pass|secret|token|cipher|credential|private|parameter|external-?_?id/i;

/** How keys and certificates in PEM form begin. */
const PEM = '-----BEGIN';

/** The key of a setting, without names that may be secrets themselves. */
const keyOf = (path: Path): string =>
  path.map((name) => (String(name).includes(PEM) ? '…' : String(name))).join('.') || '(top)';

/** The name of the setting that holds a value; places in lists are skipped. */
const nameOf = (path: Path): string => String(path.findLast((name) => typeof name === 'string') ?? '');

/** The value as it may be shown; undefined for a value that must not be shown or would not help. */
function shown(value: unknown, path: Path, rule: string): string | undefined {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  if (typeof value === 'boolean') return String(value);
  if (rule === SECRET_RULE || SECRET_NAME.test(nameOf(path))) return undefined;
  if (typeof value !== 'string') return String(value);
  if (value.includes(PEM)) return undefined;
  // A URL may hold a password, in front of its host or in its query.
  const safe = value.includes('://') ? value.replace(/:.*@/s, ':…@').replace(/[?#].*/s, '?…') : value;
  return JSON.stringify(safe.length > 80 ? `${safe.slice(0, 80)}…` : safe);
}

const valueAt = (input: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, name) => (value as Record<PropertyKey, unknown> | undefined | null)?.[name], input);

/** A line with the description of its setting at the end. */
export const described = (line: string, description: string | undefined): string =>
  description === undefined ? line : `${line}${/[.?]$/.test(line) ? '' : '.'} ${description}`;

/** The line of a wrong setting, without its description. */
export function wrong(path: Path, value: unknown, rule: string): string {
  const key = keyOf(path);
  if (value === undefined || value === null) return `${key}: is missing, ${rule}`;
  const found = shown(value, path, rule);
  const compound = typeof value === 'object' && !rule.startsWith('must be ');
  return found === undefined || compound ? `${key}: ${rule}` : `${key}: is ${found}, ${rule}`;
}

/** The line of a key that is not a setting. */
function unknown(path: Path, names: readonly string[]): string {
  const meant = nearest(String(path.at(-1)), names);
  const help = meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`;
  return `${keyOf(path)}: is not a setting; ${help}`;
}

/** What the lines of a schema's issues are made with. */
interface Around {
  /** The settings that each map may have. */
  readonly names: ReadonlyMap<unknown, readonly string[]>;
  descriptionOf(path: Path): string | undefined;
}

/** The lines of one issue, found in `input`, which stands at `at`. */
function linesOf(issue: Issue, input: unknown, at: Path, around: Around): string[] {
  const path = [...at, ...issue.path];
  const value = valueAt(input, path.slice(at.length));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknown([...path, key], around.names.get(value) ?? []));
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${keyOf(path)}: ${message}`);
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && issue.message !== SECRET_RULE) {
    // The alternative that was meant is the one whose type fits.
    const fitting = issue.errors.filter((issues) => issues.every((one) => one.path.length > 0 || isInside(one)));
    if (fitting.length === 1) return fitting[0]!.flatMap((one) => linesOf(one, value, path, around));
  }
  return [described(wrong(path, value, issue.message), around.descriptionOf(path))];
}

/** True for an issue about something inside a value, not about the value itself. */
const isInside = ({ code }: Issue): boolean =>
  code === 'unrecognized_keys' || code === 'too_small' || code === 'custom' || code === 'invalid_format';

/** Parses an input: its value, or a line for each error. `at` stands before every key. */
export function checked<T>(schema: z.ZodType<T>, input: unknown, at: Path = []): { value: T } | { lines: string[] } {
  const names = new Map<unknown, readonly string[]>();
  const error = (issue: RawIssue): string => {
    if (issue.code === 'unrecognized_keys') names.set(issue.input, namesOf(issue.inst));
    return allowed(issue);
  };
  const result = schema.safeParse(input, { error, jitless: true });
  if (result.success) return { value: result.data };
  const descriptionOf = (path: Path) => descriptionAt(schema, path.slice(at.length), input);
  return { lines: result.error.issues.flatMap((issue) => linesOf(issue, input, at, { names, descriptionOf })) };
}

/** The names that a map may have. */
function namesOf(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  const keys = schema instanceof z.ZodRecord ? schema.def.keyType : undefined;
  return keys instanceof z.ZodEnum ? keys.options.map(String) : [];
}
