/** Sorts the categories of a payload: one kind, mixins of the provider, tags of the user. */
import { OcciError } from '../../errors.ts';
import type { CategoryDescription } from '../../occi/category-description.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import { KINDS } from '../../occi/kinds/index.ts';
import type { Model } from '../../occi/model.ts';
import { type AttributeDefinitions, type Mixin, typeId } from '../../occi/types.ts';
import { unknownCategory } from '../../occi/unknown.ts';
import type { ParsedCategory } from '../../renderings/rendering.ts';
import { pathOf } from '../locate.ts';
import { SINGLE_BASES } from './templates.ts';

export interface Sorted {
  readonly kind?: KindTerm;
  /** Mixins of the tables and of the cloud's catalogue. */
  readonly mixins: readonly Mixin[];
  /** Type identifiers of the user's own mixins. */
  readonly tags: readonly string[];
}

const short = (text: string) => text.slice(0, 200);

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

/** Throws `invalid` for a category with a location other than its own: the client may mean another category. */
export function checkLocation({ location }: ParsedCategory, found: CategoryDescription): void {
  if (location === undefined || found.location === undefined) return;
  if (withSlash(pathOf(location)) === found.location) return;
  const what = `${found.class} ${short(typeId(found))}`;
  throw new OcciError('invalid', `The ${what} is at ${found.location}, not at ${short(location)}.`);
}

function find(category: ParsedCategory, model: Model): CategoryDescription {
  const id = typeId(category);
  const found = model.find(id);
  if (!found) throw unknownCategory(id, model);
  if (category.class !== undefined && category.class !== found.class) {
    throw new OcciError('invalid', `The category ${short(id)} is of the class ${found.class}, not ${category.class}.`);
  }
  checkLocation(category, found);
  if (found.class === 'action') {
    throw new OcciError(
      'invalid',
      `The category ${short(id)} is an action; actions are invoked with ?action=${found.term}.`,
    );
  }
  return found;
}

function checkSingles(mixins: readonly Mixin[]): void {
  if (mixins.length < 2) return;
  for (const base of SINGLE_BASES) {
    const templates = mixins.filter((mixin) => mixin.depends?.includes(base));
    if (templates.length > 1) {
      const terms = templates.map((mixin) => mixin.term).join(' and ');
      throw new OcciError(
        'invalid',
        `Only one template of ${base} is possible, and the request names ${short(terms)}.`,
      );
    }
  }
}

/** Sorts categories. Throws `invalid` for an unknown one, a wrong class, two kinds (H11-12) or two templates of a base. */
export function sortCategories(categories: readonly ParsedCategory[], model: Model): Sorted {
  let kind: KindTerm | undefined;
  const mixins = new Map<string, Mixin>();
  const tags = new Set<string>();
  for (const category of categories) {
    const found = find(category, model);
    const id = typeId(found);
    if (found.class === 'mixin') {
      if (found.by === 'user') tags.add(id);
      else mixins.set(id, found.mixin!);
    } else if (!found.kind) {
      throw new OcciError('invalid', `The kind ${id} cannot be instantiated.`);
    } else if (kind !== undefined && kind !== found.kind) {
      throw new OcciError(
        'invalid',
        `The request names two kinds, ${kind} and ${found.kind}; an entity has exactly one.`,
      );
    } else kind = found.kind;
  }
  const sorted = { mixins: [...mixins.values()], tags: [...tags] };
  checkSingles(sorted.mixins);
  return kind ? { kind, ...sorted } : sorted;
}

/** Throws `invalid` for the first mixin that does not apply to the kind (CORE-11, D-6). */
export function checkApplies(mixins: readonly Mixin[], kind: KindTerm): void {
  const id = typeId(KINDS[kind]);
  const wrong = mixins.find((mixin) => mixin.applies && !mixin.applies.includes(id));
  if (wrong) throw new OcciError('invalid', `The mixin ${typeId(wrong)} does not apply to ${kind}.`);
}

/**
 * Definitions of a kind's attributes with those of mixins; the kind's own take precedence (they are the mutable ones).
 */
export function definitionsOf(kind: KindTerm, mixins: readonly Mixin[]): AttributeDefinitions {
  const own = KINDS[kind].attributes;
  // Most templates define no attributes; then the kind's table itself is returned, always the same object.
  if (mixins.every(({ attributes }) => attributes === undefined || Object.keys(attributes).length === 0)) return own;
  const all: Record<string, AttributeDefinitions[string]> = {};
  for (const mixin of mixins) Object.assign(all, mixin.attributes);
  return Object.assign(all, own);
}
