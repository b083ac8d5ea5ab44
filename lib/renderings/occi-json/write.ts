/** Pieces of JSON text. Entities are put together from them by hand: it is several times faster than one stringify. */
import { isShownApart } from '../../occi/entity.ts';
import type { Attributes, AttributeValue, Category } from '../../occi/types.ts';
import { typeId } from '../../occi/types.ts';
import { oncePer } from '../../once.ts';
import { TABLED } from '../attribute-types.ts';

const NOT_PLAIN = /[^ !#-[\]-~]/;

/** A JSON string. Most need no escapes, which is quicker to see than to let the engine find out. */
export const writeString = (text: string): string => (NOT_PLAIN.test(text) ? JSON.stringify(text) : `"${text}"`);

/** The type identifier of a category, quoted; made once per object. */
export const writeIdentifier = oncePer((category: Category) => writeString(typeId(category)));

/** A list of type identifiers. */
export function writeIdentifiers(categories: readonly Category[]): string {
  let text = '';
  for (const category of categories) text += text === '' ? writeIdentifier(category) : `,${writeIdentifier(category)}`;
  return `[${text}]`;
}

/** The actions of a kind in a state are one array for all entities. */
export const writeActions = oncePer(writeIdentifiers);

/** What stands before a value: in front of a text with its opening quote, and as the first member or a further one. */
interface Before {
  readonly first: string;
  readonly further: string;
  readonly firstText: string;
  readonly furtherText: string;
}

const before = (quoted: string): Before => ({
  first: `{${quoted}:`,
  further: `,${quoted}:`,
  firstText: `{${quoted}:"`,
  furtherText: `,${quoted}:"`,
});

const TABLED_NAMES = new Map<string, Before>([...TABLED.keys()].map((name) => [name, before(`"${name}"`)]));

/** The engine is slow to start on a lone number. */
const writeOther = (value: AttributeValue): string =>
  typeof value === 'number' && Number.isFinite(value) ? String(value) : JSON.stringify(value);

/**
 * `{"name":value,…}`; an empty string if there are no attributes. Every piece that is added makes a listing of a
 * thousand slower, so names are kept with what stands around them.
 */
export function writeAttributes(attributes: Attributes): string {
  let text = '';
  for (const name in attributes) {
    if (isShownApart(name)) continue;
    const value = attributes[name]!;
    const member = TABLED_NAMES.get(name) ?? before(writeString(name));
    const isFirst = text === '';
    if (typeof value === 'string' && !NOT_PLAIN.test(value)) {
      text += `${(isFirst ? member.firstText : member.furtherText) + value}"`;
    } else text += (isFirst ? member.first : member.further) + writeOther(value);
  }
  return text === '' ? '' : `${text}}`;
}
