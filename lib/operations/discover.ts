import type { Filter } from '../entities/backend.ts';
import type { CategoryDescription } from '../occi/category-description.ts';
import type { Model } from '../occi/model.ts';
import { unknownCategory } from '../occi/unknown.ts';
import type { Operation } from './operation.ts';

/** The categories that a filter names, exactly those (D-2). Throws `invalid` for one that does not exist. */
function named(filter: Filter, model: Model): readonly CategoryDescription[] {
  return filter.categories.map((id) => {
    const category = model.find(id);
    if (!category) throw unknownCategory(id, model, ['kind', 'mixin', 'action']);
    return category;
  });
}

/** The categories of a model that match a filter. Throws `invalid` for a filter that names one that does not exist. */
export function categoriesIn(model: Model, filter: Filter): readonly CategoryDescription[] {
  if (filter.categories.length === 0) return model.categories;
  const others = filter.and && named(filter.and, model);
  const categories = named(filter, model);
  return others ? categories.filter((one) => others.includes(one)) : categories;
}

/** GET on the query interface (GFD.223 §9.1, H11-4). */
export const discover: Operation = {
  answers: 'categories',
  reads: { query: ['category'], filter: ['categories'], payload: [] },
  async run({ filter }, backend) {
    return { is: 'categories', categories: categoriesIn((await backend.model()).model, filter) };
  },
};
