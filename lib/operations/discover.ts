import type { Filter } from '../entities/backend.ts';
import type { CategoryDescription, Model } from '../occi/model.ts';
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

/** GET on the query interface (GFD.223 §9.1, H11-4). */
export const discover: Operation = {
  answers: 'categories',
  reads: { query: ['category'], filter: ['categories'], payload: [] },
  async run({ filter }, backend) {
    const { model } = await backend.model();
    if (filter.categories.length === 0) return { is: 'categories', categories: model.categories };
    const others = filter.and && named(filter.and, model);
    const categories = named(filter, model);
    return { is: 'categories', categories: others ? categories.filter((one) => others.includes(one)) : categories };
  },
};
