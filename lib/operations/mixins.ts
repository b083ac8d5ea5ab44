/** Defines and removes mixins of the user. */

import type { Backend, Target } from '../entities/backend.ts';
import { checkLocation } from '../entities/categories/sorted.ts';
import { pathOf } from '../entities/locate.ts';
import type { OcciRequest } from '../entities/request.ts';
import { OcciError } from '../errors.ts';
import type { CategoryDescription } from '../occi/category-description.ts';
import { CORE_KINDS, KINDS } from '../occi/kinds/index.ts';
import { MIXINS } from '../occi/mixins/index.ts';
import type { Model } from '../occi/model.ts';
import { isStandard, sameFor } from '../occi/schemes.ts';
import { type Mixin, typeId } from '../occi/types.ts';
import { unknownCategory } from '../occi/unknown.ts';
import type { ParsedCategory } from '../renderings/rendering.ts';
import type { Operation } from './operation.ts';

/** A mixin of the user has a location. */
type UserMixin = Mixin & { readonly location: string };

const isThere = (id: string, location: string): OcciError =>
  new OcciError('conflict', `The mixin ${id.slice(0, 200)} or the location ${location.slice(0, 200)} exists already.`);

const LOCATION = /^\/([A-Za-z0-9._~@-]+\/)+$/;
/** Paths that belong to the endpoint itself. */
const TAKEN = [
  '/-/',
  '/.well-known/',
  ...[CORE_KINDS.resource, CORE_KINDS.link, ...Object.values(KINDS)].map(({ location }) => location),
];

function categoriesIn({ parsed }: Pick<OcciRequest, 'parsed'>): readonly ParsedCategory[] {
  const categories = parsed.parts.flatMap((part) => part.categories);
  if (categories.length === 0)
    throw new OcciError('invalid', 'The payload has no Category: a mixin is what this path takes.');
  return categories;
}

function locationFor(category: ParsedCategory): string {
  const path = pathOf(category.location ?? '');
  const location = path.endsWith('/') ? path : `${path}/`;
  if (!LOCATION.test(location) || location.includes('/../') || location.includes('/./')) {
    throw new OcciError(
      'invalid',
      `The mixin ${category.term.slice(0, 64)} needs a location, a path such as /my_stuff/.`,
    );
  }
  const taken = TAKEN.find((path) => location.startsWith(path));
  if (taken)
    throw new OcciError('conflict', `The location ${location.slice(0, 200)} lies below ${taken}, which is taken.`);
  return location;
}

/**
 * The schemes of all that the provider defines, as `sameFor` has them. Includes those of all tables, even if this
 * adapter does not act on their mixins: a later version may.
 */
function providersSchemes(model: Model): ReadonlySet<string> {
  const providers = model.categories.filter(({ by }) => by !== 'user');
  return new Set([...providers, ...Object.values(MIXINS)].map(({ scheme }) => sameFor(scheme)));
}

/**
 * A user's mixin. Throws `invalid`, `forbidden` in a scheme that is reserved (CORE-2) or the provider's, `conflict` for
 * a name or location that is taken.
 */
