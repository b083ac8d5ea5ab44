/** What a POST of `/.well-known/tokens` asks for: JSON, a form, or lines of text. */
import type { Scope } from '../auth/principal.ts';
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { nearest } from '../nearest.ts';
import { KIND_TERMS, type KindTerm } from '../occi/kinds/index.ts';
import { excerpt } from '../renderings/characters.ts';

/** The members of a request, each as JSON has it; a form has texts. */
const MEMBERS = ['label', 'days', 'expires', 'readOnly', 'kinds', 'tenant', 'group'] as const;
type Member = (typeof MEMBERS)[number];

export interface AskedToken {
  readonly label?: string;
  /** Its life; absent for the longest that the settings allow. */
  readonly seconds?: number;
  readonly scope?: Scope;
  readonly tenant?: string;
  /** Group of the cloud. */
  readonly group?: string;
}

const DAY_SECONDS = 86_400;
const MAX_LABEL_CHARS = 100;

const invalid = (message: string): OcciError => new OcciError('invalid', message);

const isMember = (name: string): name is Member => (MEMBERS as readonly string[]).includes(name);

type Given = Partial<Record<Member, unknown>>;

function collected(pairs: Iterable<readonly [name: string, value: unknown]>): Given {
  const given: Given = {};
  for (const [name, value] of pairs) {
    if (!isMember(name)) {
      const meant = nearest(name, MEMBERS);
      const help = meant === undefined ? `there are ${MEMBERS.join(', ')}.` : `did you mean ${meant}?`;
      throw invalid(`A token has no ${excerpt(name)}; ${help}`);
    }
    if (given[name] !== undefined) throw invalid(`${name} may stand once, and stands several times.`);
    given[name] = value;
  }
  return given;
}

function jsonIn(body: string): Given {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw invalid('The request body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('The request body is not a JSON object.');
  }
  return collected(Object.entries(value));
}

function linesIn(body: string): Given {
  const lines = body.split(/\r?\n/).filter((line) => line.trim() !== '');
  return collected(
    lines.map((line) => {
      const cut = line.indexOf('=');
      if (cut < 0) throw invalid(`A line of the request body has no =, such as label=laptop.`);
      return [line.slice(0, cut).trim(), line.slice(cut + 1).trim()];
    }),
  );
}

/** By media type. A form is what `curl -d` sends. */
const READERS: Readonly<Record<string, (body: string) => Given>> = {
  'application/json': jsonIn,
  'application/x-www-form-urlencoded': (body) => collected(new URLSearchParams(body.trim())),
  'text/plain': linesIn,
};

function readBody({ body, headers }: Pick<HttpRequest, 'body' | 'headers'>): Given {
  if (body.trim() === '') return {};
  const type = (headers['content-type'] ?? []).join().split(';')[0]!.trim().toLowerCase();
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (read) return read(body);
  const offered = Object.keys(READERS).join(', ');
  throw new OcciError('unsupportedMediaType', `The Content-Type "${excerpt(type)}" is not one of ${offered}.`);
}

/** One line without invisible characters: labels are shown in terminals. */
function textOf(member: Member, value: unknown, maxChars = 256): string {
  if (typeof value !== 'string' || !/^[^\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]+$/u.test(value) || value.length > maxChars) {
    throw invalid(`${member} must be a text of 1 to ${maxChars} visible characters.`);
  }
  return value;
}

function secondsOf({ days, expires }: Given, maxDays: number): number | undefined {
  if (days !== undefined && expires !== undefined) throw invalid('A token has days or expires: send one of them.');
  if (days !== undefined) {
    const number = typeof days === 'string' && /^\d{1,4}$/.test(days) ? Number(days) : days;
    if (Number.isInteger(number) && (number as number) >= 1 && (number as number) <= maxDays) {
      return (number as number) * DAY_SECONDS;
    }
    throw invalid(`days must be a whole number from 1 to ${maxDays}.`);
  }
  if (expires === undefined) return undefined;
  const isTime =
    typeof expires === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(expires);
  const seconds = isTime ? Math.floor((Date.parse(expires) - Date.now()) / 1000) : Number.NaN;
  if (seconds > 0 && seconds <= maxDays * DAY_SECONDS) return seconds;
  throw invalid(`expires must be a time such as 2030-12-31T23:59:59Z, at most ${maxDays} days from now.`);
}

const FLAGS = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [false, false],
  ['false', false],
]);

const isKind = (term: unknown): term is KindTerm => (KIND_TERMS as readonly unknown[]).includes(term);

function scopeOf({ readOnly, kinds }: Given): Scope | undefined {
  if (readOnly === undefined && kinds === undefined) return undefined;
  if (readOnly !== undefined && !FLAGS.has(readOnly)) throw invalid('readOnly must be true or false.');
  const named = typeof kinds === 'string' ? kinds.split(',').map((term) => term.trim()) : kinds;
  if (named === undefined) return { readOnly: FLAGS.get(readOnly) ?? false };
  if (!Array.isArray(named) || named.length === 0 || !named.every(isKind)) {
    throw invalid(`kinds must be a list of kinds: ${KIND_TERMS.join(', ')}.`);
  }
  return { readOnly: FLAGS.get(readOnly) ?? false, kinds: [...new Set(named)] };
}

/** Reads a request. Throws `invalid` and `unsupportedMediaType`, naming what cannot be understood. */
export function askedToken(request: Pick<HttpRequest, 'body' | 'headers'>, maxDays: number): AskedToken {
  const given = readBody(request);
  const { label, tenant, group } = given;
  const seconds = secondsOf(given, maxDays);
  const scope = scopeOf(given);
  return {
    ...(label !== undefined && { label: textOf('label', label, MAX_LABEL_CHARS) }),
    ...(tenant !== undefined && { tenant: textOf('tenant', tenant) }),
    ...(group !== undefined && { group: textOf('group', group) }),
    ...(seconds !== undefined && { seconds }),
    ...(scope !== undefined && { scope }),
  };
}

/** The longest life of a token, in seconds. */
export const longestLife = (maxDays: number): number => maxDays * DAY_SECONDS;
