/** Changes of an entity as the conditions of their requests allow. */

import type { Preconditions } from '../http/preconditions.ts';
import type { Mapping } from '../mapping/rows.ts';
import type { Backend } from './backend.ts';
import { changeOnCondition } from './conditional.ts';
import { type Subject, subjectAt } from './loaded-entity.ts';

/**
 * Runs the change of an entity if the conditions of its request hold; without any it runs at once. `change` gets the
 * entity as they were held against it. Throws `preconditionFailed`, also while another conditional change is under way.
 */
export async function withPreconditions<T>(
  conditions: Preconditions | undefined,
  subject: Subject,
  backend: Backend,
  change: (subject: Subject) => Promise<T>,
): Promise<T> {
  if (!conditions) return await change(subject);
  return await changeOnCondition(conditions, subject, backend, change);
}

/** The same for a change that needs no reading of the entity: without conditions there is none. */
export async function withPreconditionsAt<T>(
  conditions: Preconditions | undefined,
  mapping: Mapping,
  path: string,
  backend: Backend,
  change: () => Promise<T>,
): Promise<T> {
  if (!conditions) return await change();
  return await withPreconditions(conditions, await subjectAt(mapping, path, backend), backend, change);
}
