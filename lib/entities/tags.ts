/**
 * The user's mixins on entities (tags). A tag counts only while the model defines its mixin; the store may still have
 * stale ones.
 */

import type { Annotation, Annotations } from '../mapping/rows.ts';
import type { KindTerm } from '../occi/kinds/index.ts';
import type { Backend } from './backend.ts';

type Tags = Pick<Annotation, 'tags' | 'definitions'>;

/** The annotation fields for these tags: their identifiers, and the definition of each. */
export async function tagged(tags: readonly string[], backend: Backend): Promise<Tags> {
  const { definitions } = await backend.model();
  return { tags, definitions: Object.fromEntries(tags.map((id) => [id, definitions.get(id)!])) };
}

/**
 * The annotations without tags whose mixins are no longer defined. `of` limits the kinds. Costs no read if there are no
 * tags.
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
