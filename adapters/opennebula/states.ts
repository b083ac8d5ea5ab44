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
  IMAGE_STATES,
  LCM_STATES,
  type NetworkState,
  type Row,
  type StorageState,
  VM_STATES,
  VNET_STATES,
} from './state-tables.ts';

export { IMAGE_STATES, LCM_STATES, VM_STATES };

type SecurityGroupState = StateOf<KindOf<'securitygroup'>>;

const ACTIVE = 3;
const VM_DONE = 6;
const VNET_DONE = 4;

function look<State extends string>(
  table: string,
  rows: Readonly<Record<number, Row<State>>>,
  number: number,
  onUnknown?: OnUnknownState,
  more?: string,
): Shown<State | 'waiting'> {
  const row = Object.hasOwn(rows, number) ? rows[number] : undefined;
  if (!row) return unknownState(`${table} ${number}`, onUnknown);
  const [name, state, says] = row;
  const extra = more ? clientText(more) : '';
  if (says === undefined && extra === '') return { state };
  return { state, message: `${name}${says === undefined ? '' : `: ${says}`}${extra && `: ${extra}`}` };
}

/**
 * State of a machine, with the text of the failure (ERROR, which oned keeps in the user template) or why no host was
 * found (SCHED_MESSAGE). Throws `notFound` for an object that is DONE.
 */
export function computeState(
  { STATE, LCM_STATE, USER_TEMPLATE }: Pick<Vm, 'STATE' | 'LCM_STATE'> & Partial<Pick<Vm, 'USER_TEMPLATE'>>,
  onUnknown?: OnUnknownState,
): Shown<ComputeState> {
  if (STATE === VM_DONE) throw new OcciError('notFound', 'There is no such compute.');
  const table = STATE === ACTIVE ? 'LCM_STATE' : 'STATE';
  const rows: Readonly<Record<number, Row<ComputeState>>> = STATE === ACTIVE ? LCM_STATES : VM_STATES;
  const number = STATE === ACTIVE ? LCM_STATE : STATE;
  const failed = rows[number]?.[1] === 'error';
  const why = failed ? USER_TEMPLATE?.ERROR : number === 1 && STATE === 1 ? USER_TEMPLATE?.SCHED_MESSAGE : undefined;
  return look(table, rows, number, onUnknown, why);
}

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
