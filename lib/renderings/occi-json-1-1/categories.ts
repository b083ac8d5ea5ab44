import { memoByObject } from '../../memo-by-object.ts';
import type { CategoryDescription } from '../../occi/category-description.ts';
import type { AttributeDefinition, AttributeType } from '../../occi/types.ts';
import { nested } from './nested.ts';

/** The types that there were. Lists and maps are texts that hold their JSON, as in the text renderings. */
const TYPES = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  array: 'string',
  object: 'string',
} as const satisfies Record<AttributeType, string>;

/** The properties of an attribute. None of them may be an object: rOCCI-core would take it for further attributes. */
const propertiesOf = ({ type, required, mutable, description, ...definition }: AttributeDefinition) => ({
  type: TYPES[type],
  required: required ?? false,
  mutable,
  ...(typeof definition.default !== 'object' && { default: definition.default }),
  description,
});

/**
 * The JSON text of a category; `related` names its parent or what it depends on. `applies` is left out: rOCCI-core ends
 * with an error for any kind in it.
 */
const writeCategory = memoByObject((category: CategoryDescription): string => {
  const { term, scheme, title, parent, depends, location, actions, attributes } = category;
  const related = parent === undefined ? depends : [parent];
  const definitions = Object.entries(attributes).map(([name, one]) => [name, propertiesOf(one)] as const);
  return JSON.stringify({
    term,
    scheme,
    title,
    parent,
    depends,
    related,
    location,
    actions,
    attributes: nested(definitions),
  });
});

/** The answer of the query interface: kinds, mixins and actions. */
export const writeCategories = memoByObject((categories: readonly CategoryDescription[]): string => {
  const of = (asClass: CategoryDescription['class']): string =>
    categories
      .filter((category) => category.class === asClass)
      .map(writeCategory)
      .join(',');
  return `{"kinds":[${of('kind')}],"mixins":[${of('mixin')}],"actions":[${of('action')}]}`;
});
