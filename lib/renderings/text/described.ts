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

/**
 * What the lines of discovery may leave out, in this order. The grammar calls `rel` and `location` optional too (TXT-2),
 * but by these clients find templates (SUITE-7) and collections.
 */
export const OMITTED_OF_CATEGORIES = ['titles', 'attributes', 'actions'] as const;

/** The line of discovery (TXT-15); `rel` is the parent of a kind, the first dependency of a mixin (TXT-19). */
function described(category: CategoryDescription, omitted: number): string {
  const rel = category.class === 'kind' ? category.parent : category.depends?.[0];
  return writeCategory({
    term: category.term,
    scheme: category.scheme,
    class: category.class,
    ...(omitted < 1 && displayed(category.title)),
    ...(rel !== undefined && { rel: [rel] }),
    ...(category.location !== undefined && { location: category.location }),
    ...(omitted < 2 && { attributes: definitionsOf(category.attributes) }),
    ...(omitted < 3 && category.actions && { actions: category.actions }),
  });
}

/** The whole line of a category, made once. */
export const describedCategory = memoByObject((category: CategoryDescription) => described(category, 0));

/** The lines of all categories, with the first `omitted` parts left out. */
export const describedCategories = (categories: readonly CategoryDescription[], omitted: number): readonly string[] =>
  categories.map((category) => (omitted === 0 ? describedCategory(category) : described(category, omitted)));

const untitled = (category: Category, asClass: 'kind' | 'mixin') =>
  ({ term: category.term, scheme: category.scheme, class: asClass }) as const;

const entityCategory = (category: Category, asClass: 'kind' | 'mixin'): string =>
  writeCategory({ ...untitled(category, asClass), ...displayed(category.title) });

/** The line of an entity's kind (TXT-11). */
export const kindOfEntity = memoByObject((category: Category) => entityCategory(category, 'kind'));

/** The line of one of an entity's mixins (TXT-11). */
export const mixinOfEntity = memoByObject((category: Category) => entityCategory(category, 'mixin'));

/** The line of a kind or mixin without its title. */
export const untitledOfEntity = (category: Category, asClass: 'kind' | 'mixin'): string =>
  writeCategory(untitled(category, asClass));

/** Type identifier of a category, made once per object. */
export const identifierOf = memoByObject((category: Category) => typeId(category));
