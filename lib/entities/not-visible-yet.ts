/** Entities that were created a moment ago and that an eventually consistent cloud does not show yet. */

import type { KindAdapter, Native } from '../adapter/contract.ts';
import { untilVisible } from '../adapter/until-visible.ts';
import { isFailure, OcciError } from '../errors.ts';
import type { Mapping } from '../mapping/rows.ts';
import { isLinkTerm, KINDS, type KindTerm } from '../occi/kinds/index.ts';
import type { Kind } from '../occi/types.ts';
import type { Backend } from './backend.ts';

/** True for a `notFound` that only means "not visible yet", because the entity was created a moment ago. */
export const isAppearing = (error: unknown, mapping: Mapping, backend: Backend): boolean =>
  isFailure(error, 'notFound') && error.unseen && isRecent(mapping, backend);

/** True for a resource that was created so recently that its cloud may not show it yet. */
function isRecent({ kind, made }: LinkedEntity, { adapter }: Pick<Backend, 'adapter'>): boolean {
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

/** The error for work on something that stays invisible for longer than a request waits. */
const stillAppearing = (kind: KindTerm, cause: unknown): OcciError =>
  new OcciError('unavailable', `The ${kind} was made a moment ago and the cloud does not show it yet.`, {
    cause,
    headers: { 'Retry-After': '5' },
  });

/**
 * Runs a change of an entity. If the entity was created a moment ago and is not visible yet, waits for it, within the
 * time of the request. Throws `unavailable` instead of `notFound` if it does not become visible.
 */
export async function onceVisible<T>(mapping: Mapping, backend: Backend, work: () => Promise<T>): Promise<T> {
  const isUnseen = (error: unknown) => isAppearing(error, mapping, backend);
  const { deadline } = backend;
  return untilVisible(work, { isUnseen, deadline }).catch((error) => {
    throw isUnseen(error) ? stillAppearing(mapping.kind, error) : error;
  });
}

/** What a new entity is linked to. */
export interface LinkedEntity {
  readonly kind: KindTerm;
  /** When it was created, in seconds since the epoch; absent if the endpoint does not know. */
  readonly made?: number | undefined;
}

/**
 * Runs a create of an entity that is linked to others. If one of them was created a moment ago and is not visible yet,
 * waits for it as `onceVisible`. A create that fails for an end has no effect, so it can be repeated.
 */
export async function onceLinkedAreVisible<T>(
  linked: readonly LinkedEntity[],
  backend: Backend,
  create: () => Promise<T>,
): Promise<T> {
  const recent = linked.filter((one) => isRecent(one, backend));
  const isUnseen = (error: unknown) => error instanceof OcciError && error.unseen && recent.length > 0;
  const { deadline } = backend;
  return untilVisible(create, { isUnseen, deadline }).catch((error) => {
    throw isUnseen(error) ? stillAppearing(recent[0]!.kind, error) : error;
  });
}