function definitionOf(category: ParsedCategory, model: Model, taken: ReadonlySet<string>): UserMixin {
  const id = typeId(category);
  const short = id.slice(0, 200);
  if (category.class !== undefined && category.class !== 'mixin') {
    throw new OcciError('invalid', `Only mixins can be added, and ${short} is of the class ${category.class}.`);
  }
  if (!/^[^#]+#$/.test(category.scheme)) throw new OcciError('invalid', `The scheme of ${short} must end in #.`);
  if (isStandard(category.scheme) || taken.has(sameFor(category.scheme))) {
    throw new OcciError(
      'forbidden',
      `The scheme ${category.scheme.slice(0, 200)} belongs to the provider or to the standard: use a scheme of your own, such as http://example.org/tags#.`,
    );
  }
  const { attributes = [], actions = [], applies = [] } = category;
  if (attributes.length + actions.length + applies.length > 0) {
    throw new OcciError('invalid', `The mixin ${short} can have no attributes, actions or applies: users add tags.`);
  }
  const location = locationFor(category);
  const known = model.find(id);
  if (known && known.by !== 'user') throw new OcciError('forbidden', `The category ${short} is the provider's.`);
  const there = model.at(location);
  if ((known && known.location !== location) || (there && typeId(there) !== id)) {
    throw isThere(id, location);
  }
  const { scheme, term, title } = category;
  // A user's mixin may depend on a mixin that is unknown here (D-19). If shown, clients would refuse the whole model.
  const depends = category.rel?.filter((other) => model.find(other)) ?? [];
  return {
    scheme,
    term,
    ...(title !== undefined && { title }),
    ...(depends.length > 0 && { depends }),
    location,
  };
}

/** The most mixins that one request may add: each costs a write. */
const MAX_DEFINITIONS = 100;

/** Throws `conflict` if two mixins of the request share a name or a location, `tooLarge` if there are too many. */
function checkDistinct(mixins: readonly Mixin[]): void {
  if (mixins.length > MAX_DEFINITIONS) {
    throw new OcciError(
      'tooLarge',
      `One request may add ${MAX_DEFINITIONS} mixins, and this one has ${mixins.length}.`,
    );
  }
  const [ids, places] = [new Set(mixins.map(typeId)), new Set(mixins.map(({ location }) => location))];
  if (ids.size < mixins.length || places.size < mixins.length) {
    throw new OcciError('conflict', 'Two mixins of the request have the same name or the same location.');
  }
}

/** Defines all or none: throws `conflict` if another request has taken a name or location in the meantime. */
async function defineAll(mixins: readonly UserMixin[], backend: Backend): Promise<void> {
  const own = backend.mixins();
  const made: string[] = [];
  for (const mixin of mixins) {
    const outcome = await own.define(mixin);
    if (outcome === 'made') made.push(typeId(mixin));
    if (outcome !== 'taken') continue;
    for (const id of made) await own.remove(id, backend.store);
    throw isThere(typeId(mixin), mixin.location);
  }
}

/** POST on the query interface: adds mixins of the user (GFD.223 §9.3, H11-5). */
export const defineMixin: Operation<Target & { is: 'queryInterface' }> = {
  answers: 'categories',
  reads: { query: [], filter: [], payload: ['categories'] },
  async run(request, backend) {
    const { model } = await backend.model();
    const taken = providersSchemes(model);
    const mixins = categoriesIn(request).map((category) => definitionOf(category, model, taken));
    checkDistinct(mixins);
    for (const { location } of mixins) {
      if (await backend.store.alias(location.slice(0, -1)))
        throw new OcciError('conflict', `An entity lives at ${location}.`);
    }
    await defineAll(mixins, backend);
    const after = model.with([], mixins);
    return { is: 'categories', categories: mixins.map((mixin) => after.find(typeId(mixin))!) };
  },
};

/** Throws `invalid` if the payload describes a mixin wrongly: the client may mean another one. */
function checkSaid(category: ParsedCategory, known: CategoryDescription): void {
  const { class: said = 'mixin' } = category;
  const short = typeId(known).slice(0, 200);
  if (said !== 'mixin') throw new OcciError('invalid', `The category ${short} is of the class mixin, not ${said}.`);
  checkLocation(category, known);
}

/** DELETE on the query interface: removes mixins of the user and all their associations (GFD.223 §9.4, H11-6, H11-7). */
export const removeMixin: Operation<Target & { is: 'queryInterface' }> = {
  answers: 'done',
  reads: { query: [], filter: [], payload: ['categories'] },
  async run(request, backend) {
    const { model } = await backend.model();
    const ids = categoriesIn(request).map((category) => {
      const id = typeId(category);
      const known = model.find(id);
      if (!known) throw unknownCategory(id, model, ['mixin'], 'notFound');
      if (known.by !== 'user')
        throw new OcciError('forbidden', `The category ${id.slice(0, 200)} is the provider's and cannot be removed.`);
      checkSaid(category, known);
      return id;
    });
    const own = backend.mixins();
    for (const id of new Set(ids)) {
      if (!(await own.remove(id, backend.store))) {
        throw new OcciError('notFound', `The category ${id.slice(0, 200)} has just been removed.`);
      }
    }
    return { is: 'done' };
  },
};
