/** The lines of the model's own categories, each made once. */

import { memoByObject } from '../../memo-by-object.ts';
import type { CategoryDescription } from '../../occi/category-description.ts';
import { type AttributeDefinitions, type Category, typeId } from '../../occi/types.ts';
import { writeCategory } from './category.ts';

/** A template's title comes from the cloud; a stray line break in one must not break discovery. */
const displayed = (title: string | undefined): { title?: string } =>
  title === undefined ? {} : { title: title.replace(/(?!\t)[\p{Cc}\p{Cs}]/gu, ' ') };

const definitionsOf = (attributes: AttributeDefinitions) =>
  Object.entries(attributes).map(([name, { mutable, required = false }]) => ({ name, immutable: !mutable, required }));

/** The line of discovery (TXT-15); `rel` is the parent of a kind, the first dependency of a mixin (TXT-19). */
export const describedCategory = memoByObject((category: CategoryDescription): string => {
  const rel = category.class === 'kind' ? category.parent : category.depends?.[0];
  return writeCategory({
    term: category.term,
    scheme: category.scheme,
    class: category.class,
    ...displayed(category.title),
    ...(rel !== undefined && { rel: [rel] }),
    ...(category.location !== undefined && { location: category.location }),
    attributes: definitionsOf(category.attributes),
    ...(category.actions && { actions: category.actions }),
  });
});

const entityCategory = (category: Category, asClass: 'kind' | 'mixin'): string =>
  writeCategory({ term: category.term, scheme: category.scheme, class: asClass, ...displayed(category.title) });

/** The line of an entity's kind (TXT-11). */
export const kindOfEntity = memoByObject((category: Category) => entityCategory(category, 'kind'));

/** The line of one of an entity's mixins (TXT-11). */
export const mixinOfEntity = memoByObject((category: Category) => entityCategory(category, 'mixin'));

/** Type identifier of a category, made once per object. */
export const identifierOf = memoByObject((category: Category) => typeId(category));
