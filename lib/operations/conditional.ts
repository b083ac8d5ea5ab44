/**
 * Changes of an entity on a condition (RFC 9110 §13). The condition is held against what the cloud and the store have
 * right before the change, and writers with `If-Match` take turns: of two that have read the same, one changes it and
 * the other gets 412. A writer without a condition neither waits nor keeps others waiting.
 */
import { OcciError } from '../errors.ts';
import { type Preconditions, preconditionFailed, requireCreating, type Tags } from '../http/preconditions.ts';
import { stateOf } from '../tags/state.ts';
import { tagParts } from '../tags/tag.ts';
import type { Backend } from './operation.ts';
import { type Subject, subjectAt } from './subject.ts';

/** True if one of the tags is of this state, whatever rendering it was read in. */
const isAmong = (tags: Exclude<Tags, '*'>, state: string, strongly: boolean): boolean =>
  tags.some(({ weak, opaque }) => !(weak && strongly) && tagParts(opaque)?.state === state);

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

/**
 * Runs the change of an entity if the conditions of its request hold. `change` gets the entity as they were held against
 * it. Throws `preconditionFailed`, also while another conditional change of the entity is under way.
 */
export async function changeOnCondition<T>(
  conditions: Preconditions,
  subject: Subject,
  backend: Backend,
  change: (subject: Subject) => Promise<T>,
): Promise<T> {
  requireHolds(conditions, subject);
  if (conditions.match === undefined || conditions.match === '*') return await change(subject);
  const turns = backend.turns();
  const turn = await turns.take(subject.mapping.uuid, backend.deadline);
  if (!turn)
    throw preconditionFailed('Another request is changing the entity at this moment: read it again in some seconds.');
  let isOver = true;
  try {
    const present = await subjectAt(subject.mapping, subject.shown.location, backend);
    requireHolds(conditions, present);
    return await change({ ...present, isConditional: true });
  } catch (error) {
    // The cloud may still be at it: what it shows may not be what it will have. So the turn ends by itself, later.
    isOver = !(error instanceof OcciError && (error.unknownOutcome || error.failure === 'timedOut'));
    throw error;
  } finally {
    if (isOver) await turns.end(turn);
  }
}
