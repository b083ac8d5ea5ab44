/**
 * Changes of an entity on a condition (RFC 9110 §13). The condition is held against what the cloud and the store have
 * right before the change, and writers with `If-Match` take turns: of two that have read the same, one changes it and
 * the other is refused. A writer without a condition neither waits nor keeps others waiting.
 */

import { OcciError } from '../errors.ts';
import { matchesAnyTag } from '../etags/match.ts';
import { stateOf } from '../etags/state.ts';
import { type Preconditions, preconditionFailed, requireCreating } from '../http/preconditions.ts';
import type { Turns } from '../mapping/turns.ts';
import type { Backend } from './backend.ts';
import { type Subject, subjectAt } from './loaded-entity.ts';

/** Throws `preconditionFailed` unless the conditions hold for an entity that is there. */
async function requireHolds({ match, noneMatch }: Preconditions, { shown }: Subject): Promise<void> {
  // The state of an entity is the same in every rendering.
  const state = () => stateOf(shown);
  if (match !== undefined && !(await matchesAnyTag(match, state, true))) {
    throw preconditionFailed('The entity has none of the tags in If-Match: it has changed since you read it.');
  }
  requireCreating({ noneMatch });
  if (noneMatch !== undefined && (await matchesAnyTag(noneMatch, state, false))) {
    throw preconditionFailed('The entity has one of the tags in If-None-Match.');
  }
}

/**
 * The refusal while another conditional change is under way, or has died. That change is about to make the tag stale, so
 * this is 412 as for every other lost race: it is what clients of `If-Match` retry on (RFC 9110 §13.1.1). `Retry-After`
 * tells a client that reads again and finds the same tag how long a change that died holds it up at most.
 */
async function underWay(turns: Turns, uuid: string): Promise<OcciError> {
  const seconds = await turns.secondsLeft(uuid);
  return new OcciError(
    'preconditionFailed',
    'Another request with If-Match is changing the entity: ' +
      `read it again and retry, in at most ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`,
    { headers: { 'Retry-After': String(seconds) } },
  );
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
  await requireHolds(conditions, subject);
  if (conditions.match === undefined || conditions.match === '*') return await change(subject);
  const turns = backend.turns();
  const turn = await turns.take(subject.mapping.uuid, backend.deadline);
  if (!turn) throw await underWay(turns, subject.mapping.uuid);
  let isOver = true;
  try {
    const present = await subjectAt(subject.mapping, subject.shown.location, backend);
    await requireHolds(conditions, present);
    return await change({ ...present, isConditional: true });
  } catch (error) {
    // The cloud may still be at it: what it shows may not be what it will have. So the turn ends by itself, later.
    isOver = !(error instanceof OcciError && (error.unknownOutcome || error.failure === 'timedOut'));
    throw error;
  } finally {
    if (isOver) await turns.end(turn);
  }
}
