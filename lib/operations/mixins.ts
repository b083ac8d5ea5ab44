/** Changes of the query interface. They are rare: what does them is read with the first. */
import type { Operation, Target } from './operation.ts';

/** POST on the query interface: adds mixins of the user (GFD.223 §9.3, H11-5). */
export const defineMixin: Operation<Target & { is: 'queryInterface' }> = {
  answers: 'categories',
  reads: { query: [], filter: [], payload: ['categories'] },
  async run(request, backend) {
    const { define } = await import('./user-mixins.ts');
    return await define(request, backend);
  },
};

/** DELETE on the query interface: removes mixins of the user and all their associations (GFD.223 §9.4, H11-6, H11-7). */
export const removeMixin: Operation<Target & { is: 'queryInterface' }> = {
  answers: 'done',
  reads: { query: [], filter: [], payload: ['categories'] },
  async run(request, backend) {
    const { undefine } = await import('./user-mixins.ts');
    return await undefine(request, backend);
  },
};
