/** The user's mixins on entities. Which of them are there is for the model to say, whatever the store still has. */

import type { Annotation, Annotations } from '../mapping/rows.ts';
import type { KindTerm } from '../occi/kinds/index.ts';
import type { Backend } from './backend.ts';

type Tags = Pick<Annotation, 'tags' | 'definitions'>;

/** What an annotation says of these tags: which they are, and of which definition of each. */
export async function tagged(tags: readonly string[], backend: Backend): Promise<Tags> {
  const { definitions } = await backend.model();
  return { tags, definitions: Object.fromEntries(tags.map((id) => [id, definitions.get(id)!])) };
}

/**
 * The annotations with those tags only whose mixins are defined. `of` says of which kinds the tags are shown. Costs no
 * read where there are none.
 */
export async function withDefinedTags(
  annotations: Annotations,
  backend: Backend,
  of: (kind: KindTerm) => boolean = () => true,
): Promise<Annotations> {
  const tagged = (annotation: Annotation) => (annotation.tags?.length ?? 0) > 0 && of(annotation.kind);
  if (annotations.size === 0 || ![...annotations.values()].some(tagged)) return annotations;
  const { definitions } = await backend.model();
  return new Map([...annotations].map(([uuid, annotation]) => [uuid, defined(annotation, definitions)]));
}

function defined(annotation: Annotation, present: ReadonlyMap<string, string>): Annotation {
  const { tags = [], definitions = {} } = annotation;
  const isDefined = (id: string) => present.has(id) && (definitions[id] ?? present.get(id)) === present.get(id);
  return tags.every(isDefined) ? annotation : { ...annotation, tags: tags.filter(isDefined) };
}
