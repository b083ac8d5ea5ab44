/** Type identifiers (scheme and term), and what the tables say about one. */
import { CORE_KINDS, isLinkTerm, KINDS, type KindTerm } from './kinds/index.ts';
import { CRTP_TEMPLATES, MIXINS } from './mixins/index.ts';
import { type Category, type Kind, typeId } from './types.ts';

/** Scheme and term of a type identifier; the parts are split after `#`, or after the last slash without one. */
export function splitIdentifier(id: string): Category {
  const hash = id.lastIndexOf('#');
  const cut = (hash >= 0 ? hash : id.lastIndexOf('/')) + 1;
  return { scheme: id.slice(0, cut), term: id.slice(cut) };
}

const mixinCategories = new Map<string, Category>(
  [...Object.values(MIXINS), ...CRTP_TEMPLATES].map((mixin) => [typeId(mixin), mixin]),
);
const MAX_CACHED_TYPES = 5000;

/**
 * The category of a mixin that an entity has; the same object every time, so that renderings can keep what they made of
 * it.
 */
export function categoryOf(id: string): Category {
  const known = mixinCategories.get(id);
  if (known) return known;
  const category = splitIdentifier(id);
  if (mixinCategories.size < MAX_CACHED_TYPES) mixinCategories.set(id, category);
  return category;
}

const kindsById = new Map<string, KindTerm>(
  Object.entries(KINDS).map(([term, kind]) => [typeId(kind), term as KindTerm]),
);

/** The kind with this type identifier, whether or not a cloud serves it. */
export const kindTermOf = (id: string): KindTerm | undefined => kindsById.get(id);

/** True for the type identifier of a link kind. */
export function isLinkKind(id: string): boolean {
  const term = kindTermOf(id);
  return term !== undefined && isLinkTerm(term);
}

/** True for the type identifier of a kind, or of one that it inherits from (CORE-7). */
export function inheritsFrom(term: KindTerm, id: string): boolean {
  const all: readonly Kind[] = [...Object.values(CORE_KINDS), ...Object.values(KINDS)];
  let kind: Kind | undefined = KINDS[term];
  while (kind && typeId(kind) !== id) {
    const { parent }: Kind = kind;
    kind = all.find((other) => typeId(other) === parent);
  }
  return kind !== undefined;
}
