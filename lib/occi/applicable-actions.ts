/** The actions that an entity offers in its state. */
import { describeActions } from './category-description.ts';
import { KINDS, type KindTerm } from './kinds/index.ts';
import type { Action, Kind } from './types.ts';

const NONE: readonly string[] = [];

/** By kind and by what is left out. */
const actionsByKind = new Map<string, ReadonlyMap<string, readonly Action[]>>();

/**
 * The actions that apply to an entity of a kind in a state (H11-14), except those in `without`; the same arrays every
 * time.
 */
export function applicableActions(
  term: KindTerm,
  state: string | undefined,
  without: readonly string[] = NONE,
): readonly Action[] {
  const key = without.length === 0 ? term : `${term} ${without.join()}`;
  let byState = actionsByKind.get(key);
  if (!byState) {
    const kind: Kind = KINDS[term];
    const actions = new Map(describeActions(kind).map((action) => [action.term, action as Action]));
    byState = new Map(
      Object.entries(kind.life?.actions ?? {}).map(([name, terms]) => [
        name,
        terms.filter((action) => !without.includes(action)).map((action) => actions.get(action)!),
      ]),
    );
    actionsByKind.set(key, byState);
  }
  return (state !== undefined && byState.get(state)) || [];
}
