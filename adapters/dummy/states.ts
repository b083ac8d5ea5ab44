/** States are computed from the row and the clock on every read; no background process runs. */
import { OcciError } from '../../lib/errors.ts';
import { KINDS, type KindOf, type LinkTerm, type ResourceTerm } from '../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes, StateOf } from '../../lib/occi/types.ts';
import type { Cloud, EntityRow, Moving } from './cloud.ts';

/** The state of a new entity, once it has booted. */
export const NEW_STATE = {
  compute: 'active',
  storage: 'online',
  network: 'active',
  securitygroup: 'active',
  ipreservation: 'active',
} as const satisfies { readonly [K in ResourceTerm]: StateOf<KindOf<K>> };

/** Name of the state attribute of each kind. */
export const STATE_ATTRIBUTE = {
  compute: 'occi.compute.state',
  storage: 'occi.storage.state',
  network: 'occi.network.state',
  securitygroup: 'occi.securitygroup.state',
  ipreservation: 'occi.ipreservation.state',
  networkinterface: 'occi.networkinterface.state',
  storagelink: 'occi.storagelink.state',
  securitygrouplink: 'occi.securitygrouplink.state',
} as const satisfies { readonly [K in ResourceTerm | LinkTerm]: KindOf<K>['life']['attribute'] };

/** True if the row has no pending change. */
const isAtRest = (row: EntityRow, now: number): boolean => row.moving === undefined || row.moving.until <= now;

export const stateOf = <K extends ResourceTerm>(kind: K, row: EntityRow, now: number): StateOf<KindOf<K>> =>
  (isAtRest(row, now) ? row.attributes[STATE_ATTRIBUTE[kind]] : 'waiting') as StateOf<KindOf<K>>;

/** The attributes at the time `now`. */
export function attributesAt(kind: ResourceTerm, row: EntityRow, now: number): Attributes {
  if (isAtRest(row, now)) return row.attributes;
  const state = STATE_ATTRIBUTE[kind];
  return { ...row.attributes, [state]: 'waiting', [`${state}.message`]: row.moving!.message };
}

/** The pending change that ends `delay` seconds from now; undefined without a delay. */
export const movingFor = (cloud: Cloud, delay: number, message: string): { readonly moving?: Moving } =>
  delay > 0 ? { moving: { until: cloud.now() + delay * 1000, message } } : {};

/** The row in another state, at once or after `delay` seconds. */
export function inState(
  cloud: Cloud,
  kind: ResourceTerm,
  row: EntityRow,
  state: string,
  delay: number,
  message: string,
): EntityRow {
  const { moving: _before, ...rest } = row;
  const attributes = { ...row.attributes, [STATE_ATTRIBUTE[kind]]: state };
  return { ...rest, attributes, ...movingFor(cloud, delay, message) } as EntityRow;
}

/** Throws `conflict`, naming state and action, if the kind's table does not allow the action in this state (H11-14). */
export function requireApplicable<K extends 'compute' | 'storage' | 'network'>(
  kind: K,
  state: StateOf<KindOf<K>>,
  action: ActionTermOf<KindOf<K>>,
): void {
  const table: Readonly<Record<string, readonly string[]>> = KINDS[kind].life.actions;
  const possible = table[state] ?? [];
  if (possible.includes(action)) return;
  const instead = possible.length > 0 ? `what it can do is ${possible.join(', ')}` : 'no action applies now';
  throw new OcciError('conflict', `The ${kind} is ${state}, so the action ${action} does not apply; ${instead}.`);
}
