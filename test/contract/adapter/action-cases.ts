/** Cases about actions: the state that each leads to, and the states that refuse it. */
import { expect } from '@jest/globals';
import { KINDS } from '../../../lib/occi/kinds/index.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { COURSES, type Course, WRONG } from './courses.ts';
import { fails } from './validity.ts';
import type { Workbench } from './workbench.ts';

export function actionCases(term: keyof typeof COURSES, bench: Workbench): void {
  const { holds, own, kind, eventually, settled, ready, make, neverGiven } = bench;
  for (const [action, course] of Object.entries<Course<string>>(COURSES[term])) {
    holds(term, action, ['act', 'entity'], async () => {
      const { id } = await ready(term);
      const act = kind(term).act!;
      if (course.by !== undefined) {
        await act(id, course.by as never, {});
        await settled(term, id);
      }
      await act(id, action as never, course.attributes ?? {});
      const now = (await kind(term).get(id)).attributes[KINDS[term].life.attribute];
      expect(['waiting', course.to]).toContain(now);
      expect(await settled(term, id)).toBe(course.to);
    });
  }

  holds(term, 'refuses an action that its state does not allow', ['act', 'entity'], async () => {
    const { id } = await ready(term);
    const sentence = await fails(kind(term).act!(id, WRONG[term] as never, {}), 'conflict');
    expect(sentence).toContain(WRONG[term]);
    await fails(kind(term).act!(neverGiven(id), WRONG[term] as never, {}), 'notFound');
  });

  if (term === 'compute') {
    holds('compute', 'brings the template that save made', ['act', 'create'], async () => {
      const { id } = await ready('compute');
      const { mixin } = await kind('compute').act!(id, 'save' as never, { name: 'My Copy' });
      expect(mixin?.depends).toContain(typeId(MIXINS.os_tpl));
      await eventually(async () => expect((await own().catalogue()).mixins).toContainEqual(mixin));
      expect((await make(own(), 'compute', { mixins: [mixin!] })).mixins).toContain(typeId(mixin!));
    });
  }
}
