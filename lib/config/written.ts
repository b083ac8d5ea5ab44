/** Values of settings that are written as text: after an argument, in a variable. The schema says how a text is read. */
import { definitionOf, innermost, type Schema } from './schema.ts';

/** How the text of a setting that takes a list is read. */
export interface WrittenList {
  /** Whether its entries are text, also those that look like numbers. */
  readonly isText: boolean;
  /** What may stand there instead of a list, such as `*` or `all`. */
  readonly instead: readonly Schema[];
}

const TEXT: readonly string[] = ['string', 'enum', 'literal'];
const PLAIN: readonly string[] = [...TEXT, 'number', 'boolean'];

/** How a schema's list is written; undefined for one that takes no list, or a list of maps, which only JSON can write. */
export function writtenList(schema: Schema): WrittenList | undefined {
  const { type, element, options = [] } = definitionOf(innermost(schema));
  if (type === 'array') {
    const { type: each } = definitionOf(innermost(element!));
    return PLAIN.includes(each) ? { isText: TEXT.includes(each), instead: [] } : undefined;
  }
  const list = type === 'union' ? options.map(writtenList).find((one) => one !== undefined) : undefined;
  return list && { ...list, instead: options.filter((one) => writtenList(one) === undefined) };
}

/** The entries of a list with commas between them. Spaces around an entry do not count. */
export const entriesOf = (text: string): readonly string[] =>
  text.trim() === '' ? [] : text.split(',').map((entry) => entry.trim());

/**
 * Numbers and booleans become values, lists and maps are JSON; anything else, also `007`, stays text.
 * @throws {SyntaxError} for text that begins like JSON and is not
 */
export function plainFrom(text: string): unknown {
  if (/^[[{]/.test(text)) return JSON.parse(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
}

/**
 * One value, several with commas between them, or JSON. A text that the setting takes instead of a list stays as it is.
 * @throws {SyntaxError} for text that begins like JSON and is not
 */
export function listFrom(text: string, { isText, instead }: WrittenList): unknown {
  if (/^[[{]/.test(text)) return JSON.parse(text);
  if (instead.some((one) => one.safeParse(text).success)) return text;
  return isText ? entriesOf(text) : entriesOf(text).map(plainFrom);
}
