/**
 * Conditional changes of an entity (RFC 9110 §13). The condition is checked against the cloud and the store immediately
 * before the change, and writers with `If-Match` take turns: of two that read the same state, one changes it and the
 * other is refused. A writer without a condition neither waits nor blocks others.
 */

import { OcciError } from '../../errors.ts';
import { matchesAnyTag } from '../../etags/match.ts';
import { stateOf } from '../../etags/state.ts';
import { type Preconditions, preconditionFailed, requireCreating } from '../../http/preconditions.ts';
import type { Mapping } from '../../mapping/rows.ts';
import type { Turns } from '../../mapping/turns.ts';
import type { Backend } from '../backend.ts';
import { type Subject, subjectAt } from '../loaded-entity.ts';

/** Throws `preconditionFailed` unless the conditions hold for an existing entity. */
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
 * The error while another conditional change is in progress or was interrupted. That change is about to make the tag
 * stale, so this is 412 like every lost race: clients of `If-Match` retry on it (RFC 9110 §13.1.1). `Retry-After` says
 * how long an interrupted change can block at most, for a client that reads again and gets the same tag.
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

async function changeOnCondition<T>(
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
    // The cloud may still be applying the change, so what it shows may be outdated. Leave the turn to expire.
    isOver = !(error instanceof OcciError && (error.unknownOutcome || error.failure === 'timedOut'));
    throw error;
  } finally {
    if (isOver) await turns.end(turn);
  }
}

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
