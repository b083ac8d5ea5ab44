/** Changes an entity if the preconditions of the request hold. */

import type { Preconditions } from '../../http/preconditions.ts';
import type { Mapping } from '../../mapping/rows.ts';
import type { Backend } from '../backend.ts';
import { type Subject, subjectAt } from '../loaded-entity.ts';
import { changeOnCondition } from './conditional.ts';

/**
 * Runs the change if the preconditions hold; a request without preconditions runs at once. `change` gets the entity
 * that was checked. Throws `preconditionFailed`, also while another conditional change is in progress.
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

/** The same for a change that does not need the entity's state: without preconditions the entity is not read. */
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
