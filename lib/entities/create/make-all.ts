/** Carries out the plans of one request: all of them, or none (ADR-8). */

import { OcciError } from '../../errors.ts';
import { bareId } from '../../mapping/identity.ts';
import type { Backend } from '../backend.ts';
import { deleteEntity } from '../delete.ts';
import { madeEarlier, tokenAt } from './made-earlier.ts';
import { type Made, type MakeOne, make } from './make.ts';
import type { Plan } from './plan.ts';
import { type Job, withinLimits } from './within-limits.ts';

interface MakeOptions extends Omit<MakeOne, 'found'> {
  /** An earlier attempt may have created it already: look it up by the token first. */
  readonly again: boolean;
}

/** A rollback takes as long as the creates, so each gets half of the time. */
function checkTime(made: number, started: number, { deadline }: Backend): void {
  if (made === 0 || Date.now() < started + (deadline - started) / 2) return;
  throw new OcciError(
    'tooLarge',
    'These are more entities than can be made in the time of one request: send fewer at once.',
  );
}

/**
 * Creates all or none, within the limits of the tenant. A retry with the same token finds what a lost attempt created.
 * Throws the failing entity's error, which names what could not be rolled back.
 */
export async function makeAll(
  plans: readonly Plan[],
  { token, again, alias }: MakeOptions,
  backend: Backend,
): Promise<readonly Made[]> {
  const found = again ? await madeEarlier(plans, token, backend) : [];
  const jobs: readonly (Job & MakeOne)[] = plans.map((plan, index) => ({
    plan,
    token: tokenAt(index, plans, token),
    found: found[index],
    ...(alias !== undefined && { alias }),
  }));
  const missing = jobs.filter(({ found }) => !found);
  return await withinLimits(missing, backend, () => makeEach(jobs, backend), createdOf);
}

const createdOf = (all: readonly Made[]) =>
  all.map(({ token, mapping, native }) => ({ token, uuid: mapping.uuid, attributes: native.attributes }));

async function makeEach(jobs: readonly (Job & MakeOne)[], backend: Backend): Promise<readonly Made[]> {
  const made: Made[] = [];
  const started = Date.now();
  const byProposedId = new Map<string, string>();
  try {
    for (const job of jobs) {
      const { plan } = job;
      checkTime(made.length, started, backend);
      const one = await make(plan, job, backend, byProposedId);
      made.push(one);
      if (plan.proposedId !== undefined) byProposedId.set(bareId(plan.proposedId), one.mapping.nativeId);
    }
    return made;
  } catch (error) {
    throw made.length > 0 ? await undone(made, error, backend) : error;
  }
}

/** Rolls back in reverse order. The returned error names what is left over. */
export async function undone(made: readonly Made[], error: unknown, backend: Backend): Promise<unknown> {
  const left: string[] = [];
  for (const one of made.toReversed()) {
    await deleteEntity(one.mapping, backend).catch(() =>
      left.push(backend.identities.of(one.mapping.kind, one.mapping.nativeId).path),
    );
  }
  if (left.length === 0 || !(error instanceof OcciError)) return error;
  return new OcciError(error.failure, `${error.message} Made before that and not removed again: ${left.join(', ')}.`, {
    cause: error,
    headers: error.headers,
    unknownOutcome: true,
  });
}
