/** Entities that were created a moment ago and that an eventually consistent cloud does not show yet. */

import type { KindAdapter, Native } from '../adapter/contract.ts';
import { isFailure, OcciError } from '../errors.ts';
import type { Mapping } from '../mapping/rows.ts';
import { isLinkTerm, KINDS } from '../occi/kinds/index.ts';
import type { Kind } from '../occi/types.ts';
import type { Backend } from './backend.ts';

/** True for a `notFound` that only means "not visible yet", because the entity was created a moment ago. */
export function isAppearing(error: unknown, { kind, made }: Mapping, { adapter }: Backend): boolean {
  if (!isFailure(error, 'notFound') || !error.unseen) return false;
  const { appearsWithin = 0 } = (adapter.kinds[kind] as KindAdapter | undefined) ?? {};
  return made !== undefined && !isLinkTerm(kind) && Date.now() / 1000 - made < appearsWithin;
}

/** The placeholder that is shown until the entity becomes visible. */
export function appearing({ kind, nativeId }: Mapping): Native {
  const { life }: Kind = KINDS[kind];
  const state = life && {
    [life.attribute]: 'waiting',
    [`${life.attribute}.message`]: 'The cloud does not show it yet.',
  };
  return { kind, id: nativeId, attributes: { ...state }, mixins: [], links: [] };
}

/** Runs a change of an entity. Throws `unavailable` instead of `notFound` while the entity is not visible yet. */
export async function onceVisible<T>(mapping: Mapping, backend: Backend, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAppearing(error, mapping, backend)) throw error;
    throw new OcciError(
      'unavailable',
      `The ${mapping.kind} was made a moment ago and the cloud does not show it yet.`,
      {
        cause: error,
        headers: { 'Retry-After': '5' },
      },
    );
  }
}
