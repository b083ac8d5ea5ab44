/**
 * Maps native states, with OpenNebula's explanation, to OCCI states. A number missing from the tables is `waiting`,
 * with a message and one log line per process.
 */
import { type OnUnknownState, type Shown, unknownState } from '../../lib/adapter/states.ts';
import { OcciError } from '../../lib/errors.ts';
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { StateOf } from '../../lib/occi/types.ts';
import { clientText } from './api/client-text.ts';
import type { Image, SecurityGroup, Vm, Vnet } from './native/index.ts';
import {
  type ComputeState,
  type Deletes,
  IMAGE_STATES,
  LCM_STATES,
  type NetworkState,
  type Row,
  type StorageState,
  VM_STATES,
  type VmRow,
  VNET_STATES,
} from './state-tables.ts';

export { IMAGE_STATES, LCM_STATES, VM_STATES };

type SecurityGroupState = StateOf<KindOf<'securitygroup'>>;

const PENDING = 1;
const ACTIVE = 3;
const VM_DONE = 6;
const VNET_DONE = 4;

const rowIn = <R>(rows: Readonly<Record<number, R>>, number: number): R | undefined =>
  Object.hasOwn(rows, number) ? rows[number] : undefined;

function shown<State extends string>([name, state, says]: Row<State>, more?: string): Shown<State> {
  const extra = more ? clientText(more) : '';
  if (says === undefined && extra === '') return { state };
  return { state, message: `${name}${says === undefined ? '' : `: ${says}`}${extra && `: ${extra}`}` };
}

function look<State extends string>(
  table: string,
  rows: Readonly<Record<number, Row<State>>>,
  number: number,
  onUnknown?: OnUnknownState,
  more?: string,
): Shown<State | 'waiting'> {
  const row = rowIn(rows, number);
  return row ? shown(row, more) : unknownState(`${table} ${number}`, onUnknown);
}

/** The two numbers of a machine's state. */
type VmState = Pick<Vm, 'STATE' | 'LCM_STATE'>;

const vmRow = ({ STATE, LCM_STATE }: VmState): VmRow | undefined =>
  STATE === ACTIVE ? rowIn<VmRow>(LCM_STATES, LCM_STATE) : rowIn<VmRow>(VM_STATES, STATE);

/**
 * State of a machine, with the text of the failure (ERROR) or why no host was found (SCHED_MESSAGE). oned keeps both in
 * the user template, beyond the state that they explain: ERROR always, SCHED_MESSAGE on a machine that is put on hold
 * or deployed by hand. Each is shown only in that state. Throws `notFound` for an object that is DONE.
 */
export function computeState(
  { STATE, LCM_STATE, USER_TEMPLATE }: VmState & Partial<Pick<Vm, 'USER_TEMPLATE'>>,
  onUnknown?: OnUnknownState,
): Shown<ComputeState> {
  if (STATE === VM_DONE) throw new OcciError('notFound', 'There is no such compute.');
  const row = vmRow({ STATE, LCM_STATE });
  if (!row) return unknownState(STATE === ACTIVE ? `LCM_STATE ${LCM_STATE}` : `STATE ${STATE}`, onUnknown);
  const [name, state, , , says] = row;
  const why = state === 'error' ? USER_TEMPLATE?.ERROR : STATE === PENDING ? USER_TEMPLATE?.SCHED_MESSAGE : undefined;
  return shown([name, state, says], why);
}

/** When oned deletes a machine in this state; one that is unknown is tried. */
export const deletesIn = (machine: VmState): Deletes => vmRow(machine)?.[2] ?? 'now';

/** In how many seconds to look again whether the state has passed; 0 for one that lasts. */
export const passesIn = (machine: VmState): number => vmRow(machine)?.[3] ?? 0;

const PASSES: ReadonlyMap<string, number> = new Map(
  [...Object.values(VM_STATES), ...Object.values(LCM_STATES)].map(([name, , , seconds]) => [name, seconds]),
);

/** The same for a state by its name, which refusals have. */
export const passesByName = (name: string): number => PASSES.get(name) ?? 0;

/** State of an image, with the text of its failure. */
export const storageState = (
  { STATE, TEMPLATE }: Pick<Image, 'STATE'> & Partial<Pick<Image, 'TEMPLATE'>>,
  onUnknown?: OnUnknownState,
): Shown<StorageState> =>
  look('image STATE', IMAGE_STATES, STATE, onUnknown, STATE === 5 ? TEMPLATE?.ERROR : undefined);

/**
 * State of a virtual network; before 6.0 networks have no state and count as READY. Throws `notFound` for an object
 * that is DONE.
 */
export function networkState({ STATE = 1 }: Pick<Vnet, 'STATE'>, onUnknown?: OnUnknownState): Shown<NetworkState> {
  if (STATE === VNET_DONE) throw new OcciError('notFound', 'There is no such network.');
  return look('network STATE', VNET_STATES, STATE, onUnknown);
}

/**
 * State of a security group, derived from how many machines its rules have reached: OpenNebula keeps no state for it.
 */
export function securityGroupState(
  group: Pick<SecurityGroup, 'OUTDATED_VMS' | 'UPDATING_VMS' | 'ERROR_VMS'>,
): Shown<SecurityGroupState> {
  const failed = group.ERROR_VMS.length;
  if (failed > 0) return { state: 'error', message: `The rules did not reach ${failed} compute resources.` };
  const missing = group.OUTDATED_VMS.length + group.UPDATING_VMS.length;
  return missing > 0
    ? { state: 'waiting', message: `The rules have yet to reach ${missing} compute resources.` }
    : { state: 'active' };
}
