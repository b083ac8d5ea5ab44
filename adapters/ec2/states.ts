/** EC2's states as OCCI's: total tables. A state that is newer than they are is `waiting`, with a message that names it. */

import { type Shown, stateIn } from '../../lib/adapter/states.ts';
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { StateOf } from '../../lib/occi/types.ts';
import { endingOf } from './machine/endings.ts';
import type { Instance } from './native/index.ts';

type ComputeState = StateOf<KindOf<'compute'>>;
type StorageState = StateOf<KindOf<'storage'>>;
type NetworkState = StateOf<KindOf<'network'>>;
type LinkState = StateOf<KindOf<'storagelink'>>;

/**
 * Instances (EC2 User Guide, Instance state changes). A terminated instance is gone, and one that ended by itself is
 * `error` with its reason.
 */
export const INSTANCE = {
  pending: 'waiting',
  running: 'active',
  stopping: 'waiting',
  'shutting-down': 'waiting',
  stopped: 'inactive',
  terminated: 'error',
} as const satisfies Record<string, ComputeState>;

/** Volumes (EBS User Guide, Volume state). */
export const VOLUME = {
  creating: 'waiting',
  available: 'online',
  'in-use': 'online',
  deleting: 'waiting',
  deleted: 'error',
  error: 'error',
} as const satisfies Record<string, StorageState>;

/** Attachments of volumes and interfaces. */
export const ATTACHMENT = {
  attaching: 'waiting',
  attached: 'active',
  detaching: 'waiting',
  detached: 'inactive',
  busy: 'waiting',
} as const satisfies Record<string, LinkState>;

/** Subnets. */
export const SUBNET = {
  pending: 'waiting',
  available: 'active',
  unavailable: 'inactive',
  failed: 'error',
  'failed-insufficient-capacity': 'error',
} as const satisfies Record<string, NetworkState>;

/** Reason of an instance that was hibernated: its memory is kept. */
const HIBERNATED = /Client\.UserInitiatedHibernate/;

const line = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500);

/** State of an instance with EC2's reason for it, where it gives one; `error` for one that ended by itself. */
export function computeState(instance: Instance): Shown<ComputeState> {
  const { State, StateReason, StateTransitionReason } = instance;
  const ending = endingOf(instance);
  if (ending !== undefined) return { state: 'error', message: ending };
  const reason = StateReason?.Message || StateTransitionReason || undefined;
  const hibernated = State.Name === 'stopped' && HIBERNATED.test(`${StateReason?.Code} ${StateReason?.Message}`);
  const { state, message = reason } = hibernated ? { state: 'suspended' as const } : stateIn(INSTANCE, State.Name);
  return { state, ...(message !== undefined && { message: line(message) }) };
}
