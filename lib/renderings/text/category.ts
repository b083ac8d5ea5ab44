import { excerpt, isUri, isUriReference } from '../characters.ts';
import type { ParsedCategory } from '../rendering.ts';
import { TextCache } from '../text-cache.ts';
import { Cursor } from './cursor.ts';
import { readDefinitions, writeDefinitions } from './definition.ts';
import { readQuotedText } from './quoted.ts';
import { quote } from './quoting.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Class = NonNullable<ParsedCategory['class']>;

const isClass = (text: string): text is Class => text === 'kind' || text === 'mixin' || text === 'action';

const recentCategories = new TextCache<readonly ParsedCategory[]>();

/** Reads one line or header of categories (TXT-2); an empty one names none (RFC 9110 §5.6.1.2). Throws `OcciError('invalid')`. */
export function readCategories(cursor: Cursor, categories: ParsedCategory[]): void {
  const read = (text: string) => readList(new Cursor(text, cursor.field, cursor.line));
  for (const category of recentCategories.get(cursor.remainder(), read)) categories.push(category);
}

function readList(cursor: Cursor): ParsedCategory[] {
  const categories: ParsedCategory[] = [];
  while (cursor.nextElement()) categories.push(readCategory(cursor));
  return categories;
}

function readCategory(cursor: Cursor): ParsedCategory {
  const term = cursor.name();
  if (term === '') cursor.fail(`"${cursor.rest()}" does not begin with a term`);
  const category: Partial<Writable<ParsedCategory>> & { term: string } = { term };
  while (cursor.nextParameter()) {
    const name = cursor.name().toLowerCase();
    if (name === '' || !cursor.equals()) cursor.fail(`the category ${excerpt(term)} has a parameter without a value`);
    const value = readParameter(cursor, name);
    if (!isParameter(name)) continue;
    if (category[name] !== undefined) cursor.fail(`the category ${excerpt(term)} has two values for ${name}`);
    keepParameter(cursor, category, name, value);
  }
  if (category.scheme === undefined) cursor.fail(`the category ${excerpt(term)} has no scheme`);
  return category as ParsedCategory;
}

type Parameter = Exclude<keyof ParsedCategory, 'term'>;

const PARAMETERS: ReadonlySet<string> = new Set<Parameter>([
  'scheme',
  'class',
  'title',
  'rel',
  'location',
  'attributes',
  'actions',
]);

/** Unknown parameters are ignored. */
const isParameter = (name: string): name is Parameter => PARAMETERS.has(name);

/** The class may stand without quotes (TXT-4). */
function readParameter(cursor: Cursor, name: string): string {
  if (cursor.isQuoted()) return readQuotedText(cursor, name);
  return name === 'class' ? cursor.bare() : cursor.fail(`the value of ${excerpt(name)} is not quoted`);
}

function keepParameter(
  cursor: Cursor,
  category: Partial<Writable<ParsedCategory>>,
  name: Parameter,
  value: string,
): void {
  switch (name) {
    case 'scheme':
      if (!isUri(value)) cursor.fail(`the scheme "${excerpt(value)}" is not a URI`);
      category.scheme = value;
      break;
    case 'class':
      if (!isClass(value)) cursor.fail(`the class "${excerpt(value)}" is not kind, mixin or action`);
      category.class = value;
      break;
    case 'title':
      category.title = value;
      break;
    case 'location':
      if (!isUriReference(value)) cursor.fail(`the location "${excerpt(value)}" is not a URI`);
      category.location = value;
      break;
    case 'rel':
    case 'actions':
      category[name] = readIdentifiers(cursor, name, value);
      break;
    case 'attributes':
      category.attributes = readDefinitions(cursor, value);
      break;
  }
}

const recentIdentifiers = new TextCache<readonly string[]>();

/** Type identifiers with blanks between them (TXT-6, TXT-7). */
export const readIdentifiers = (cursor: Cursor, name: string, value: string): readonly string[] =>
  recentIdentifiers.get(value, (text) => splitIdentifiers(cursor, name, text));

function splitIdentifiers(cursor: Cursor, name: string, value: string): readonly string[] {
  if (isUriReference(value)) return [value];
  const identifiers = value.split(/[ \t]/).filter((identifier) => identifier !== '');
  for (const identifier of identifiers) {
    if (!isUriReference(identifier)) cursor.fail(`"${excerpt(identifier)}" in ${name} is not a type identifier`);
  }
  return identifiers;
}

/** Writes a category with its parameters in the order that clients rely on (ADR-19, CLIENT-11). */
export function writeCategory(category: Omit<ParsedCategory, 'class'> & { readonly class?: string }): string {
  let line = `${category.term}; scheme=${quote(category.scheme)}`;
  if (category.class !== undefined) line += `; class="${category.class}"`;
  if (category.title !== undefined) line += `; title=${quote(category.title)}`;
  if (category.rel?.length) line += `; rel=${quote(category.rel.join(' '))}`;
  if (category.location !== undefined) line += `; location=${quote(category.location)}`;
  if (category.attributes?.length) line += `; attributes="${writeDefinitions(category.attributes)}"`;
  if (category.actions?.length) line += `; actions=${quote(category.actions.join(' '))}`;
  return line;
}
