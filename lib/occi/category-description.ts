/** Kinds, mixins and actions as discovery shows them (GFD.221 §5.3.9). */
import type { KindTerm } from './kinds/index.ts';
import { type AttributeDefinitions, actionScheme, type Category, type Kind, type Mixin } from './types.ts';

/** A category with everything that discovery shows of it. */
export interface CategoryDescription extends Category {
  readonly class: 'kind' | 'mixin' | 'action';
  readonly attributes: AttributeDefinitions;
  /** Type identifiers. `parent` of a kind, `depends` and `applies` of a mixin, `actions` of either. */
  readonly parent?: string;
  readonly depends?: readonly string[];
  readonly applies?: readonly string[];
  readonly actions?: readonly string[];
  readonly location?: string;
  /** The table row behind it, if it is a kind that can be instantiated. */
  readonly kind?: KindTerm;
  readonly mixin?: Mixin;
  /** Who defined a mixin; users may remove only what users added (H11-6). */
  readonly by?: 'provider' | 'user';
}

/** Terms of the actions of a kind, except those in `without`. */
export const actionTerms = ({ actions = {} }: Kind, without: readonly string[] = []): readonly string[] =>
  Object.keys(actions).filter((action) => !without.includes(action));

export const describeKind = (kind: Kind, term?: KindTerm, actions = actionTerms(kind)): CategoryDescription => ({
  class: 'kind',
  scheme: kind.scheme,
  term: kind.term,
  title: kind.title,
  attributes: kind.attributes,
  ...(kind.parent && { parent: kind.parent }),
  ...(kind.location && { location: kind.location }),
  ...(actions.length > 0 && { actions: actions.map((action) => actionScheme(kind) + action) }),
  ...(term && { kind: term }),
});

export const describeActions = (kind: Kind, terms = actionTerms(kind)): CategoryDescription[] =>
  terms.map((term) => {
    const { title, attributes = {} } = kind.actions![term]!;
    return { class: 'action', scheme: actionScheme(kind), term, title, attributes };
  });

const described = new WeakMap<Mixin, CategoryDescription>();

/** Created once per mixin object, so that renderings can memoize by it. */
export function describeMixin(mixin: Mixin, by: 'provider' | 'user'): CategoryDescription {
  const known = described.get(mixin);
  if (known) return known;
  const description: CategoryDescription = {
    class: 'mixin',
    scheme: mixin.scheme,
    term: mixin.term,
    ...(mixin.title !== undefined && { title: mixin.title }),
    attributes: mixin.attributes ?? {},
    ...(mixin.depends && { depends: mixin.depends }),
    ...(mixin.applies && { applies: mixin.applies }),
    location: mixin.location,
    mixin,
    by,
  };
  described.set(mixin, description);
  return description;
}
