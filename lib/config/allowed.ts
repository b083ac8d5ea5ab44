/** The rule that a wrong value breaks, in words that follow the value: `must be at least 2`. */
import type * as z from 'zod';
import { nearest } from '../nearest.ts';

export type RawIssue = z.core.$ZodRawIssue;

/** Zod's types in plain words. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

/** Zod's formats in plain words; they say more than the type. */
const FORMATS: Readonly<Record<string, string>> = {
  safeint: 'a whole number',
  url: 'a URL',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
};

const quoted = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** `must be one of a, b`, with the one that was probably meant. */
export function oneOf(values: readonly unknown[], found: unknown): string {
  const names = values.map(quoted);
  const meant = typeof found === 'string' ? nearest(found, names) : undefined;
  const allowed = names.length === 1 ? `must be ${names[0]}` : `must be one of ${names.join(', ')}`;
  return meant === undefined ? allowed : `${allowed}; did you mean ${meant}?`;
}

const SIZES: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

/** The rule of a bound. */
function bound(issue: RawIssue, word: 'least' | 'most', limit: unknown): string {
  const unit = SIZES[String(issue.origin)];
  if (unit === undefined) {
    if (issue.inclusive !== false) return `must be at ${word} ${limit}`;
    return `must be ${word === 'least' ? 'greater' : 'less'} than ${limit}`;
  }
  return word === 'least' && limit === 1 ? 'must not be empty' : `must have at ${word} ${limit} ${unit}`;
}

/** The rule that an issue is about, for rules without a message of their own. */
export function allowed(issue: RawIssue): string {
  const { code, inst } = issue;
  if (code === 'invalid_type') {
    const format = (inst as { _zod?: { def?: { format?: string } } } | undefined)?._zod?.def?.format;
    return `must be ${FORMATS[format ?? ''] ?? TYPES[String(issue.expected)] ?? issue.expected}`;
  }
  if (code === 'invalid_value') return oneOf(issue.values as unknown[], issue.input);
  if (code === 'too_small') return bound(issue, 'least', issue.minimum);
  if (code === 'too_big') return bound(issue, 'most', issue.maximum);
  if (code === 'invalid_format' && issue.format === 'regex') return `must match ${issue.pattern}`;
  if (code === 'invalid_format') return `must be ${FORMATS[String(issue.format)] ?? issue.format}`;
  if (code === 'invalid_union' && issue.discriminator) {
    const found = (issue.input as Record<string, unknown> | undefined)?.[String(issue.discriminator)];
    return oneOf(issue.options as unknown[], found);
  }
  if (code === 'invalid_union') return alternatives(issue.errors as z.core.$ZodIssue[][]);
  return 'is not allowed';
}

/** The rules of several schemas, of which one must hold. */
const alternatives = (errors: readonly (readonly z.core.$ZodIssue[])[]): string =>
  `must be ${[...new Set(errors.map(([first]) => first?.message.replace(/^must be /, '')))].join(' or ')}`;
