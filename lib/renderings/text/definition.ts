import { excerpt } from '../characters.ts';
import type { ParsedCategory } from '../rendering.ts';
import { Cursor } from './cursor.ts';

type Definitions = NonNullable<ParsedCategory['attributes']>;

/** Attribute names with blanks between them, each perhaps with its properties in braces (TXT-5). */
export function readDefinitions(category: Cursor, value: string): Definitions {
  const definitions: Definitions[number][] = [];
  const cursor: Cursor = new Cursor(value, category.field, category.line);
  while (cursor.more()) {
    const name = cursor.name();
    const properties = name === '' ? undefined : readProperties(cursor, name);
    if (!properties) cursor.fail(`"${cursor.rest()}" in attributes is not the name of an attribute`);
    definitions.push({ name, immutable: properties.includes('immutable'), required: properties.includes('required') });
  }
  return definitions;
}

/** What stands in braces behind a name; undefined if something else does. */
function readProperties(cursor: Cursor, name: string): readonly string[] | undefined {
  if (cursor.atBreak()) return [];
  const properties = cursor
    .between('{', '}')
    ?.split(/[ \t]/)
    .filter((property) => property !== '');
  if (properties?.length === 0) cursor.fail(`the attribute ${excerpt(name)} has empty braces`);
  for (const property of properties ?? []) {
    if (property !== 'immutable' && property !== 'required') {
      cursor.fail(`"${excerpt(property)}" is not a property of attributes`);
    }
  }
  return cursor.atBreak() ? properties : undefined;
}

export const writeDefinitions = (definitions: Definitions): string => definitions.map(writeDefinition).join(' ');

function writeDefinition({ name, immutable, required }: Definitions[number]): string {
  if (!immutable && !required) return name;
  return `${name}{${[immutable && 'immutable', required && 'required'].filter(Boolean).join(' ')}}`;
}
