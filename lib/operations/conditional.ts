/**
 * Changes of an entity on a condition (RFC 9110 §13). The condition is held against what the cloud and the store have
 * right before the change, and writers with `If-Match` take turns: of two that have read the same, one changes it and
 * the other is refused. A writer without a condition neither waits nor keeps others waiting.
 */
import { OcciError } from '../errors.ts';
import { type Preconditions, preconditionFailed, requireCreating } from '../http/preconditions.ts';
import type { Turns } from '../mapping/turns.ts';
import { isAmong } from '../tags/among.ts';
import { stateOf } from '../tags/state.ts';
import type { Backend } from './operation.ts';
import { type Subject, subjectAt } from './subject.ts';

/** Throws `preconditionFailed` unless the conditions hold for an entity that is there. */
async function requireHolds({ match, noneMatch }: Preconditions, { shown }: Subject): Promise<void> {
  // The state of an entity is the same in every rendering.
  const state = () => stateOf(shown);
  if (match !== undefined && !(await isAmong(match, state, true))) {
    throw preconditionFailed('The entity has none of the tags in If-Match: it has changed since you read it.');
  }
  requireCreating({ noneMatch });
  if (noneMatch !== undefined && (await isAmong(noneMatch, state, false))) {
    throw preconditionFailed('The entity has one of the tags in If-None-Match.');
  }
}

/**
 * The refusal while another conditional change is under way, or has died. The tag still is the entity's, so it is no 412:
 * that is for a condition which is false (RFC 9110 §13.1.1), and a client would read again, find the same tag and be
 * refused again. A conflict with the present state (§15.5.10) may be sent again as it is. Its tag is compared again then,
 * so that what the other request changes is not lost.
 */
async function underWay(turns: Turns, uuid: string): Promise<OcciError> {
  const seconds = await turns.secondsLeft(uuid);
  return new OcciError(
    'conflict',
    'Another request is changing the entity, which still has a tag of If-Match: ' +
      `send the same request again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`,
    { headers: { 'Retry-After': String(seconds) } },
  );
}

/**
 * Runs the change of an entity if the conditions of its request hold. `change` gets the entity as they were held against
 * it. Throws `preconditionFailed`, and `conflict` while another conditional change of the entity is under way.
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
