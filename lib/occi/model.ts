/**
 * The model of an endpoint: the tables joined with what the cloud and the user add. Discovery shows it, and requests
 * are resolved against it (GFD.221 §5.3.9).
 */
import { ENTITY_LOCATION } from './kinds/entity.ts';
import { CORE_KINDS, isLinkTerm, KINDS, type KindTerm } from './kinds/index.ts';
import { CRTP_TEMPLATES, MIXINS, type MixinName } from './mixins/index.ts';
import {
  type Action,
  type AttributeDefinitions,
  actionScheme,
  type Category,
  type Kind,
  type Mixin,
  typeId,
} from './types.ts';

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

/** Terms of the actions of a kind, but for some. */
const actionTerms = ({ actions = {} }: Kind, without: readonly string[] = []): readonly string[] =>
  Object.keys(actions).filter((action) => !without.includes(action));

const describeKind = (kind: Kind, term?: KindTerm, actions = actionTerms(kind)): CategoryDescription => ({
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

const describeActions = (kind: Kind, terms = actionTerms(kind)): CategoryDescription[] =>
  terms.map((term) => {
    const { title, attributes = {} } = kind.actions![term]!;
    return { class: 'action', scheme: actionScheme(kind), term, title, attributes };
  });

const described = new WeakMap<Mixin, CategoryDescription>();

/** Created once per mixin object, so that renderings can memoize by it. */
function describeMixin(mixin: Mixin, by: 'provider' | 'user'): CategoryDescription {
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

export class Model {
  /** What this one adds to; a caller's model is the endpoint's with a few mixins more. */
  readonly #base: Model | undefined;
  readonly #own: readonly CategoryDescription[];
  readonly #byId = new Map<string, CategoryDescription>();
  readonly #byLocation = new Map<string, CategoryDescription>();
  #categories: readonly CategoryDescription[] | undefined;

  constructor(categories: readonly CategoryDescription[], base?: Model) {
    this.#base = base;
    this.#own = categories;
    for (const category of categories) {
      this.#byId.set(typeId(category), category);
      if (category.location) this.#byLocation.set(category.location, category);
    }
  }

  /** In the order that discovery shows them: core kinds, kinds, mixins, actions. The same array every time. */
  get categories(): readonly CategoryDescription[] {
    this.#categories ??= this.#base ? this.#ordered(this.#base.categories) : this.#own;
    return this.#categories;
  }

  #ordered(before: readonly CategoryDescription[]): readonly CategoryDescription[] {
    const firstAction = before.findIndex((category) => category.class === 'action');
    const at = firstAction < 0 ? before.length : firstAction;
    return [...before.slice(0, at), ...this.#own, ...before.slice(at)];
  }

  /** The category with this type identifier. */
  find(id: string): CategoryDescription | undefined {
    return this.#byId.get(id) ?? this.#base?.find(id);
  }

  /** The kind or mixin whose collection lives at this path; a missing trailing slash is forgiven. */
  at(path: string): CategoryDescription | undefined {
    const location = path.endsWith('/') ? path : `${path}/`;
    return this.#byLocation.get(location) ?? this.#base?.at(location);
  }

  /** True when some collection lives below this path (HTTP-5). */
  hasBelow(path: string): boolean {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    for (const location of this.#byLocation.keys()) if (location.startsWith(prefix)) return true;
    return this.#base?.hasBelow(prefix) ?? false;
  }

  /** True if an entity with the mixin `id` is a member of the collection of `of`: the mixin itself or what depends on it. */
  isOrDependsOn(id: string, of: string): boolean {
    return id === of || (this.find(id)?.depends?.includes(of) ?? false);
  }

  /** This model with mixins of the cloud's catalogue and of the user. */
  with(catalogue: readonly Mixin[], user: readonly Mixin[]): Model {
    if (catalogue.length + user.length === 0) return this;
    const added = catalogue.map((mixin) => describeMixin(mixin, 'provider'));
    return new Model([...added, ...user.map((mixin) => describeMixin(mixin, 'user'))], this);
  }
}

/**
 * The part of the model that does not depend on the caller: the core kinds, the kinds that an adapter serves and the
 * mixins that it acts on. With `resource_tpl` come the six templates of the CRTP profile. Only the kinds in `acting`
 * have actions, without those in `cannotAct`: actions that the adapter cannot run are not offered. `entity` has a
 * location only with `locatesEntity`.
 */
export function baseModel(
  kinds: readonly KindTerm[],
  mixins: readonly MixinName[],
  acting: readonly KindTerm[] = kinds,
  locatesEntity = false,
  cannotAct: (kind: KindTerm) => readonly string[] = () => [],
): Model {
  const { entity, ...others } = CORE_KINDS;
  const actionsOf = (term: KindTerm) => (acting.includes(term) ? actionTerms(KINDS[term], cannotAct(term)) : []);
  const known: Mixin[] = mixins.map((name) => MIXINS[name]);
  if (mixins.includes('resource_tpl')) known.push(...CRTP_TEMPLATES);
  return new Model([
    describeKind(locatesEntity ? { ...entity, location: ENTITY_LOCATION } : entity),
    ...Object.values(others).map((kind) => describeKind(kind)),
    ...kinds.map((term) => describeKind(KINDS[term], term, actionsOf(term))),
    ...known.map((mixin) => describeMixin(mixin, 'provider')),
    ...acting.flatMap((term) => describeActions(KINDS[term], actionsOf(term))),
  ]);
}

const mixinCategories = new Map<string, Category>(
  [...Object.values(MIXINS), ...CRTP_TEMPLATES].map((mixin) => [typeId(mixin), mixin]),
);
const MIN_CACHED_TYPES = 5000;

/** Scheme and term of a type identifier; the parts are split after `#`, or after the last slash without one. */
export function splitIdentifier(id: string): Category {
  const hash = id.lastIndexOf('#');
  const cut = (hash >= 0 ? hash : id.lastIndexOf('/')) + 1;
  return { scheme: id.slice(0, cut), term: id.slice(cut) };
}

/**
 * The category of a mixin that an entity has; the same object every time, so that renderings can keep what they made of
 * it.
 */
export function categoryOf(id: string): Category {
  const known = mixinCategories.get(id);
  if (known) return known;
  const category = splitIdentifier(id);
  if (mixinCategories.size < MIN_CACHED_TYPES) mixinCategories.set(id, category);
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

const NONE: readonly string[] = [];

/** By kind and by what is left out. */
const actionsByKind = new Map<string, ReadonlyMap<string, readonly Action[]>>();

/**
 * The actions that apply to an entity of a kind in a state (H11-14), but for those in `without`; the same arrays every
 * time.
 */
export function applicableActions(
  term: KindTerm,
  state: string | undefined,
  without: readonly string[] = NONE,
): readonly Action[] {
  const key = without.length === 0 ? term : `${term} ${without.join()}`;
  let byState = actionsByKind.get(key);
  if (!byState) {
    const kind: Kind = KINDS[term];
    const actions = new Map(describeActions(kind).map((action) => [action.term, action as Action]));
    byState = new Map(
      Object.entries(kind.life?.actions ?? {}).map(([name, terms]) => [
        name,
        terms.filter((action) => !without.includes(action)).map((action) => actions.get(action)!),
      ]),
    );
    actionsByKind.set(key, byState);
  }
  return (state !== undefined && byState.get(state)) || [];
}
