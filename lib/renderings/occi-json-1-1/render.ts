import type { AnyEntity } from '../../occi/entity.ts';
import type { Answer, RenderContext, Rendered } from '../rendering.ts';
import { writeCategories } from './categories.ts';
import { writeEntities } from './entities.ts';

/** JSON has no list of locations, so an answer without its entities would be misleading. */
function entitiesOf(answer: Answer & { readonly is: 'collection' | 'created' }): readonly AnyEntity[] {
  if (!answer.entities && answer.locations.length > 0) throw new TypeError('JSON shows entities, but none were read.');
  return answer.entities ?? [];
}

const areLinks = (entities: readonly AnyEntity[]): boolean =>
  entities.length > 0 && entities.every((entity) => entity.is === 'link');

function body(answer: Answer): string {
  switch (answer.is) {
    case 'done':
      return '{}';
    case 'categories':
      return writeCategories(answer.categories);
    case 'entity':
      return writeEntities([answer.entity], answer.entity.is === 'link');
    case 'collection':
      return writeEntities(entitiesOf(answer), answer.links ?? false);
    case 'created': {
      const entities = entitiesOf(answer);
      return writeEntities(entities, areLinks(entities));
    }
  }
}

/** Writes an answer as the JSON of before 1.2, of which no specification was published (CLIENT-28). */
export const renderOcciJson11 = (answer: Answer, context: RenderContext): Rendered => ({
  headers: { 'Content-Type': context.mediaType },
  body: body(answer),
});
