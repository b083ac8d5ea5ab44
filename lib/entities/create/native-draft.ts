/** Converts a plan to what an adapter creates. */

import type { Draft, NativeEnd } from '../../adapter/contract.ts';
import type { Attributes } from '../../occi/types.ts';
import type { Backend } from '../backend.ts';
import type { DraftEnd } from '../links/ends.ts';
import { linkDraft } from '../links/inline.ts';
import type { LinkedEntity } from '../not-visible-yet.ts';
import type { Plan } from './plan.ts';

/** Native ids of the entities created so far in this request, by the id that the client proposed. */
export type MadeSoFar = ReadonlyMap<string, string>;

const resolved = (end: DraftEnd, made: MadeSoFar): NativeEnd => ({
  kind: end.kind,
  id: 'id' in end ? end.id : made.get(end.pending)!,
});

/** What a plan is linked to, and when each was created: what this request has created, now. */
export const linkedBy = ({ source, target, links }: Plan): LinkedEntity[] =>
  [source, target, ...links.map((link) => link.target)].flatMap((end) => {
    if (!end) return [];
    return { kind: end.kind, made: 'id' in end ? end.made : secondsNow() };
  });

export const secondsNow = (): number => Math.floor(Date.now() / 1000);

export function draftOf(plan: Plan, attributes: Attributes, made: MadeSoFar, backend: Backend): Draft {
  return {
    kind: plan.kind,
    attributes,
    mixins: plan.mixins,
    links: plan.links.map((link) => linkDraft(link, resolved(link.target, made), backend)),
    ...(plan.source && { source: resolved(plan.source, made) }),
    ...(plan.target && { target: resolved(plan.target, made) }),
  };
}
