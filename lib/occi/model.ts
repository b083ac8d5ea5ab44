/**
 * The model of an endpoint: the tables joined with what the cloud and the user add. Discovery shows it, and requests
 * are resolved against it (GFD.221 §5.3.9).
 */
import {
  actionTerms,
  type CategoryDescription,
  describeActions,
  describeKind,
  describeMixin,
} from './category-description.ts';
import { ENTITY_LOCATION } from './kinds/entity.ts';
import { CORE_KINDS, KINDS, type KindTerm } from './kinds/index.ts';
import { CRTP_TEMPLATES, MIXINS, type MixinName } from './mixins/index.ts';
import { type Mixin, typeId } from './types.ts';

export class Model {
  /** What this one adds to; a caller's model is the endpoint's with a few mixins more. */
  readonly #base: Model | undefined;
  readonly #own: readonly CategoryDescription[];
  readonly #byId = new Map<string, CategoryDescription>();
  readonly #byLocation = new Map<string, CategoryDescription>();
  #categories: readonly CategoryDescription[] | undefined;
  /** Schemes of which the cloud could not tell all mixins: one that is not in the model may exist. */
  readonly unread: readonly string[];

  constructor(categories: readonly CategoryDescription[], base?: Model, unread = base?.unread ?? []) {
    this.#base = base;
    this.unread = unread;
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
  with(catalogue: readonly Mixin[], user: readonly Mixin[], unread = this.unread): Model {
    if (catalogue.length + user.length === 0 && unread.length === this.unread.length) return this;
    const added = catalogue.map((mixin) => describeMixin(mixin, 'provider'));
    return new Model([...added, ...user.map((mixin) => describeMixin(mixin, 'user'))], this, unread);
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
