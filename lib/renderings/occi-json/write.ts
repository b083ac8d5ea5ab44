/** Pieces of JSON text. Entities are put together from them by hand: it is several times faster than one stringify. */

import { memoByObject } from '../../memo-by-object.ts';
import { isShownApart } from '../../occi/entity.ts';
import type { Attributes, AttributeValue, Category } from '../../occi/types.ts';
import { typeId } from '../../occi/types.ts';
import { TABLED } from '../attribute-types.ts';
import { isPlain } from '../characters.ts';

/** A JSON string. Most need no escapes, which is quicker to see than to let the engine find out. */
export const writeString = (text: string): string => (isPlain(text) ? `"${text}"` : JSON.stringify(text));

/** The same without its opening quote, for callers that have already written it. */
export const writeRestOfString = (text: string): string => (isPlain(text) ? `${text}"` : JSON.stringify(text).slice(1));

/** The type identifier of a category, quoted; made once per object. */
export const writeIdentifier = memoByObject((category: Category) => writeString(typeId(category)));

const writeIdentifiers = (categories: readonly Category[]): string => `[${categories.map(writeIdentifier).join(',')}]`;

const ofOneMixin = memoByObject((mixin: Category) => `,"mixins":${writeIdentifiers([mixin])}`);

/** The member `mixins` as a further one; most entities have one mixin, their template. */
export const writeMixins = (mixins: readonly Category[]): string =>
  mixins.length === 1 ? ofOneMixin(mixins[0]!) : `,"mixins":${writeIdentifiers(mixins)}`;

/** The member `actions` as a further one. The actions of a kind in a state are one array for all entities. */
export const writeActions = memoByObject((actions: readonly Category[]) => `,"actions":${writeIdentifiers(actions)}`);

/** What stands before a value that is a text, with its opening quote, or another. */
interface Before {
  readonly text: string;
  readonly other: string;
}

const before = (all: string): Before => ({ text: `${all}"`, other: all });

/** What stands before an attribute: as the first, after a text that still needs its closing quote, or after another. */
const placesOf = (name: string) => ({
  first: before(`,"attributes":{${name}:`),
  afterText: before(`",${name}:`),
  afterOther: before(`,${name}:`),
});

const TABLED_NAMES = new Map([...TABLED.keys()].map((name) => [name, placesOf(`"${name}"`)]));

/** The engine is slow to start on a lone number. */
const writeOther = (value: AttributeValue): string =>
  typeof value === 'number' && Number.isFinite(value) ? String(value) : JSON.stringify(value);

/**
 * The member `attributes` as a further one; an empty string without attributes. Each concatenation slows a long listing
 * down, so a name is cached together with the text between the surrounding values.
 */
export function writeAttributes(attributes: Attributes): string {
  let json = '';
  let place: keyof ReturnType<typeof placesOf> = 'first';
  for (const name in attributes) {
    if (isShownApart(name)) continue;
    const value = attributes[name]!;
    const { text, other } = (TABLED_NAMES.get(name) ?? placesOf(writeString(name)))[place];
    if (typeof value === 'string' && isPlain(value)) {
      json += text;
      json += value;
      place = 'afterText';
    } else {
      json += other;
      json += writeOther(value);
      place = 'afterOther';
    }
  }
  if (place === 'first') return '';
  return json + (place === 'afterText' ? '"}' : '}');
}
