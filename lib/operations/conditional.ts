/**
 * Changes of an entity on a condition (RFC 9110 §13). The condition is held against what the cloud and the store have
 * right before the change, and writers with `If-Match` take turns: of two that have read the same, one changes it and
 * the other gets 412. A writer without a condition waits for nobody, and nobody for it.
 */
import { isFailure } from '../errors.ts';
import { type Preconditions, preconditionFailed, type Tags } from '../http/preconditions.ts';
import type { Mapping } from '../mapping/rows.ts';
import { stateOf } from '../tags/state.ts';
import { tagParts } from '../tags/tag.ts';
import type { Backend } from './operation.ts';
import { type Subject, subjectAt } from './subject.ts';

/** True if one of the tags is of this state, whatever rendering it was read in. */
const isAmong = (tags: Exclude<Tags, '*'>, state: string, strongly: boolean): boolean =>
  tags.some(({ weak, opaque }) => !(weak && strongly) && tagParts(opaque)?.state === state);

/** Throws `preconditionFailed` if a condition wants nothing to be where an entity is. */
export function requireCreating(conditions: Preconditions | undefined): void {
  if (conditions?.noneMatch === '*') {
    throw preconditionFailed('If-None-Match: * is for a path where nothing is, and this one is taken.');
  }
}

/** Throws `preconditionFailed` unless the conditions hold for an entity that is there. */
function requireHolds({ match, noneMatch }: Preconditions, { shown }: Subject): void {
  const state = stateOf(shown);
  if (match !== undefined && match !== '*' && !isAmong(match, state, true)) {
    throw preconditionFailed('The entity has none of the tags in If-Match: it has changed since you read it.');
  }
  requireCreating({ noneMatch });
  if (noneMatch !== undefined && noneMatch !== '*' && isAmong(noneMatch, state, false)) {
    throw preconditionFailed('The entity has one of the tags in If-None-Match.');
  }
}

/** Throws `preconditionFailed` if a condition wants something to be at a path where nothing is. */
export function requireNothing(conditions: Preconditions | undefined): void {
  if (conditions?.match !== undefined)
    throw preconditionFailed('If-Match needs something to change, and nothing is here.');
}

/**
 * Runs the change of an entity if the conditions of its request hold; without any it runs at once. `change` gets the
 * entity as the conditions were held against it. Throws `preconditionFailed`, also while another conditional change of
 * the entity is under way.
 */
export async function onCondition<T>(
  conditions: Preconditions | undefined,
  subject: Subject,
  backend: Backend,
  change: (subject: Subject) => Promise<T>,
): Promise<T> {
  if (!conditions) return await change(subject);
  requireHolds(conditions, subject);
  if (conditions.match === undefined || conditions.match === '*') return await change(subject);
  const turn = await backend.turns.take(subject.mapping.uuid, backend.deadline);
  if (!turn) throw preconditionFailed('Another request is changing the entity at this moment: read it again.');
  let isOver = true;
  try {
    const present = await subjectAt(subject.mapping, subject.shown.location, backend);
    requireHolds(conditions, present);
    return await change({ ...present, isConditional: true });
  } catch (error) {
    // The cloud may still be at it: until then nobody may take what is shown for what will be.
    isOver = !isFailure(error, 'timedOut');
    throw error;
  } finally {
    if (isOver) await backend.turns.end(turn);
  }
}

/** The same for a change that needs no reading of the entity: without conditions there is none. */
export async function onConditionAt<T>(
  conditions: Preconditions | undefined,
  mapping: Mapping,
  path: string,
  backend: Backend,
  change: () => Promise<T>,
): Promise<T> {
  if (!conditions) return await change();
  return await onCondition(conditions, await subjectAt(mapping, path, backend), backend, change);
}
