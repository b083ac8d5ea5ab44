/** Checks whether an action applies in a state, according to the tables of the kinds. */
import { OcciError } from '../errors.ts';
import { KINDS } from '../occi/kinds/index.ts';

type Acting = 'compute' | 'storage' | 'network';
type StateOf<K extends Acting> = keyof (typeof KINDS)[K]['life']['actions'];

/**
 * Throws `conflict`, naming state and action and what else applies, when the kind does not allow the action in this
 * state (H11-14). `never` are the actions that the cloud cannot carry out in any state.
 */
export function requireApplicable<K extends Acting>(
  kind: K,
  state: StateOf<K>,
  action: string,
  never: readonly string[] = [],
): void {
  const actions: Readonly<Record<PropertyKey, readonly string[]>> = KINDS[kind].life.actions;
  const possible = actions[state] ?? [];
  if (possible.includes(action)) return;
  const others = possible.filter((one) => !never.includes(one));
  const instead = others.length > 0 ? `what it can do is ${others.join(', ')}` : 'no action applies now';
  throw new OcciError(
    'conflict',
    `The ${kind} is ${String(state)}, so the action ${action} does not apply; ${instead}.`,
  );
}
