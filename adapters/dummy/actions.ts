/** Actions: the state that each leads to, and the methods that take effect at once (INF-3, INF-7, INF-10). */
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes, StateOf } from '../../lib/occi/types.ts';
import type { Cloud, EntityRow } from './cloud.ts';
import { inState, requireApplicable, stateOf } from './states.ts';

/** One action that only moves the state. */
interface Move<State> {
  readonly to: State;
  /** State message while the change is pending. */
  readonly message: string;
  /** Methods that bypass the guest and therefore take effect at once. */
  readonly immediate?: readonly string[];
}

type Moves<K extends 'compute' | 'storage' | 'network', Other extends ActionTermOf<KindOf<K>> = never> = Readonly<
  Record<Exclude<ActionTermOf<KindOf<K>>, Other>, Move<StateOf<KindOf<K>>>>
>;

/** `save` is missing because it makes a template: see `templates.ts`. */
const COMPUTE_MOVES = {
  start: { to: 'active', message: 'Starting.' },
  stop: { to: 'inactive', message: 'Shutting down.', immediate: ['poweroff'] },
  restart: { to: 'active', message: 'Restarting.', immediate: ['cold'] },
  suspend: { to: 'suspended', message: 'Suspending.', immediate: ['suspend'] },
} as const satisfies Moves<'compute', 'save'>;

/** `backup`, `snapshot` and `resize` do more than move the state: `storage.ts`. */
const STORAGE_MOVES = {
  online: { to: 'online', message: 'Going online.' },
  offline: { to: 'offline', message: 'Going offline.' },
} as const satisfies Moves<'storage', 'backup' | 'snapshot' | 'resize'>;

const NETWORK_MOVES = {
  up: { to: 'active', message: 'Going up.' },
  down: { to: 'inactive', message: 'Going down.' },
} as const satisfies Moves<'network'>;

const MOVES = { compute: COMPUTE_MOVES, storage: STORAGE_MOVES, network: NETWORK_MOVES };

/** The row after an action that only moves its state. Throws `conflict` when the action does not apply now. */
export function moved<K extends keyof typeof MOVES>(
  cloud: Cloud,
  kind: K,
  row: EntityRow,
  action: ActionTermOf<KindOf<K>> & keyof (typeof MOVES)[K],
  attributes: Attributes,
): EntityRow {
  requireApplicable(kind, stateOf(kind, row, cloud.now()), action);
  const move = MOVES[kind][action] as Move<string>;
  const immediate = typeof attributes.method === 'string' && move.immediate?.includes(attributes.method);
  return inState(cloud, kind, row, move.to, immediate ? 0 : cloud.settings.actionDelay, move.message);
}
