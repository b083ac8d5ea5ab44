/** Filters of listings (GFD.223 §7): checks a filter and matches entities. */

import { OcciError } from '../../errors.ts';
import { type AnyEntity, coreAttributes } from '../../occi/entity.ts';
import { CORE_KINDS } from '../../occi/kinds/index.ts';
import type { Model } from '../../occi/model.ts';
import { typeId } from '../../occi/types.ts';
import { unknownAttribute, unknownCategory } from '../../occi/unknown.ts';
import { checkedValue } from '../../occi/validate.ts';
import type { Backend, Filter } from '../backend.ts';
import { pathHere } from '../locate.ts';

/** Attributes that clients write as a path or as a URL. */
const ENDS = ['occi.core.source', 'occi.core.target'];

/** The filter with its values typed. Throws `invalid` for an attribute or category that the model does not define. */
export function checkFilter(filter: Filter, model: Model, backend: Pick<Backend, 'isOurs'>): Filter {
  const attributes = Object.fromEntries(
    Object.entries(filter.attributes).map(([name, value]) => {
      const owner = model.categories.find(({ attributes }) => Object.hasOwn(attributes, name));
      if (!owner) throw unknownAttribute(name, model);
      // A URL elsewhere cannot be the end of a link here.
      if (ENDS.includes(name)) return [name, pathHere(String(value), backend) ?? value];
      return [name, checkedValue(name, value, owner.attributes[name]!)];
    }),
  );
  for (const id of filter.categories) {
    const category = model.find(id);
    if (!category) throw unknownCategory(id, model);
    if (category.class === 'action') {
      throw new OcciError(
        'invalid',
        `The filter names ${id.slice(0, 200)}, which is an action; kinds and mixins filter.`,
      );
    }
  }
  return {
    categories: filter.categories,
    attributes,
    ...(filter.and && { and: checkFilter(filter.and, model, backend) }),
  };
}

/** A core kind selects the entities of all kinds that inherit from it (CORE-7); any other kind only its own. */
const isOfKind = (entity: AnyEntity, id: string): boolean =>
  id === typeId(entity.kind) || id === typeId(CORE_KINDS.entity) || id === typeId(CORE_KINDS[entity.is]);

/** True for an entity that has every mixin, one of the kinds and all the values of a filter (H11-2, HTTP-17). */
export function passes(entity: AnyEntity, filter: Filter, model: Model): boolean {
  if (filter.and && !passes(entity, filter.and, model)) return false;
  const kinds = filter.categories.filter((id) => model.find(id)?.class === 'kind');
  if (kinds.length > 0 && !kinds.some((id) => isOfKind(entity, id))) return false;
  const mixins = filter.categories.filter((id) => model.find(id)?.class === 'mixin');
  const has = (of: string) => entity.mixins.some((mixin) => model.isOrDependsOn(typeId(mixin), of));
  if (!mixins.every(has)) return false;
  const values = { ...entity.attributes, ...coreAttributes(entity) };
  return Object.entries(filter.attributes).every(
    ([name, value]) => JSON.stringify(values[name]) === JSON.stringify(value),
  );
}

export const NO_FILTER: Filter = { categories: [], attributes: {} };

/**
 * A filter that requires both. The kinds within one filter are alternatives; those of two filters must both match.
 * Throws `invalid` if they want two values of one attribute.
 */
export function joined(one: Filter, other: Filter): Filter {
  if (isEmpty(one)) return other;
  if (isEmpty(other)) return one;
  for (const [name, value] of Object.entries(other.attributes)) {
    if (Object.hasOwn(one.attributes, name) && String(one.attributes[name]) !== String(value)) {
      throw new OcciError('invalid', `The filter names two values of the attribute ${name.slice(0, 200)}.`);
    }
  }
  return { ...one, and: other };
}

/** True for a filter that lets everything pass. */
export const isEmpty = (filter: Filter) =>
  filter.categories.length === 0 && Object.keys(filter.attributes).length === 0;
